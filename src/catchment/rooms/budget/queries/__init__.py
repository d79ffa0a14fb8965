"""Every question about budgets."""
