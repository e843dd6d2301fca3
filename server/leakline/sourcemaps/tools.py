"""Sources that tools put into a bundle: code that no user wrote."""

from __future__ import annotations

import re

# Whole parts of paths, so that a user's own "src/webpack/runtime.ts" is not taken for webpack's.
_TOOL_SOURCES = re.compile(
    r"""
    ^\0                                         # Rollup's and Vite's virtual modules
    | (^|/)\.wrangler/tmp/                      # what wrangler writes around the Worker
    | (^|/)bundle-[A-Za-z0-9]+/middleware-(loader\.entry|insertion-facade)\.
    | (^|/)node_modules/(wrangler/(templates|_virtual)|miniflare|unenv/dist/runtime)/
    | (^|/)node_modules/(@cloudflare/vite-plugin|@cloudflare/unenv-preset|vite/dist)/
    | (^|/)wrangler-modules-watch
    | ^([a-z-]*pack(-internal)?://[^/]*/(\./)?)?
      webpack/(bootstrap|runtime|startup|before-startup|after-startup|container)
    | ^([a-z-]*pack(-internal)?://[^/]*/(\./)?)?webpack/universalModuleDefinition
    | (^|/)\(webpack\)
    | (^|/)node_modules/(webpack/buildin|webpack/hot|webpack-dev-server)/
    | (^|/)external[ ]("|(commonjs|module|node-commonjs|var|umd|amd|global)[ ])
    | (^|/)@vite/ | (^|/)__vite
    | (^|/)\[turbopack\]
    | ^<(define|runtime)
    """,
    re.VERBOSE,
)


def is_tool_source(source: str) -> bool:
    """Whether a source is a tool's own: wrangler's middleware, a bundler's runtime and the like.

    The helpers that esbuild adds have no source at all: nothing is mapped there.

    Args:
        source: The source as the map spells it, or resolved.
    """
    return _TOOL_SOURCES.search(source.replace("\\", "/")) is not None
