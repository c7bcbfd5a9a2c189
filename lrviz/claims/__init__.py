"""One file, one claim about the learning rate: the experiment behind it, and what its figures say."""
