"""The doors of the health map and the cockpit."""
