"""Which scripts are a runtime's own, by their URLs."""

from __future__ import annotations

RUNTIME_SCHEMES = (
    "node:",
    "node-internal:",
    "internal:",
    "ext:",
    "deno:",
    "workerd:",
    "cloudflare:",
    "cloudflare-internal:",
    "chrome:",
    "chrome-extension:",
    "chrome-error:",
    "devtools:",
    "extensions:",
    "checkin:",
    "native ",
    "v8/",
)


def is_runtime_url(url: str) -> bool:
    """Tell whether a script's URL is one of the runtime's own."""
    return url.startswith(RUNTIME_SCHEMES)
