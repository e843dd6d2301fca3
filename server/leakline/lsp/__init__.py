"""The language server.

One server per client. Its state is in ``server.py``, ``known.py`` and ``documents.py``; each
feature is a file of its own, put together in ``features.py``.
"""

import leakline.heap.numpy_loading  # noqa: F401 - before all that imports numpy
from leakline.lsp.transports import serve_stdio, serve_tcp, serve_ws

__all__ = ["serve_stdio", "serve_tcp", "serve_ws"]
