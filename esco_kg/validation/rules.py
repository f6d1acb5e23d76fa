"""The rules a graph is checked by, and the profile that says which rule holds for which graph and how severe it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from esco_kg.errors import InputError, MissingError
from esco_kg.model.findings import Severity
from esco_kg.resources import files, folder

SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
"""From the gravest to the slightest."""

ANY = "any"
"""The profile's name for any file, in contrast to a graph of a release."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, whether a shape or a query.

    ``name`` is ``subject:local`` (``skos:S14``), ``title`` says what must hold, ``message`` what is wrong and what to
    do, ``clause`` where it is written, ``source`` is the IRI of the shape or of the query.
    """

    name: str
    title: str
    message: str
    clause: str
    source: str
    severity: Severity = "violation"
    kind: str = "shape"


VACUOUS = Rule(
    name="ekg:vacuous-shape",
    title="every shape of a release has a focus node",
    message="No resource is a target of this shape, so it proves nothing: correct the target, or the graph.",
    clause="SHACL, section 2.1",
    source="",
    kind="built in",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Severity of each rule in each graph. A rule that is not listed for a graph does not hold there."""

    rows: Mapping[str, Mapping[str, Severity]]  # graph, or graphs joined by "+" -> rule -> severity
    place: str

    def for_graph(self, graph: str) -> Mapping[str, Severity]:
        """Rule -> severity of one graph. Raises InputError where the profile has no rule for it."""
        if graph not in self.rows:
            known = ", ".join(sorted(self.rows))
            raise InputError(self.place, f"no rule for the graph {graph!r}", f"Add rows; it has some for: {known}.")
        return self.rows[graph]

    def unions(self, graphs: Iterable[str]) -> list[str]:
        """The profile's unions of graphs (``clusters+pillar``) of which all parts are at hand."""
        present = set(graphs)
        return sorted(name for name in self.rows if "+" in name and set(name.split("+")) <= present)


def read_profile(path: Path | None, known: Iterable[str]) -> Profile:
    """Read ``rule, graph, severity`` (tab-separated, with that head; ``#`` starts a comment line).

    ``known`` are the names of all rules. Raises InputError with file and line for an unknown rule or severity, a row
    that is no row, a rule listed twice for a graph, and where ``path`` is None a rule listed for no graph.
    """
    is_ours = path is None
    path = profile_path(path)
    names = set(known)
    rows: dict[str, dict[str, Severity]] = {}
    for number, line in _lines(path):
        place = f"{path.name}:{number}"
        cells = line.split("\t")
        if len(cells) != 3:
            raise InputError(place, f"{line!r} has {len(cells)} columns", "Write rule, graph, severity, tabs between.")
        rule, graph, severity = (cell.strip() for cell in cells)
        if rule not in names:
            raise InputError(place, f"there is no rule {rule!r}", "Rules are named as in docs/validation.md.")
        if severity not in SEVERITIES:
            raise InputError(place, f"{severity!r} is no severity", f"Write one of {', '.join(SEVERITIES)}.")
        if rule in rows.setdefault(graph, {}):
            raise InputError(place, f"{rule} is listed for {graph} already", "Keep one of the two lines.")
        rows[graph][rule] = next(s for s in SEVERITIES if s == severity)
    if is_ours:
        listed = {rule for graph in rows.values() for rule in graph}
        listed |= {line.split("\t")[0] for name in profile_names()[1:] for _, line in _lines(profile_path(Path(name)))}
        for rule in sorted(names - listed - {VACUOUS.name}):
            hint = f"Add a line to queries/{path.name}: {rule}, a graph such as clusters, a severity, tabs between."
            raise InputError(path.name, f"the rule {rule} is listed for no graph, so that nothing is checked", hint)
    return Profile(rows, path.name)


def profile_names() -> list[str]:
    """The names of our profiles for any vocabularies; ``skos`` is the default."""
    return ["skos", *(path.stem for path in files("queries/profiles", ".tsv"))]


def profile_path(path: Path | None) -> Path:
    """The file of a profile: of one of ours by its name, otherwise the file itself."""
    if path is None or (str(path) == "skos" and not path.exists()):
        return folder("queries") / "profile.tsv"
    return (
        folder("queries") / "profiles" / f"{path}.tsv" if str(path) in profile_names() and not path.exists() else path
    )


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MissingError(str(path), "Start from queries/profile.tsv.") from None
    numbered = enumerate(text.split("\n"), start=1)
    lines = [(number, line) for number, line in numbered if line.strip() and not line.startswith("#")]
    if not lines or lines[0][1].split("\t") != ["rule", "graph", "severity"]:
        raise InputError(f"{path.name}:1", "the head is not rule, graph, severity", "Start from queries/profile.tsv.")
    return lines[1:]
