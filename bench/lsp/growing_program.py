"""Writes a Node server with 1,000 growing variables in 40 files, and measures it.

What a language server has to bear is tried on the recording; the program is made, not kept.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
FILES = 40
PER_FILE = 25

sys.path.insert(0, str(HERE.parents[1] / "tests"))

from support.runtimes import find_node, free_port  # noqa: E402


def growing_workspace(folder: Path = BUILD / "thousand") -> Path:
    """A workspace with the program and its recording; made where it is missing.

    Args:
        folder: The workspace.
    """
    if not list(folder.glob(".leakline/recordings/*/recording.json")):
        shutil.rmtree(folder, ignore_errors=True)
        _write(folder)
        _measure(folder)
    return folder


def _write(folder: Path) -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text('{"type": "module"}\n')
    for number in range(FILES):
        (folder / "src" / f"part{number}.js").write_text(_module(number))
    imports = "".join(
        f'import {{ serve as serve{n} }} from "./src/part{n}.js";\n' for n in range(FILES)
    )
    calls = "".join(f"  serve{n}(request.url);\n" for n in range(FILES))
    (folder / "server.js").write_text(
        f'import {{ createServer }} from "node:http";\n{imports}\n'
        f"createServer((request, response) => {{\n{calls}  response.end();\n}})"
        '.listen(Number(process.env.PORT), "127.0.0.1");\n'
    )


def _module(number: int) -> str:
    """A file of 25 variables that grow, each with a function of its own and some that read it."""
    lines = [f"// Part {number}: everything that it takes note of stays."]
    for index in range(PER_FILE):
        name = f"kept{number}x{index}"
        if index % 5 == 4:
            lines += [
                f"class Store{index} {{",
                "  entries = [];",
                "  add(url) {",
                '    this.entries.push({ url, parts: url.split("/"), at: Date.now() });',
                "  }",
                "}",
                f"const {name} = new Store{index}();",
                f"function add{index}(url) {{ {name}.add(url + {index}); }}",
            ]
        else:
            start, write = [
                ("[]", 'push({ url, parts: url.split("/") })'),
                ("new Map()", "set(url + Math.random(), { url })"),
                ("new Set()", "add({ url, index: Math.random() })"),
                ("[]", "push(`${url} was here at ${Date.now()}`)"),
            ][index % 5]
            lines += [
                f"const {name} = {start};",
                f"function add{index}(url) {{",
                f"  // What comes of {name} is told by read{index}.",
                f"  {name}.{write};",
                "}",
            ]
        lines += [
            f"export function read{index}() {{",
            "  const found = [];",
            f"  for (let step = 0; step < {index + 3}; step++) {{",
            f'    found.push(step, String({name}), "{name}");',
            "  }",
            "  return found.length;",
            "}",
            "",
        ]
    calls = "".join(f"  add{index}(url);\n" for index in range(PER_FILE))
    return "\n".join(lines) + f"export function serve(url) {{\n{calls}}}\n"


def _measure(folder: Path) -> None:
    node = find_node()
    if node is None:
        raise SystemExit("Node 22.12 or newer is missing (run `make runtimes`)")
    print("measuring 1,000 growing variables", file=sys.stderr)
    port, inspector = free_port(), free_port()
    command = [
        *(sys.executable, "-P", "-m", "leakline", "measure"),
        *("--inspect", f"127.0.0.1:{inspector}", "--url", f"http://127.0.0.1:{port}/{{i}}"),
        *("--requests", "40", "--rounds", "3", "--format", "json"),
        *("--output", str(folder / "report.json")),
        *("--", "env", f"PORT={port}", str(node), f"--inspect=127.0.0.1:{inspector}", "server.js"),
    ]
    done = subprocess.run(command, cwd=folder, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit("the program could not be measured")


if __name__ == "__main__":
    print(growing_workspace())
