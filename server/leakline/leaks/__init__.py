"""See design: leaks."""
