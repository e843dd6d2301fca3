"""The tests that are run a second time when they fail."""

from pathlib import Path

FOLDERS = frozenset({"accuracy", "e2e"})
NAMES = ("_real.py", "test_neovim.py", "test_emacs.py", "test_helix.py")


def is_due(test: Path) -> bool:
    """Whether a test starts programs that are not ours: runtimes, browsers, editors."""
    return test.parent.name in FOLDERS or test.name.endswith(NAMES)
