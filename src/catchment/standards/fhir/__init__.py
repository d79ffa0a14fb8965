"""FHIR R4 (4.0.1) as it is read from and written to other systems. Structure is judged by `fhir.resources`."""
