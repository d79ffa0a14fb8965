"""The pages on which a facility's slots and beds are kept."""
