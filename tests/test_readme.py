"""What the README shows is what a newcomer sees."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_demo_prints_what_the_readme_shows() -> None:
    shown = re.search(r"prints this:\n\n((?:    .*\n|\n)+)", README)
    assert shown is not None
    demo = subprocess.run(
        [sys.executable, "-m", "leakline", "demo"], capture_output=True, text=True, check=False
    )
    assert demo.stdout.strip() == textwrap.dedent(shown[1]).strip()
    assert demo.returncode == 1


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
