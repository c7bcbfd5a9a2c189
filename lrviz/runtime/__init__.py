"""The training thread and the player. QtCore only."""
