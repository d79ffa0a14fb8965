"""Rules of indicators."""
