"""Two versions of a SKOS scheme, or of ESCO, compared from first walk to last."""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.diff.concepts import DeltaRow, Interpreter
from esco_kg.diff.overlaps import by_overlap
from esco_kg.diff.sources import Source
from esco_kg.diff.statements import other_statements, parent_links
from esco_kg.diff.successions import successions
from esco_kg.diff.survey import Survey, survey
from esco_kg.diff.tally import Tally
from esco_kg.diff.xl_labels import with_names
from esco_kg.model.changes import ABOUT, About, Change, Count, OtherStatements

_TOTALS: tuple[About, ...] = (
    "skill",
    "skill group",
    "occupation",
    "ISCO group",
    "concept scheme",
    "occupation link",
    "skill link",
    "concept",
    "withdrawn concept",
    "collection",
)


@dataclass(slots=True)
class SchemeChanges:
    """What a comparison of two schemes found; ``rows`` are every value that went or came.

    ``statements`` are those that no change tells, ``parents`` the hierarchical links that went and came.
    """

    survey: Survey
    changes: list[Change] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    rows: list[DeltaRow] = field(default_factory=list)
    statements: list[OtherStatements] = field(default_factory=list)
    parents: tuple[int, int] = (0, 0)


def counted(old: Source, new: Source) -> Survey:
    """What either skills pillar holds, without a comparison."""
    return survey(old(), new(), esco=True)


def compare(old: Source, new: Source, *, esco: bool, by_code: bool = False) -> SchemeChanges:
    """Two walks through both versions: what there is and what differs, then what the differences speak of.

    ``esco``: the graphs are skills pillars. ``by_code``: match concepts whose IRIs changed by notation and label.
    """
    found = survey(old(), new(), esco=esco, by_code=by_code)
    statements = [] if esco else list(other_statements(found))
    found.differences = with_names(found.differences, old, new)
    interpreter = Interpreter(found, esco)
    interpreter.read(found.differences)
    interpreter.look_up(old, new)
    # A skill of both counts with the links it had, none included; a new one with those it has.
    links = dict(found.old.links)
    for d in found.differences:
        if d.old is None:
            links[d.subject] = found.new.links[d.subject]
        elif d.was != d.subject:
            links[d.subject] = found.old.links[d.was]
    before, after = ({str(kind): side.things[kind] for kind in ABOUT} for side in (found.old, found.new))
    tally = Tally(before, after, links)
    interpreter.name(tally)
    if not esco:
        stated = list(successions(found.differences, interpreter.labels))
        told = {iri for change in stated for iri in (change.subject, *change.others)}
        for change in (*stated, *by_overlap(found.differences, interpreter.labels, told, interpreter.texts)):
            tally.add(change)
    totals = {kind: (found.old.things[kind], found.new.things[kind]) for kind in _TOTALS}
    return SchemeChanges(
        found,
        sorted(tally.changes, key=Change.key),
        tally.counts(),
        {str(kind): numbers for kind, numbers in totals.items() if any(numbers)},
        interpreter.labels,
        interpreter.rows(),
        statements,
        parent_links(found.differences),
    )
