"""From triples that differ to named changes of concepts, of any SKOS scheme and of ESCO."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from esco_kg.diff.pairs import is_unsaid, paired, refined, retagged, with_tag
from esco_kg.diff.sources import Lines, Source
from esco_kg.diff.survey import Survey
from esco_kg.diff.tally import Tally
from esco_kg.diff.values import (
    IN_SCHEME,
    NEEDS,
    NODE_LINKS,
    RELATIONS,
    REPEATED,
    Value,
    about,
    compact,
    label,
    label_nodes,
    text_of,
    unquoted,
    value,
)
from esco_kg.diff.walk import Difference, Side
from esco_kg.diff.xl_labels import names_of
from esco_kg.model.changes import About, Change, Kind

_ONE_CHANGE = (
    "moved",
    "parent replaced",
    "re-listed",
    "re-typed",
)  # however many values these have, they are one change


@dataclass(frozen=True, slots=True, order=True)
class DeltaRow:
    """A line in the columns of ESCO's own deltas; ``action`` is ``add``, ``delete`` or ``update``."""

    uri: str
    field: str
    language: str
    action: str
    old: str
    new: str


Texts = tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]
"""Before and after: node -> its text and language."""


@dataclass(slots=True)
class _Owner:
    subject: str
    predicate: str
    label: str
    about: About


