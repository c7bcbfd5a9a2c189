"""lrviz shows what a learning rate does."""

__version__ = "0.1.0"
