"""Benchmarks: each a ratio against a floor measured in the same run. `python -m bench` runs them all."""
