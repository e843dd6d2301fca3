"""See design: report."""
