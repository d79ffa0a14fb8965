"""The views of claims, a module a subject."""
