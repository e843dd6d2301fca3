"""See design: heap."""
