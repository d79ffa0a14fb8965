"""Indicators as data: what is counted over the published facts, in which period, for which place, and how it is shown."""
