"""What was wrong with a download and survived: counted once per kind and file, with the first place and an example."""

from __future__ import annotations

from dataclasses import dataclass, field

from esco_kg.model.pillar import Defect, Repair

REPAIR_HINT = "--repair mends it, and logs each cell that it changes."

EXPLANATIONS: dict[str, str] = {
    "alternatives-of-another-skill": "Most alternative labels of a skill are labels of one other skill; they may stand "
    "at the wrong one of the two; published as read.",
    "blank-label": "A concept has no preferred label in this language; it is read without texts in this language.",
    "blank-reuse-level": "A skill has no reuse level; it is counted as unknown.",
    "blank-skill-type": "A skill is neither called skill nor knowledge; it is counted as unknown.",
    "dangling-list-member": "A thematic list names a concept that the download does not hold; the entry was dropped.",
    "dangling-relation": "A relation names a concept that the download does not hold; the relation was dropped.",
    "digital-list-of-earlier-shape": "ESCO 1.1.0 has a short ICT list where later versions have the digital list; "
    "its members stand as the digital list.",
    "duplicate-row": "The same row stands twice, or twice with another date of modification; the latest was kept.",
    "duplicate-row-differs": "A concept stands twice with one label and type but other details, named in the "
    "example; the latest was kept.",
    "essential-and-optional": "One relation is called both essential and optional; it was kept as essential.",
    "facts-differ-between-languages": "The packages of two languages disagree on a type, level or code; the first "
    "language read was believed.",
    "file-ignored": "A file is no table of ESCO's, so it was not read.",
    "file-repeated": "The same table stands in the input twice with the same bytes; it was read once.",
    "index-column": "The first column is a running number without a name, as data frames are saved; it was not read.",
    "label-repeated-as-alternative": "The preferred label is repeated among the alternative labels, which SKOS (S13) "
    "forbids; published as read.",
    "label-repeated-as-hidden": "A preferred or alternative label is repeated among the hidden labels, which SKOS "
    "(S13) forbids; published as read.",
    "label-with-outer-spaces": "A label starts or ends with a space; published as read.",
    "missing-list": "A thematic list is not in the download, so no measure can use it.",
    "nace-ambiguous-code": "A NACE code of three digits can be a group, or a class that lost its trailing zero; "
    "links are used by section and division, where both agree.",
    "nace-other-section": "The section letter of a NACE code is not the section of its division; the division decides.",
    "nace-unknown-code": "A code is not in NACE 2.1; the link was dropped.",
    "nace-unknown-occupation": "The crosswalk names an occupation that this version of ESCO does not hold, as it was "
    "made for another version; the link was dropped.",
    "redundant-broader": "A broader link repeats what longer paths say already; published as read.",
    "relations-differ-between-languages": "The packages of two languages hold different relations; the first "
    "language read was believed.",
    "repaired-code": "A code had lost zeros; it was corrected by the IRI of its concept, or to the four digits of "
    "ISCO's unit groups.",
    "repaired-code-comma": "A code had commas in place of points; it was read with points.",
    "repaired-decoding": "A text was UTF-8 read as Windows-1252 and saved again; it was decoded as it is meant.",
    "repaired-html": "A text held a sign written as in HTML; it was read as the sign.",
    "repaired-https": "An IRI of ESCO began with https; ESCO's begin with http, and so it was read.",
    "repaired-joined-labels": "Labels stood joined in one line of a cell; they were parted.",
    "repaired-no-break-space": "A text held no-break spaces where its words are parted by spaces; it was read with "
    "spaces.",
    "repaired-nothing": "A word such as NaN stood for an empty cell; it was read as empty.",
    "repaired-separator-line": "The first line was one that spreadsheet programs write for themselves; it was "
    "passed over.",
    "repaired-separators": "The columns were not separated by commas; they were read as they are separated.",
    "repaired-space": "A space stood in an IRI; it was taken out.",
    "short-row": "A row has fewer cells than the table has columns; the missing ones were read as empty.",
    "text-wrongly-decoded": "A text looks like UTF-8 read as Windows-1252, and most of its column does not; "
    "published as read.",
    "undescribed-iri": "A column names a concept or scheme that no table of the download describes; the entry was "
    "dropped.",
    "wrong-skill-type": "A relation states another type for a skill than the skills table, which was believed.",
}  # fmt: skip
"""Kind -> what it means for the reader of the notes, in one sentence."""


def place_of(place: str, unit: str, line: int) -> str:
    """``skills_en.csv:118``, ``skills_en.ods row 118``, or the place alone where there is no line."""
    return f"{place}:{line}" if line and unit == "line" else f"{place} row {line}" if line and unit else place


@dataclass(slots=True)
class _Entry:
    place: str
    count: int
    example: str
    values: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """The defects met so far, and the number of rows of every table read (by the table's place).

    ``dangling_share`` is the share of a relation table that may name unknown concepts before the reading stops.
    ``repair`` says that damage which can be undone without doubt is undone and logged, ``extract`` that the tables are
    meant to be a part of ESCO. ``units`` says what the places of a file count: lines, rows of a sheet, or '' for none.
    """

    rows: dict[str, int] = field(default_factory=dict)
    dangling_share: float = 0.001
    repair: bool = False
    extract: bool = False
    units: dict[str, str] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    _entries: dict[tuple[str, str], _Entry] = field(default_factory=dict)

    def add(self, kind: str, file: str, line: int = 0, example: str = "", *, is_listed: bool = False) -> None:
        """Count one defect of a kind in EXPLANATIONS; the first place and example of its file are kept, and with
        ``is_listed`` every example."""
        entry = self._entries.get((kind, file))
        if entry is None:
            place = place_of(file, self.units.get(file, "line"), line)
            entry = self._entries[kind, file] = _Entry(place, 1, example)
        else:
            entry.count += 1
        if is_listed:
            entry.values.append(example)

    def mended(self, kind: str, file: str, line: int, column: str, was: str, now: str) -> None:
        """Count a repair and keep what it changed."""
        self.add(kind, file, line, f"{column}: {was[:60]!r} -> {now[:60]!r}" if column else was)
        place = place_of(file, self.units.get(file, "line"), line)
        self.repairs.append(Repair(kind.removeprefix("repaired-"), place, column, was, now))

    def count(self, kind: str, file: str) -> int:
        """How often a kind was met in a file so far."""
        entry = self._entries.get((kind, file))
        return entry.count if entry else 0

    def defects(self) -> list[Defect]:
        """One Defect per kind and file, sorted."""
        return [
            Defect(kind, entry.place, entry.count, entry.example, EXPLANATIONS[kind], tuple(entry.values))
            for (kind, _), entry in sorted(self._entries.items())
        ]
