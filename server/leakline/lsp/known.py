"""All that is known about the workspace's leaks: the newest analysis of each folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from leakline.leaks.model import Finding, Severity
from leakline.lsp.places import Places
from leakline.lsp.sources import SourceTexts
from leakline.pipeline.model import Analysis
from leakline.turns import Steps


@dataclass(slots=True)
class _Index:
    by_fingerprint: dict[str, Finding] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    standing_in: defaultdict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    declared_in: defaultdict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))


class KnownLeaks:
    """The findings of each folder, ignored ones too: whether one is changes as one types."""

    def __init__(self, places: Places, sources: SourceTexts) -> None:
        self._places = places
        self._sources = sources
        self._analyses: dict[Path, Analysis] = {}
        self._index = _Index()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._index.by_fingerprint.values())

    @property
    def analyses(self) -> Mapping[Path, Analysis]:
        """The newest analysis by workspace folder."""
        return self._analyses

    def folder_of(self, finding: Finding) -> Path:
        """The workspace folder that a finding is known of."""
        return self._index.folders[finding.fingerprint]

    def take(self, folder: Path, analysis: Analysis | None) -> Steps[list[Finding]]:
        """Take a folder's newest analysis; None when it has no recording any more.

        In one step all is known of it of which nothing was known before. Nothing else may be
        taken meanwhile.

        Returns:
            The warnings that the folder's analysis before it had and this one has not.
        """
        before = self._analyses.get(folder)
        analyses = {owner: known for owner, known in self._analyses.items() if owner != folder}
        texts = None
        if analysis is not None:
            every = replace(analysis, findings=(*analysis.findings, *analysis.ignored), ignored=())
            analysis = self._sources.adopt(folder, every)
            if before is not None and analysis.snapshots == 1:
                analysis = self._with_growth_of(before, analysis)
            texts = yield from self._places.read(analysis.findings)
            analyses[folder] = analysis
        index = _Index()
        for owner, known in analyses.items():
            for finding in known.findings:
                yield
                if index.by_fingerprint.setdefault(finding.fingerprint, finding) is not finding:
                    continue
                index.folders[finding.fingerprint] = owner
                if finding.location is not None:
                    key = self._places.key(finding.location)
                    if key is not None:
                        index.standing_in[key].append(finding)
                if finding.declaration is not None:
                    key = self._places.key(finding.declaration)
                    if key is not None:
                        index.declared_in[key].append(finding)
        self._analyses, self._index = analyses, index
        if texts is not None:
            self._places.remember(texts)
        yield from self._places.forget_others(self)
        if before is None or analysis is None or analysis.snapshots == 1:
            return []
        still = {finding.fingerprint for finding in analysis.findings}
        return [
            finding
            for finding in before.findings
            if finding.severity is Severity.WARNING and finding.fingerprint not in still
        ]

    def _with_growth_of(self, before: Analysis, analysis: Analysis) -> Analysis:
        """Add the growth that was known before: one snapshot cannot tell whether it goes on."""
        new = {finding.fingerprint for finding in analysis.findings}
        kept = [
            finding
            for finding in before.findings
            if len(finding.series) > 1
            and finding.fingerprint not in new
            and self._places.are_current(finding)
        ]
        return replace(analysis, findings=(*kept, *analysis.findings))

    def get(self, fingerprint: str) -> Finding | None:
        """The finding with a fingerprint."""
        return self._index.by_fingerprint.get(fingerprint)

    def files(self) -> set[str]:
        """Key of each file or source that a diagnostic stands in."""
        return set(self._index.standing_in)

    def findings_of(self, folder: Path) -> list[Finding]:
        """The findings of a workspace folder."""
        return [finding for finding in self if self._index.folders[finding.fingerprint] == folder]

    def files_of(self, folder: Path) -> set[str]:
        """Key of each file or source that a diagnostic of a workspace folder stands in."""
        keys = {
            self._places.key(finding.location)
            for finding in self.findings_of(folder)
            if finding.location is not None
        }
        return {key for key in keys if key is not None}

    @property
    def generation(self) -> object:
        """Another object whenever the findings have changed."""
        return self._index

    def about(self, key: str) -> list[Finding]:
        """The findings that stand in a file or whose slot is declared in it."""
        standing = self.standing_in(key)
        seen = {finding.fingerprint for finding in standing}
        declared = self.declared_in(key)
        return [*standing, *(item for item in declared if item.fingerprint not in seen)]

    def standing_in(self, key: str) -> list[Finding]:
        """The findings whose diagnostic stands in a file."""
        return self._index.standing_in.get(key, [])

    def declared_in(self, key: str) -> list[Finding]:
        """The findings whose slot is declared in a file."""
        return self._index.declared_in.get(key, [])
