"""Indicators as data: what is counted over the published facts, in which period, for which place, how it is shown."""
