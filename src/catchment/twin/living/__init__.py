"""Living in the synthetic county."""

from catchment.twin.living.playing import CannotPlay, Played, play

__all__ = ["CannotPlay", "Played", "play"]
