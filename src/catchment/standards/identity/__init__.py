"""Who is who: national identifiers, names as people type them, and which rows tell of the same person."""
