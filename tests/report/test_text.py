"""What a user reads on the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

from leakline.attribution.model import Evidence, EvidenceKind, Hop
from leakline.leaks.model import Finding, SeriesPoint
from leakline.positions import SourceLocation
from leakline.report import ReportInput, render_text


def test_the_whole_report(report: ReportInput) -> None:
    assert (
        render_text(report, width=100, color=False)
        == r"""src/index.js:5:5: warning: global `responseText` grows per request: +25 B/request, 10.0 kB retained after 400 requests [growing-variable]
    5 |     responseText += "served.\n";
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      = likely: the only write that adds to it
      = declared at src/index.js:1:5
      = also added to at src/index.js:9:3

    round   requests   retained          growth   elements
    start        100     2.5 kB                      2,500
        1        200     5.0 kB   +25 B/request      5,000
        2        300     7.5 kB   +25 B/request      7,500
        3        400    10.0 kB   +25 B/request     10,000
    ▁▃▆█ 2.5 kB to 10.0 kB; linear fit R² 1.000, +25 characters/request

    leak trace from the GC root; ▌ marks the suspect segment
      GC roots
      context of module index.js
    ▌ variable `responseText`     src/index.js:1:5
    ▌ string

note: the source map of vendor.js could not be read
1 warning in 4 snapshots of seed-worker on workerd after 400 requests; heap 4.1 MB to 4.2 MB
"""  # noqa: E501
    )


def test_a_page_is_measured_in_clicks(report: ReportInput, growing: Finding) -> None:
    clicked = replace(report, findings=(replace(growing, unit="click"),), unit="click")
    text = render_text(clicked, width=100, color=False)
    assert "    round   clicks   retained        growth   elements\n" in text
    assert "        1      200     5.0 kB   +25 B/click      5,000\n" in text
    assert "linear fit R² 1.000, +25 characters/click\n" in text
    assert text.endswith("after 400 clicks; heap 4.1 MB to 4.2 MB\n")


def test_nothing_found_says_what_was_measured(report: ReportInput) -> None:
    text = render_text(replace(report, findings=(), notes=()), width=80, color=False)
    assert text == (
        "no growth found in 4 snapshots of seed-worker on workerd after 400 requests; "
        "heap 4.1 MB to 4.2 MB\n"
    )


def test_one_snapshot_alone_is_not_called_free_of_growth(
    report: ReportInput, large: Finding
) -> None:
    alone = replace(
        report, findings=(large,), snapshots=1, requests=None, heap_sizes=(5_000_000,), notes=()
    )
    text = render_text(alone, width=80, color=False)
    assert text == (
        "source unknown: information: global `table` retains 2.0 MB, 40 % of the heap "
        "[large-retained]\n"
        "\n"
        "    retained 2.0 MB\n"
        "\n"
        "1 remark in 1 snapshot of seed-worker on workerd; heap 5.0 MB\n"
    )


def test_remarks_do_not_hide_that_nothing_grew(report: ReportInput, large: Finding) -> None:
    text = render_text(replace(report, findings=(large,)), width=80, color=False)
    assert text.splitlines()[-1].startswith("no growth found, 1 remark in 4 snapshots")


def test_colour_changes_nothing_but_the_colour(report: ReportInput) -> None:
    painted = render_text(report, width=100, color=True)
    assert "\x1b[1;33mwarning:\x1b[0m" in painted
    plain = re.sub(r"\x1b\[[0-9;]*m", "", painted)
    assert plain == render_text(report, width=100, color=False)


def test_a_narrow_terminal_cuts_the_source_only(report: ReportInput) -> None:
    lines = render_text(report, width=1, color=False).splitlines()
    assert lines[1] == '    5 | …responseText += "s…'
    assert lines[0].endswith("[growing-variable]")


def test_a_long_message_stays_on_one_line(report: ReportInput, growing: Finding) -> None:
    name = "state." + ".".join(f"field{n}" for n in range(60))
    finding = replace(growing, message=f"field `{name}` grows")
    text = render_text(replace(report, findings=(finding,)), width=40, color=False)
    assert text.splitlines()[0].endswith(f"`{name}` grows [growing-variable]")


def test_values_from_the_heap_are_not_shown(report: ReportInput) -> None:
    assert "tok-8843" not in render_text(report, width=100, color=False)


def test_snapshots_without_request_counts(report: ReportInput, growing: Finding) -> None:
    series = tuple(SeriesPoint(None, 1_000 * n) for n in (1, 3, 6))
    text = render_text(
        replace(report, findings=(replace(growing, series=series),)), width=80, color=False
    )
    assert "    start     1.0 kB\n        1     3.0 kB   +2.0 kB\n" in text
    assert "requests   retained" not in text


def test_a_file_outside_of_the_base_is_named_whole(report: ReportInput) -> None:
    text = render_text(replace(report, base="/elsewhere"), width=100, color=False)
    assert text.startswith("/app/src/index.js:5:5: warning:")


def test_a_source_known_only_from_its_map(report: ReportInput, growing: Finding) -> None:
    location = SourceLocation(None, "webpack:///src/a.ts", None, note="the map names no line")
    finding = replace(growing, location=location)
    text = render_text(replace(report, findings=(finding,)), width=100, color=False)
    assert text.startswith("webpack:///src/a.ts: warning:")
    assert "= the map names no line\n" in text


def test_terminal_escapes_are_shown_not_obeyed(report: ReportInput, growing: Finding) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e\u009b31m\nfake: error: line"
    assert growing.location is not None
    finding = replace(
        growing,
        message=f"global `{evil}` grows",
        location=replace(growing.location, path=f"/app/{evil}.js", line_text=evil, note=evil),
        trace=(Hop(evil, None, suspect=True),),
        evidence=Evidence(EvidenceKind.WRITE, evil),
    )
    hostile = replace(report, findings=(finding,), target=evil, runtime=evil, notes=(evil,))
    text = render_text(hostile, width=200, color=False)
    assert not re.search(r"[^\n -~\u00a0-\uffff]", text.replace("…", ""))
    assert "\u202e" not in text
    assert "\u009b" not in text
    assert "␛]0;owned␇␛[2J\\u{202e}\\u{9b}31m fake: error: line" in text
    assert not any(line.startswith("fake:") for line in text.splitlines())
