"""Text from the measured program cannot steer a terminal."""

from __future__ import annotations

import pytest

from leakline.untrusted import visible, well_formed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `name`", "plain `name`"),
        ("größe 日本 🎉", "größe 日本 🎉"),
        ("a\tb\r\nc", "a b  c"),
        ("\x00\x07\x1b[31m\x7f", "␀␇␛[31m␡"),
        ("\x9b31m", "\\u{9b}31m"),
        ("\u202etxt.js", "\\u{202e}txt.js"),
        ("\u2066x\u2069", "\\u{2066}x\\u{2069}"),
        ("a\u200bb", "a\\u{200b}b"),
        ("\ufeffa", "\\u{feff}a"),
        ("a\u2028b\u0085c", "a b c"),
        ("a\u00a0b", "a b"),
        ("\ud800x", "\ufffdx"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_once_is_enough() -> None:
    text = "\x1b[2J\u202e\ud800\n"
    assert visible(visible(text)) == visible(text)


def test_well_formed_keeps_pairs_and_replaces_lone_surrogates() -> None:
    assert well_formed("\ud83c\udf89 \ud83c x") == "🎉 \ufffd x"
