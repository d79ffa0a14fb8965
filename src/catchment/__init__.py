"""Catchment: one record, one board, one ledger and one rulebook for a county's health community."""

__version__ = "0.1.0"
