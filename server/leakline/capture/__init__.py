"""See design: capture."""
