"""Real maps, looked up by Leakline, by trace-mapping under Node and by PyPI's sourcemap."""

from __future__ import annotations

import json
import subprocess
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import sourcemap as pypi_sourcemap

from leakline.positions import Position
from leakline.sourcemaps import Originals, SourceMap, parse_source_map

from .conftest import ORACLE, oracle_node

LOOK_UPS = 40_000
BUILT = [
    "esbuild",
    "esbuild-minified",
    "large",
    "large-minified",
    "tsc",
    "webpack-production",
    "webpack-development",
    "rollup",
    "terser",
    "index-map",
]
WRANGLER = ["wrangler", "wrangler-minified"]
URL = "file:///project/out/bundle.js.map"


@pytest.fixture
def map_file(request: pytest.FixtureRequest) -> Path:
    name = request.param
    folder: Path = request.getfixturevalue("wrangler_maps" if name in WRANGLER else "built_maps")
    return folder / f"{name}.js.map"


def queries(map_file: Path, source_map: SourceMap) -> npt.NDArray[np.int32]:
    """Half anywhere in the generated text and a little beyond, half around segments."""
    random = np.random.default_rng(20261122)
    text = map_file.with_suffix("").read_text()
    lengths = np.array([len(line.encode("utf-16-le")) // 2 for line in text.split("\n")])
    lines = random.choice(lengths.size, LOOK_UPS // 2, p=(lengths + 1) / (lengths + 1).sum())
    columns = random.integers(0, lengths[lines] + 5)
    keys = random.choice(source_map.segments.generated, LOOK_UPS // 2)
    near = np.maximum((keys & (2**31 - 1)) + random.integers(-1, 2, keys.size), 0)
    pairs = np.stack([np.r_[lines, keys >> 31], np.r_[columns, near]], axis=1)
    return pairs.astype(np.int32)


def traced(map_file: Path, asked: npt.NDArray[np.int32], folder: Path) -> tuple[Any, Originals]:
    asked.tofile(folder / "queries")
    command = [oracle_node(), "look_up.mjs", str(map_file), URL]
    files = [str(folder / "queries"), str(folder / "answers")]
    done = subprocess.run(
        command + files, cwd=ORACLE, check=True, timeout=120, stdout=subprocess.PIPE
    )
    rows = np.fromfile(folder / "answers", np.int32).reshape(-1, 4)
    return json.loads(done.stdout), Originals(*rows.T)


@pytest.mark.parametrize("map_file", BUILT + WRANGLER, indirect=True)
def test_trace_mapping_gives_the_same_answers(map_file: Path, tmp_path: Path) -> None:
    source_map = parse_source_map(map_file.read_bytes(), base_url=URL)
    asked = queries(map_file, source_map)
    ours = source_map.originals(asked[:, 0], asked[:, 1])
    oracle, theirs = traced(map_file, asked, tmp_path)
    assert len(asked) == LOOK_UPS
    assert np.count_nonzero(ours.source >= 0) > LOOK_UPS / 4
    for field, mine, other in zip(Originals._fields, ours, theirs, strict=True):
        assert np.array_equal(mine, other), field
    assert list(source_map.names) == oracle["names"]
    # trace-mapping tidies absolute URLs; Leakline leaves them as the map spells them.
    assert [str(source).replace("/./", "/") for source in source_map.sources] == oracle["sources"]
    assert oracle["back"]
    back = [sorted({Position(*place) for place in row[3]}) for row in oracle["back"]]
    many = source_map.all_generated(*zip(*(row[:3] for row in oracle["back"]), strict=True))
    found: list[list[Position]] = [[] for _ in back]
    for query, line, column in zip(*(each.tolist() for each in many), strict=True):
        found[query].append(Position(line, column))
    assert found == back
    for (source, line, column, _), expected in zip(oracle["back"][:50], back, strict=False):
        assert list(source_map.generated(source, line, column)) == expected


def test_one_real_map_is_above_five_megabytes(built_maps: Path) -> None:
    assert (built_maps / "large-minified.js.map").stat().st_size > 5_000_000


def test_the_peak_is_at_most_twice_the_decoded_columns(built_maps: Path) -> None:
    data = (built_maps / "large-minified.js.map").read_bytes()
    tracemalloc.start()
    try:
        segments = parse_source_map(data).segments
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    columns = (segments.generated, segments.source, segments.line, segments.column, segments.name)
    assert peak <= 2 * sum(column.nbytes for column in columns)


@pytest.mark.parametrize("map_file", BUILT[:-1] + WRANGLER, indirect=True)
def test_pypi_sourcemap_gives_the_same_answers(map_file: Path) -> None:
    """For the index map there is no second oracle: that package cannot load it."""
    text = map_file.read_text()
    source_map = parse_source_map(text)
    asked = queries(map_file, source_map)
    ours = source_map.originals(asked[:, 0], asked[:, 1])
    theirs = pypi_sourcemap.loads(text)
    # Of several segments at one column that package takes the last one, trace-mapping the first.
    keys, counts = np.unique(source_map.segments.generated, return_counts=True)
    repeated = {(int(key) >> 31, int(key) & (2**31 - 1)) for key in keys[counts > 1]}
    compared = 0
    for (line, column), source, *place, name in zip(asked.tolist(), *ours, strict=True):
        try:
            token = theirs.lookup(line, column)
        except IndexError:
            assert source == -1
            continue
        if (token.dst_line, token.dst_col) in repeated:
            continue
        compared += 1
        if source == -1:
            assert token.src is None
            continue
        assert (token.src_line, token.src_col) == tuple(place)
        assert str(token.src).endswith(str(source_map.source_names[source]))
        assert token.name == (None if name == -1 else source_map.names[name])
    assert compared > LOOK_UPS / 4


def test_pypi_sourcemap_cannot_load_an_index_map(built_maps: Path) -> None:
    with pytest.raises(KeyError):
        pypi_sourcemap.loads((built_maps / "index-map.js.map").read_text())
