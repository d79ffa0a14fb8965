"""Every write of budget: making, agreeing, prepaying, pre-settling, clearing, uploads, the watch."""
