"""All that is known about the workspace's leaks: the newest analyses of each folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from leakline.leaks.model import Finding, Severity
from leakline.lsp.places import AnalysedTexts, Places
from leakline.lsp.series import left_over
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
        self._analyses: dict[Path, tuple[Analysis, ...]] = {}
        self._index = _Index()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._index.by_fingerprint.values())

    @property
    def analyses(self) -> Mapping[Path, tuple[Analysis, ...]]:
        """By workspace folder the analyses that hold, at least one, the newest first."""
        return self._analyses

    def folder_of(self, finding: Finding) -> Path:
        """The workspace folder that a finding is known of."""
        return self._index.folders[finding.fingerprint]

    def take(
        self, folder: Path, analysis: Analysis | None, gone: Collection[Path] = ()
    ) -> Steps[list[Finding]]:
        """Take a folder's newest analysis, if there is one, and forget what does not hold.

        In one step all is known of it of which nothing was known before. Nothing else may be
        taken meanwhile.

        Args:
            folder: The workspace folder.
            analysis: Its newest analysis.
            gone: Recordings that are there no more.

        Returns:
            The warnings that the same program had before and has no more.
        """
        before = [each for each in self._analyses.get(folder, ()) if each.recording not in gone]
        analyses = {owner: known for owner, known in self._analyses.items() if owner != folder}
        texts = None
        hold = before
        if analysis is not None:
            hold = [each for old in before if (each := self._left_over(old, analysis))]
            every = replace(analysis, findings=(*analysis.findings, *analysis.ignored), ignored=())
            others = [finding for each in hold for finding in each.findings]
            analysis = self._sources.adopt(folder, every, others)
            texts = yield from self._places.read(analysis.findings)
            hold = [analysis, *(yield from self._carried(hold, texts))]
        if hold:
            analyses[folder] = tuple(hold)
        index = _Index()
        for owner, each in ((owner, each) for owner, known in analyses.items() for each in known):
            for finding in each.findings:
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
        if analysis is None or analysis.snapshots == 1:
            return []
        still = {finding.fingerprint for each in hold for finding in each.findings}
        return [
            finding
            for each in before
            for finding in each.findings
            if finding.severity is Severity.WARNING and finding.fingerprint not in still
        ]

    def _left_over(self, old: Analysis, new: Analysis) -> Analysis | None:
        left = left_over(old, new)
        if left is None or left is old or new.snapshots > 1:
            return left
        # One snapshot cannot tell whether growth goes on, unless the program is another one.
        current = tuple(each for each in left.findings if self._places.are_current(each))
        return replace(left, findings=current) if current else None

    def _carried(self, hold: list[Analysis], texts: AnalysedTexts) -> Steps[list[Analysis]]:
        carried = []
        for each in hold:
            findings = yield from self._places.carry(each.findings, texts)
            carried.append(replace(each, findings=tuple(findings)))
        return carried

    def get(self, fingerprint: str) -> Finding | None:
        """The finding with a fingerprint."""
        return self._index.by_fingerprint.get(fingerprint)

    def analysis_of(self, fingerprint: str) -> Analysis | None:
        """The analysis that a finding comes from."""
        finding = self.get(fingerprint)
        every = chain.from_iterable(self._analyses.values())
        return next((each for each in every if any(one is finding for one in each.findings)), None)

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
