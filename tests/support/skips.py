"""Why a test may be skipped, and what `make test` says to it."""
