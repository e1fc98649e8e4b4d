"""Pages of this room: the triage desk."""
