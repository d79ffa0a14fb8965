"""Tells the rooms of each other where a lower page shows what a higher room knows."""


def register_all() -> None:
    """Register every panel. Called once, when Django is ready."""
