"""Clicks on a page that is going away."""

from __future__ import annotations

from typing import Any

import pytest

from leakline.capture.cdp import page as pages
from leakline.capture.cdp.page import Page
from leakline.errors import InspectorProtocolError


class Inspector:
    """Refuses the first calls, as Chromium does where the page was left meanwhile."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.calls = 0

    def on(self, *_: object) -> None:
        pass

    async def call(self, method: str, _params: object) -> dict[str, Any]:
        self.calls += 1
        if self.calls <= self.refusals:
            raise InspectorProtocolError(f"the inspector refused {method} (navigated or closed)")
        return {"result": {"value": "clicked"}}


async def test_a_click_whose_page_went_is_made_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_ELEMENT_PAUSE", 0.001)
    inspector: Any = Inspector(2)
    await Page(inspector).click("#go")
    assert inspector.calls == 3


async def test_an_inspector_that_refuses_for_good_is_told_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "_ELEMENT_PAUSE", 0.01)
    monkeypatch.setattr(pages, "_ELEMENT_SECONDS", 0.01)
    inspector: Any = Inspector(9)
    with pytest.raises(InspectorProtocolError, match="the inspector refused"):
        await Page(inspector).click("#go")
