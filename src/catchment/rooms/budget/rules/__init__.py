"""What a budget may be and do: the model, clearing, the forecast, the tables of steps."""
