"""The pages of indicators."""
