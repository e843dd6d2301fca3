"""Runs a program that needs a newer C library than this machine has.

The library comes from Debian's packages, unpacked into a folder of the bench; nothing is
installed.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SUITE = "trixie"
PACKAGES = ["libc6", "libgcc-s1"]


def command_for(program: Path, folder: Path) -> list[str | Path]:
    """Give the command that starts a program: through its own loader where it needs one.

    Where neither works the program alone is given, whose error then says why.
    """
    if starts([program]):
        return [program]
    libraries = folder / "root" / "usr" / "lib" / "x86_64-linux-gnu"
    loader = [libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, program]
    if not libraries.exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        unpack(folder)
    return loader if starts(loader) else [program]


def starts(command: list[str | Path]) -> bool:
    try:
        return (
            subprocess.run([*command, "--help"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def unpack(folder: Path) -> None:
    """Download the packages of a newer suite from the mirror that this machine uses."""
    mirror = next(
        uri
        for uri in output("apt-get", "indextargets", "--format", "$(REPO_URI)").split()
        if uri.rstrip("/").endswith("/debian")
    )
    for name in ("lists/partial", "cache/archives/partial", "root"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    signed = "/usr/share/keyrings/debian-archive-keyring.gpg"
    sources.write_text(f"deb [signed-by={signed}] {mirror} {SUITE} main\n")
    options = [
        f"Dir::Etc::sourcelist={sources}",
        "Dir::Etc::sourceparts=-",
        f"Dir::State::lists={folder / 'lists'}",
        f"Dir::Cache={folder / 'cache'}",
        "APT::Sandbox::User=root",
    ]
    apt = ["apt-get", *(part for option in options for part in ("-o", option))]
    output(*apt, "update")
    output(*apt, "download", *PACKAGES, cwd=folder)
    for package in folder.glob("*.deb"):
        output("dpkg-deb", "-x", str(package), str(folder / "root"))


def output(*command: str, cwd: Path | None = None) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=cwd).stdout
