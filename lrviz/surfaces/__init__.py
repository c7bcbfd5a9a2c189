"""One file, one surface: the formula, its window, its start and its minima."""
