"""How to measure again what a finding was found by."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from leakline.lsp.settings import Settings
from leakline.recording import Load

_GET = "GET "


def same_again(load: Load | None, settings: Settings) -> dict[str, str]:
    """The parameters of ``leakline/measure`` that do to the program what was done before.

    Args:
        load: What was done; None where nobody knows.
        settings: Where the program answers now.

    Returns:
        Empty where the settings alone do it, or parameters cannot: for requests with another
        method, for several that take turns, and for others' traffic.
    """
    if load is None or load.observed:
        return {}
    if load.unit == "load":
        return {"click": ""}
    if len(load.of) != 1:
        return {}
    (what,) = load.of
    if load.unit == "click":
        return {"click": what}
    if not what.startswith(_GET):
        return {}
    here = urlsplit(settings.url)
    url = urlunsplit((here.scheme, here.netloc, "", "", "")) + what.removeprefix(_GET)
    return {} if url == settings.url and not settings.observe else {"url": url}
