"""A finding of one snapshot: what a slot keeps, without a word on growth."""

from __future__ import annotations

from leakline.attribution.locate import Located
from leakline.attribution.model import Evidence, EvidenceKind
from leakline.attribution.slot_path import SlotPath
from leakline.attribution.trace import leak_trace
from leakline.leaks.fingerprint import fingerprint
from leakline.leaks.model import Finding, Severity
from leakline.leaks.series import Series


def information(
    series: Series, code: str, path: SlotPath, located: Located, message: str
) -> Finding:
    """The finding that a slot keeps something.

    Args:
        series: The series; its newest snapshot counts.
        code: The detector's code.
        path: The slot.
        located: The slot in the user's words and places.
        message: The whole message.
    """
    value = series.newest.resolve(path)
    assert value is not None, "the slot is one of the newest snapshot"
    size = int(series.newest.graph.retained_size[value])
    declared = Evidence(EvidenceKind.DECLARATION, f"`{located.name}` is declared here")
    return Finding(
        code=code,
        severity=Severity.INFORMATION,
        message=message,
        root=located.name,
        slot_kind=located.kind,
        series=series.points([value], [size]),
        growth_per_request=None,
        growth_per_snapshot=None,
        location=located.location,
        declaration=located.declaration,
        other_writes=located.writes[1:],
        trace=leak_trace(series.newest, series.scripts, path, located.name, located.declaration),
        evidence=located.evidence if located.writes else declared,
        preview=series.newest.preview(value),
        fingerprint=fingerprint(code, located.scope, located.name),
    )