class Interpreter:
    """Reads differences, looks up what they speak of, and names them.

    Use: :meth:`read` all differences, :meth:`look_up` in both versions, then :meth:`name` and :meth:`rows`.
    """

    def __init__(self, survey: Survey, esco: bool) -> None:
        self.labels: dict[str, str] = {}
        self._survey, self._esco = survey, esco
        self._concepts: list[Difference] = []
        self._nodes: dict[str, Difference] = {}
        self.texts: Texts = ({}, {})
        self._owners: dict[str, _Owner] = {}

    def read(self, differences: Iterable[Difference]) -> None:
        """Part nodes that hold a text, such as XL labels and node literals, from everything else."""
        for d in differences:
            texts = [side.text if side else None for side in (d.old, d.new)]
            if texts[0] == texts[1]:
                self._concepts.append(d)
                continue
            self._nodes[d.subject] = d
            for known, text in zip(self.texts, texts, strict=True):
                if text is not None:
                    known[d.subject] = text

    def look_up(self, old: Source, new: Source) -> None:
        """Walk through either version once more, for labels, for texts in nodes, and for whose texts they are."""
        wanted = {line.split(" ", 1)[1] for d in self._concepts for line in (*d.removed, *d.added)}
        nodes = {subject for subject, d in self._nodes.items() if d.old is not None and d.new is not None}
        for source, texts in ((new, self.texts[1]), (old, self.texts[0])):
            unnamed: dict[str, list[str]] = {}
            for subject, lines in source():
                if subject in wanted:
                    text = text_of(lines)
                    if text is not None:
                        texts.setdefault(subject, text)
                    self._know(subject, label(lines))
                owns = nodes and self._own(subject, lines, nodes)
                if (subject in wanted or owns) and not label(lines):
                    unnamed[subject] = label_nodes(lines)
            for subject, name in names_of(unnamed, source).items():
                self._know(subject, name)
        for d in self._concepts:
            self._know(d.subject, _side(d).label)

    @cached_property
    def _listed(self) -> set[tuple[int, str, str]]:
        """(side, list, concept) of ESCO's concepts that left a list or joined it: reported there, as *re-listed*,
        although most lists name their concepts as top concepts, too."""
        if not self._esco:
            return set()
        return {
            (side, line.removeprefix(f"{IN_SCHEME} "), d.subject)
            for d in self._concepts
            for side, lines in enumerate((d.removed, d.added))
            for line in lines
            if line.startswith(f"{IN_SCHEME} ")
        }

    def _know(self, subject: str, name: str) -> None:
        if name:
            self.labels.setdefault(subject[1:-1], name)

    def _own(self, subject: str, lines: Lines, nodes: set[str]) -> bool:
        """Note whose texts the nodes are, and say whether any is this subject's."""
        owns = False
        for line in lines:
            if line.startswith(NODE_LINKS):
                predicate, node = line.split(" ", 1)
                if node in nodes and node not in self._owners:
                    self._owners[node] = _Owner(subject, predicate, label(lines), about(lines, self._esco))
                    owns = True
        return owns

    def name(self, tally: Tally) -> None:
        """Hand every change to the tally."""
        for d in self._concepts:
            for change, skills, links in self._named(d, _side(d).about):
                tally.add(change, skills, links)
        spoken_of = {line.split(" ", 1)[1] for d in self._concepts for line in (*d.removed, *d.added)}
        for node, d in sorted(self._nodes.items()):
            owner = self._owners.get(node)
            if owner is None:
                if node not in spoken_of:
                    # Nobody's text, as far as we can see: it is told as it stands.
                    for change, skills, links in self._named(d, "resource"):
                        tally.add(change, skills, links)
                continue
            subject = owner.subject[1:-1]
            name = self.labels.setdefault(subject, owner.label)
            text, language = self.texts[1].get(node, ("", ""))
            before, language_before = self.texts[0].get(node, ("", ""))
            stated = value(f"{owner.predicate} {node}")
            kind = refined(stated.kind, stated.field, before, text, before)
            if before == text:
                kind, before, text, language = "altered", with_tag(text, language_before), with_tag(text, language), ""
            change = Change(owner.about, kind, subject, owner.label or name, stated.field, language, before, text)
            tally.add(change, *self._extent(owner.about, owner.subject))

    def _named(self, d: Difference, here: About) -> Iterator[tuple[Change, set[str], int | None]]:
        subject = d.subject[1:-1]
        # A withdrawn concept may lose its label; it keeps the one it had.
        name = _side(d).label or (d.old.label if d.old else "")
        extent = self._extent(here, d.subject)
        links = list(self._links(d, here, name))
        yield from links
        if d.old is None or d.new is None:
            kind: Kind = "added" if d.old is None else "removed"
            reason = "already withdrawn" if d.new is not None and d.new.is_deprecated else ""
            yield Change(here, kind, subject, name, reason=reason), *extent
            return
        if d.subject != d.was:
            kind = "re-based" if d.was in self._survey.rebased else "re-identified"
            yield Change(here, kind, subject, name, old=d.was[1:-1], new=subject), *extent
        if d.old.about != d.new.about and d.new.about == "resource":
            gone = Change(d.old.about, "removed", subject, d.old.label, reason="the file still names it")
            yield gone, *self._extent(d.old.about, d.was)
            return
        if "withdrawn concept" in (d.old.about, d.new.about) and d.old.about != d.new.about:
            # ESCO's withdrawn concepts have lost their type and their texts: they are what they were.
            kind = "deprecated" if d.new.about == "withdrawn concept" else "reinstated"
            was = d.old.about if kind == "deprecated" else here
            yield Change(was, kind, subject, name, others=d.new.successors), *self._extent(was, d.subject)
            return
        if d.old.about != d.new.about:
            yield Change(here, "added", subject, name, reason=f"was a {d.old.about}"), *extent
            became = Change(d.old.about, "removed", subject, name, reason=f"became a {here}")
            yield became, *self._extent(d.old.about, d.was)
        if d.new.is_deprecated != d.old.is_deprecated:
            kind = "deprecated" if d.new.is_deprecated else "reinstated"
            yield Change(here, kind, subject, name, others=d.new.successors), *extent
        values = paired(d, self._value, esco=self._esco)
        for field, before, after in retagged(values):
            yield Change(here, "altered", subject, name, field, "", before, after), *extent
        several = _several(d)
        for (kind, field, language), (went, came) in sorted(values.items()):
            for old, new in _steps(kind, went, came, paired=field not in several):
                told = refined(kind, field, old if went else None, new if came else None, d.old.label)
                yield Change(here, told, subject, name, field, language, old, new), *extent

    def _value(self, line: str, side: int) -> Value:
        """The statement of a line, with the text of the node where its object is a node that holds one."""
        stated = value(line)
        if line.startswith(NODE_LINKS):
            text = self.texts[side].get(line.split(" ", 1)[1])
            if text is not None:
                return Value(stated.field, text[1], text[0], stated.kind)
        return stated

    def _links(self, d: Difference, here: About, name: str) -> Iterator[tuple[Change, set[str], int | None]]:
        """Links to skills and relations between concepts: each a change of its own, known by both ends."""
        subject = d.subject[1:-1]
        before, after = (
            {line.split(" ", 1)[1]: need for line in lines for p, need in NEEDS.items() if line.startswith(f"{p} ")}
            for lines in (d.removed, d.added)
        )
        between: About = "occupation link" if here == "occupation" else "skill link"
        for skill in sorted(before.keys() | after.keys()):
            old, new = before.get(skill, ""), after.get(skill, "")
            kind: Kind = "changed" if old and new else "removed" if old else "added"
            change = Change(between, kind, subject, name, "relationType", "", old, new, (skill[1:-1],))
            yield change, {skill}, int(between == "occupation link")
        for side, lines in enumerate((d.removed, d.added)):
            for line in lines:
                predicate, other = line.split(" ", 1)
                if predicate in RELATIONS and (side, d.subject, other) not in self._listed:
                    kind = "removed" if side == 0 else "added"
                    ends = (unquoted(other)[0],)
                    yield Change("relation", kind, subject, name, compact(predicate), others=ends), set(), 0

    def _extent(self, here: About, subject: str) -> tuple[set[str], int | None]:
        """The skills a change of this thing concerns; and links that are not the skills'."""
        old, new = self._survey.old, self._survey.new
        if here == "skill":
            return {subject}, None
        if here == "skill group":
            return old.members.get(subject, set()) | new.members.get(subject, set()), None
        if here == "occupation":
            return set(), old.needs[subject] or new.needs[subject]
        return set(), 0

    def rows(self) -> list[DeltaRow]:
        """Every value that went or came, in the columns of ESCO's own deltas."""
        found: set[DeltaRow] = set()
        for d in self._concepts:
            values: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
            for side, lines in enumerate((d.removed, d.added)):
                for line in lines:
                    if line.split(" ", 1)[0] not in REPEATED and not (self._esco and is_unsaid(d, side, line)):
                        stated = self._value(line, side)
                        values[stated.field, stated.language][side].add(stated.text)
            several = _several(d)
            for (field, language), (before, after) in values.items():
                steps = _steps("altered", before - after, after - before, paired=field not in several)
                found |= set(_rows(d.subject[1:-1], field, language, steps))
        for node, owner in self._owners.items():
            was, now = (text.get(node, ("", "")) for text in self.texts)
            field = value(f"{owner.predicate} {node}").field
            found |= set(_rows(owner.subject[1:-1], field, now[1] or was[1], [(was[0], now[0])]))
        return sorted(found)


