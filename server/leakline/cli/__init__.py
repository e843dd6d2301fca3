"""See design: cli."""
