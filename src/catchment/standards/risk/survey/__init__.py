"""The models on a published survey of real people: who can be assessed, what is missing, and how well it tells."""