def _rows(uri: str, field: str, language: str, steps: Iterable[tuple[str, str]]) -> Iterator[DeltaRow]:
    for old, new in steps:
        action = "update" if old and new else "delete" if old else "add"
        yield DeltaRow(uri, field, language, action, old, new)


def _several(d: Difference) -> set[str]:
    """The fields that keep other IRIs: of several links the one that went is not the one that came."""
    return {value(f"{predicate} <>").field for predicate in d.kept}


def _steps(kind: Kind, went: Iterable[str], came: Iterable[str], *, paired: bool = True) -> list[tuple[str, str]]:
    """Old and new values as changes: one where there is one of each and they are ``paired``, otherwise each for
    itself."""
    before, after = sorted(set(went)), sorted(set(came))
    if kind == "typed":
        texts = {text.partition(" as ")[0]: text for text in after}
        return [(old, texts.get(old.partition(" as ")[0], "")) for old in before]
    if kind in _ONE_CHANGE:
        return [(" ".join(before), " ".join(after))]
    if paired and len(before) == 1 and len(after) == 1:
        return [(before[0], after[0])]
    return [*((old, "") for old in before), *(("", new) for new in after)]


def _side(d: Difference) -> Side:
    """The newer side there is."""
    side = d.new or d.old
    assert side is not None, "a difference has at least one side"
    return side
