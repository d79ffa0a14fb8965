"""Rows of the rooms as FHIR R4 resources. Each `write` takes a row with its joins loaded."""
