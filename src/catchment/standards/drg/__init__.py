"""Grouping of discharges into diagnosis-related groups, from tables: scheme, row grouper, columnar grouper, reasons."""
