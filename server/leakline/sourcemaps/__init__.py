"""See design: sourcemaps."""
