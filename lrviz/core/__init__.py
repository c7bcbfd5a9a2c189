"""Values and protocols. No Qt, and no torch at import."""
