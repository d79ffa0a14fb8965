"""Parts that every page draws alike."""
