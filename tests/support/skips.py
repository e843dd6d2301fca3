"""Why a test may be skipped, and what `make test` says to it.

`make test` runs pytest with ``--fail-on-skip``: a test that was skipped for a reason that
is not in ``ALLOWED`` fails the run, so that nothing falls silent unnoticed. Allowed are
only programs that neither pip nor npm can install for the tests.
"""

from __future__ import annotations

NO_NODE = "Node 22.12 or newer is missing (run `make runtimes`)"
NO_WRANGLER = "the examples' wrangler is missing (run `make runtimes`)"
NO_MORE_RUNTIMES = "tests/runtimes/more is not installed (run tests/runtimes/install.sh)"
NO_CHROMIUM = "Chromium is not installed"
NO_DENO = "Deno is not installed"
NO_NEOVIM = "Neovim is not installed"
NO_EMACS = "Emacs with eglot is not installed"
NO_HELIX = "Helix or tmux is not installed"
RUNS_AS_ROOT = "permissions do not hold for root"

ALLOWED = frozenset({NO_CHROMIUM, NO_DENO, NO_EMACS, NO_HELIX, NO_NEOVIM, RUNS_AS_ROOT})


def is_allowed(reason: str) -> bool:
    """Tell whether a skip's reason, as pytest reports it, is on the list."""
    return reason.removeprefix("Skipped: ") in ALLOWED
