"""What makes a finding the same finding in another recording."""

from __future__ import annotations

import hashlib


def fingerprint(code: str, scope: str, root: str) -> str:
    """A stable name for a finding.

    Lines are left out on purpose: an edit above the leak does not make it another leak.

    Args:
        code: The detector's code.
        scope: Where the root belongs, such as the URL of its source.
        root: The root's display name.

    Returns:
        32 hexadecimal digits.
    """
    text = "\0".join((code, scope, root))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
