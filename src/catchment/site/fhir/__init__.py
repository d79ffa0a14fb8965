"""The FHIR R4 doors: read, search, everything about a person. They need several rooms, so they stand in the site."""
