"""A slot that grew in every round."""

from __future__ import annotations

from collections.abc import Sequence

from leakline.attribution.trace import leak_trace
from leakline.leaks.fingerprint import fingerprint
from leakline.leaks.grown import Growth
from leakline.leaks.model import Finding, Severity
from leakline.leaks.rate import growth_rate
from leakline.leaks.series import Series

CODE = "growing-variable"


def detect(series: Series, growing: Sequence[Growth]) -> list[Finding]:
    """Findings for the slots that grow, the fastest first."""
    found = (_finding(series, growth) for growth in growing)
    return [finding for finding in found if finding is not None]


def _finding(series: Series, growth: Growth) -> Finding | None:
    # The slots that hold the same value are tried in turn: one of them may be a tool's own
    # name for what is the user's under another, or have no name of its own.
    paths = (growth.path, *growth.also)
    found = [
        (path, series.locate(path, inside=growth.inside, values=growth.newest)) for path in paths
    ]
    for path, located in sorted(found, key=lambda each: each[1] is None or not each[1].exact):
        if located is None:
            continue
        shared = [series.locate(other) for other in growth.shared_with]
        others = [other.name for other in shared if other is not None]
        retained = growth.sizes[-1]
        rate = growth_rate(growth.own, series.requests, series.unit)
        subject = f"{located.kind.value} `{located.name}`"
        if others:
            subject += f" (its objects are also in {', '.join(f'`{name}`' for name in others)})"
        message = f"{subject} grows {rate.in_words(retained)}"
        return Finding(
            code=CODE,
            severity=Severity.WARNING,
            message=message,
            root=located.name,
            slot_kind=located.kind,
            series=series.points(growth.values, growth.sizes),
            growth_per_request=rate.per_request,
            growth_per_snapshot=rate.per_snapshot,
            location=located.location,
            declaration=located.declaration,
            other_writes=(
                *located.writes[1:],
                *(place for other in shared if other is not None for place in other.writes),
            ),
            trace=leak_trace(
                series.newest, series.scripts, path, located.name, located.declaration
            ),
            evidence=located.evidence,
            preview=series.newest.preview(growth.values[-1]),
            fingerprint=fingerprint(CODE, located.scope, located.name),
        )
    return None
