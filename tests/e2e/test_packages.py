"""What goes into a package of the extension for one platform.

The universal package is installed and used whole by ``test_vscode.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
EXTENSION = REPOSITORY / "client-vscode"
_PRINT_KERNELS = """
import sys, leakline.heap.graph
for name, module in list(sys.modules.items()):
    if name.startswith("leakline.heap.kernels"):
        print(module.__file__)
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (EXTENSION / "node_modules").exists():
        pytest.skip("the extension's tools are not installed: run npm ci in client-vscode")
    vsix = tmp_path_factory.mktemp("package") / "leakline.vsix"
    subprocess.run(
        ["npm", "run", "--silent", "package", "--", "--target", "here", "--out", str(vsix)],
        cwd=EXTENSION,
        env={**os.environ, "CFLAGS": "-O0"},  # it is not for speed here
        check=True,
        capture_output=True,
    )
    return vsix


def test_it_is_for_this_platform_and_has_both_wheels(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        manifest = archive.read("extension.vsixmanifest").decode()
        wheels = [name for name in archive.namelist() if name.endswith(".whl")]
    platform = "linux" if sys.platform.startswith("linux") else sys.platform
    assert re.search(rf'TargetPlatform="{platform}-\w+"', manifest)
    assert len(wheels) == 2
    assert any("-py3-none-any" in wheel for wheel in wheels)
    assert any(f"-cp{sys.version_info[0]}{sys.version_info[1]}-" in wheel for wheel in wheels)


def test_both_wheels_have_the_pages_that_diagnostics_lead_to(package: Path, tmp_path: Path) -> None:
    pages = {page.name for page in (REPOSITORY / "docs" / "detectors").glob("*.md")}
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if name.endswith(".whl"):
                with zipfile.ZipFile(archive.extract(name, tmp_path)) as wheel:
                    inside = [Path(one) for one in wheel.namelist() if "docs/detectors/" in one]
                assert {page.name for page in inside} == pages


def test_the_compiled_wheel_runs_compiled_kernels(package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        compiled = next(name for name in archive.namelist() if f"-cp{sys.version_info[0]}" in name)
        wheel = Path(archive.extract(compiled, tmp_path))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            _PRINT_KERNELS,
        ],
        env={"PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert loaded
    assert all(Path(file).is_relative_to(installed) for file in loaded)
    assert any(Path(file).suffix in {".so", ".pyd"} for file in loaded)
