"""One file, one model: a factory of plain torch modules."""
