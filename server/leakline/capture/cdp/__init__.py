"""A client for the Chrome DevTools Protocol, in three parts.

``transport`` moves text over a web socket, ``connection`` pairs requests with replies and
hands out events, ``session`` offers the calls that Leakline makes, with checked types.
"""

from leakline.capture.cdp.session import ReloadedError, Session, open_session

__all__ = ["ReloadedError", "Session", "open_session"]
