"""What surveillance shows on pages of lower rooms."""
