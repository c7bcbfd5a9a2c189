"""One file, one schedule: a thin, typed door to torch.optim.lr_scheduler."""
