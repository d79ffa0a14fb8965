"""The domain, one room each, in one fixed order (see `docs/explanation/house.md`)."""
