"""Snapshots made by hand, and the engine with interpreted loops."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from dataclasses import dataclass, field
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType
from typing import Any

from Cython.Build import cythonize
from setuptools import Distribution, Extension

import leakline.heap

SOURCES = Path(leakline.heap.__file__).with_name("kernels")

NODE_TYPES = [
    "hidden",
    "array",
    "string",
    "object",
    "code",
    "closure",
    "regexp",
    "number",
    "native",
    "synthetic",
    "concatenated string",
    "sliced string",
    "symbol",
    "bigint",
    "object shape",
]
EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]
NODE_FIELDS = ["type", "name", "id", "self_size", "edge_count", "detachedness"]
EDGE_FIELDS = ["type", "name_or_index", "to_node"]
LOCATION_FIELDS = ["object_index", "script_id", "line", "column"]


@dataclass
class Heap:
    """Nodes and edges; the first node is the root."""

    node_fields: list[str] = field(default_factory=lambda: list(NODE_FIELDS))
    edge_fields: list[str] = field(default_factory=lambda: list(EDGE_FIELDS))
    location_fields: list[str] = field(default_factory=lambda: list(LOCATION_FIELDS))
    nodes: list[dict[str, int]] = field(default_factory=list)
    edges: list[list[tuple[int, int, int]]] = field(default_factory=list)
    locations: list[list[int]] = field(default_factory=list)
    strings: list[str] = field(default_factory=lambda: ["<dummy>"])
    extra_meta: dict[str, Any] = field(default_factory=dict)
    extra_sections: dict[str, Any] = field(default_factory=dict)

    def string(self, text: str) -> int:
        if text not in self.strings:
            self.strings.append(text)
        return self.strings.index(text)

    def node(self, kind: str = "object", name: str = "Thing", size: int = 8, **more: int) -> int:
        ordinal = len(self.nodes)
        self.nodes.append(
            {
                "type": NODE_TYPES.index(kind),
                "name": self.string(name),
                "id": 2 * ordinal + 1,
                "self_size": size,
                "detachedness": 0,
            }
            | more
        )
        self.edges.append([])
        return ordinal

    def edge(self, source: int, target: int, kind: str = "property", name: str | int = "x") -> None:
        value = name if isinstance(name, int) else self.string(name)
        self.edges[source].append((EDGE_TYPES.index(kind), value, target))

    def document(self) -> dict[str, Any]:
        """The file as JSON data."""
        stride = len(self.node_fields)
        nodes: list[int] = []
        edges: list[int] = []
        for node, own in zip(self.nodes, self.edges, strict=True):
            values = node | {"edge_count": len(own)}
            nodes += [values.get(name, 7) for name in self.node_fields]
            for kind, name, target in own:
                parts = {"type": kind, "name_or_index": name, "to_node": target * stride}
                edges += [parts.get(name, 7) for name in self.edge_fields]
        position = self.node_fields.index("type")
        return {
            "snapshot": {
                "meta": {
                    "node_fields": self.node_fields,
                    "node_types": ["number"] * position + [NODE_TYPES],
                    "edge_fields": self.edge_fields,
                    "edge_types": ["number"] * self.edge_fields.index("type") + [EDGE_TYPES],
                    "location_fields": self.location_fields,
                }
                | self.extra_meta,
                "node_count": len(self.nodes),
                "edge_count": sum(map(len, self.edges)),
            },
            "nodes": nodes,
            "edges": edges,
            "locations": [number for row in self.locations for number in row],
            "strings": self.strings,
        } | self.extra_sections

    def file(self) -> bytes:
        return json.dumps(self.document(), separators=(",", ":")).encode()

    def graph(self) -> leakline.heap.Graph:
        return leakline.heap.read_graph(self.file(), "made.heapsnapshot")


def small() -> Heap:
    """A root, the user's global object, and a few things below it."""
    heap = Heap()
    root = heap.node("synthetic", "", 0)
    window = heap.node("object", "Window", 16)
    leak = heap.node("array", "leak", 100)
    held = heap.node("closure", "held", 32)
    heap.edge(root, window, "shortcut", "global")
    heap.edge(window, leak, "property", "leak")
    heap.edge(leak, held, "element", 0)
    heap.edge(held, window, "context", "window")
    heap.locations.append([held * len(heap.node_fields), 7, 4, 9])
    return heap


def interpreted_heap() -> ModuleType:
    """The package once more, with its loops interpreted."""
    package = heap_with_kernels(SOURCES, ".py")
    assert not package.kernels_are_compiled
    return package


def checked_heap(directory: Path) -> ModuleType:
    """The package once more, its loops compiled with bounds checks, in a new directory.

    Raises:
        CompileError: There is no C compiler.
    """
    folder = directory / "kernels"
    folder.mkdir()
    extensions = []
    for path in SOURCES.glob("*.pxd"):
        shutil.copy(path, folder)
    for path in SOURCES.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.stem != "__init__":
            assert "boundscheck=False" in source
            extensions.append(Extension(f"kernels.{path.stem}", [str(folder / path.name)]))
        source = source.replace("boundscheck=False", "boundscheck=True")
        # A row that reads too far must raise, not only say so.
        source = source.replace(
            "@cython.exceptval(check=False)", "@cython.exceptval(-1, check=True)"
        )
        (folder / path.name).write_text(source, encoding="utf-8")
    for extension in extensions:
        extension.extra_compile_args = ["-O0"]
    distribution = Distribution({"ext_modules": cythonize(extensions, quiet=True)})
    command = distribution.get_command_obj("build_ext")
    command.build_lib = command.build_temp = str(directory)
    command.ensure_finalized()
    command.run()
    package = heap_with_kernels(folder, EXTENSION_SUFFIXES[0])
    assert package.kernels_are_compiled
    return package


def heap_with_kernels(folder: Path, suffix: str) -> ModuleType:
    """The package once more, with its loops from files of one kind in a folder."""
    kept = {
        name: module for name, module in sys.modules.items() if name.startswith("leakline.heap")
    }
    for name in kept:
        del sys.modules[name]
    try:
        for path in SOURCES.glob("*.py"):
            if path.stem != "__init__":
                load(f"leakline.heap.kernels.{path.stem}", folder / f"{path.stem}{suffix}")
        load("leakline.heap.kernels", SOURCES / "__init__.py")
        package = importlib.import_module("leakline.heap")
        # What is loaded when it is asked for must come from here, not from the other package.
        for name in package.__all__:
            getattr(package, name)
        reader = sys.modules["leakline.heap.reader"]
        assert reader.kernels is sys.modules["leakline.heap.kernels"]
        return package
    finally:
        for name in [name for name in sys.modules if name.startswith("leakline.heap")]:
            del sys.modules[name]
        sys.modules.update(kept)
        leakline.heap = kept["leakline.heap"]


def load(name: str, file: Path) -> None:
    """Run one module from a file, under the name that it is imported by."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
