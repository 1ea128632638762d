"""Pages of the events that a member prepares."""
