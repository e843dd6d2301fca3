"""See design: pipeline."""
