"""What the page is to show of the rows that ``leakline heap`` gives."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def whole(number: int) -> str:
    return f"{number:,}"


def signed(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else "0"


def percent(part: int, of: int) -> str:
    if of <= 0 or part == 0:
        return "0 %"
    share = 100 * part / of
    return "<1 %" if share < 1 else f"{int(share + 0.5)} %"


def human(number: int) -> str:
    """``25.1 MB``."""
    value, unit = float(number), 0
    while value >= 999.5 and unit < 4:
        value, unit = value / 1000, unit + 1
    digits = 0 if unit == 0 or value >= 99.95 else 1
    return f"{value:.{digits}f} {('B', 'kB', 'MB', 'GB', 'TB')[unit]}"


def place(location: Row | None) -> list[str]:
    if location is None:
        return []
    url = location["url"] or ""
    name = "data URL" if url.startswith("data:") else url.split("?")[0].split("#")[0].split("/")[-1]
    return [f"{name or 'script ' + str(location['scriptId'])}:{location['line'] + 1}"]


def figures(row: Row, heap: int) -> list[list[str]]:
    """Distance and sizes of an object."""
    distance = "–" if row["distance"] is None else whole(row["distance"])
    return [[distance], *sizes(row, heap)]


def sizes(row: Row, heap: int) -> list[list[str]]:
    return [
        [whole(row[size]), percent(row[size], heap)] for size in ("shallowSize", "retainedSize")
    ]


def edge(row: Row, between: str) -> list[str]:
    if "edgeName" not in row:
        return []
    name = row["edgeName"]
    if isinstance(name, int):
        text = f"[{name}]"
    else:
        text = f"({short(name)})" if row["edgeType"] in ("internal", "hidden") else short(name)
    return [text, between] if text else [between]


def node(row: Row, between: str, heap: int) -> list[list[str]]:
    """The cells of an object in a tree; the label is checked by :func:`same`."""
    name = [*edge(row, between), label(row), f"@{row['id']}", *place(row["location"])]
    return [[part for part in name if part], *figures(row, heap)]


def label(row: Row) -> str:
    """What an object is called while values are redacted."""
    if row["id"] == 1 and row["type"] == "synthetic":
        return "(root)"
    if row["type"] == "closure":
        return short(f"{row['name']}()")
    if row["type"] in ("hidden", "code", "array", "object shape", "synthetic"):
        return short(row["name"] or f"({row['type']})")
    return short(row["className"])


def short(text: str) -> str:
    line = " ".join(text.split()) if text.strip() else text
    # Like the page: any run of blanks is one blank, at the ends too.
    if text[:1].isspace():
        line = " " + line
    if text.strip() and text[-1:].isspace():
        line += " "
    return line if len(line) <= 300 else line[:299] + "…"
