"""Pages that belong to no room: signing in, choosing a post, the tour, health."""
