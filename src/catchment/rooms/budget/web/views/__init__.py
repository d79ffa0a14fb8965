"""The views of the budget."""
