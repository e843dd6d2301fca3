"""See design: worker."""
