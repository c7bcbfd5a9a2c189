"""The command line. Commands import what is heavy (torch, Qt) inside themselves, so help and lists answer at once."""

from lrviz.cli.main import main

__all__ = ["main"]
