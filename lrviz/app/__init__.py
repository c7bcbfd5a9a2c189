"""The window: the only place where parts meet."""
