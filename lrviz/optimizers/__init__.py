"""One file, one optimizer: a thin, typed door to torch.optim."""
