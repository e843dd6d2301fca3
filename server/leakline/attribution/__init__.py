"""See design: attribution."""
