"""See design: lsp."""
