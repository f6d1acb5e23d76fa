"""A comparison as text, CSV, JSON and events, one a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from esco_kg.diff.concepts import DeltaRow
from esco_kg.model.changes import OTHERS_AFTER, Amount, BridgeRow, Change, Count, Delta, LevelAmount
from esco_kg.pictures.charts import index

COLUMNS = (
    *("about", "kind", "subject", "label", "field", "language", "old", "new"),
    *("others", "skills", "links", "cause", "reason"),
)
ESCO_COLUMNS = ("concept URI", "field", "language", "action", "old value", "new value")
_OF_SKILLS = ("skills", "links", "cause")
_WIDEST = 60
_CAME_OR_WENT = ("added", "removed", "deprecated", "reinstated", "re-identified")
_LINKS = ("occupation link", "skill link", "relation")


def as_text(delta: Delta, limit: int = 10) -> str:
    """For people: what there is, how far changes reach, the verdict, then up to ``limit`` changes of each kind."""
    parts = [f"{delta.old} -> {delta.new}", ""]
    parts += _table(("", "before", "after"), [(name, f"{a:,}", f"{b:,}") for name, (a, b) in delta.totals.items()])
    head: tuple[str, ...] = ("changed", "things", "", "skills", "", "links", "")
    # A scheme without skills has neither skills nor links to tell of.
    width = len(head) if any(count.skills or count.links for count in delta.counts) else 3
    if delta.counts:
        parts += ["", *_table(head[:width], [_reach(c)[:width] for c in delta.counts])]
    if not delta.changes and not delta.statements:
        parts += ["", "Nothing changed."]
    parts += statement_lines(delta)
    if delta.levels:
        head = ("level", "clusters", "broken series", "links leave", "arrive", "estimated")
        parts += ["", *_table(head, [_level(level) for level in delta.levels])]
    if delta.similarity:
        parts += ["", _similarity(delta)]
    broken = sorted((amount for amount in delta.amounts if amount.breaks), key=Amount.by_size)
    parts += ["", "broken series"] if broken else []
    parts += [f"  {_broken(amount, delta)}" for amount in broken[:limit]]
    parts += [f"  … and {len(broken) - limit:,} more"] if len(broken) > limit else []
    parts += ["", *(f"Verdict: {line}" for line in verdict_lines(delta))]
    parts += [f"Broken rule: {guard}." for guard in delta.guards]
    for (about, kind), group in groupby(delta.changes, key=lambda change: (change.about, change.kind)):
        found = list(group)
        parts += ["", f"{about} {kind}"]
        parts += [f"  {sentence(change, delta)}" for change in found[:limit]]
        parts += [f"  … and {len(found) - limit:,} more"] if len(found) > limit else []
    return "\n".join(parts) + "\n"


def remarks(delta: Delta) -> list[str]:
    """In sentences: broken rules of publication, IRIs that begin otherwise, links to parents, similarity."""
    lines = [*(f"Broken rule: {guard}." for guard in delta.guards), *_moved(delta)]
    return [*lines, _similarity(delta)] if delta.similarity else lines


def _moved(delta: Delta) -> list[str]:
    lines = []
    if delta.based:
        old, new, number = delta.based
        lines.append(f"The IRIs of {number:,} things begin with {new} now, where they began with {old}.")
    if any(delta.parents):
        went, came = delta.parents
        lines.append(f"Links to parents: {came:,} came, {went:,} went.")
    return lines


def _similarity(delta: Delta) -> str:
    levels = ", ".join(f"level {depth} {index(value)}" for depth, value in sorted(delta.similarity.items()))
    return f"Element-centric similarity of the clusters: {levels}."


def statement_lines(delta: Delta) -> list[str]:
    """In sentences: IRIs that begin otherwise, links to parents, and the statements that no change tells."""
    lines = [line for sentence in _moved(delta) for line in ("", sentence)]
    if delta.statements:
        lines += ["", "other statements"]
        lines += [f"  {s.field}: {s.removed:,} went, {s.added:,} came ({s.reason})" for s in delta.statements]
    return lines


def _level(level: LevelAmount) -> tuple[str, ...]:
    shares = (level.leaving, level.arriving, level.estimated)
    return (str(level.depth), f"{level.clusters:,}", f"{level.broken:,}", *(f"{share:.2%}" for share in shares))


def _broken(amount: Amount, delta: Delta) -> str:
    shares = f"{amount.leaving:.1%} leave, {amount.arriving:.1%} arrive, {amount.estimated:.1%} estimated"
    return f"level {amount.depth}: {_short(delta.label(amount.cluster))} ({amount.cluster}): {shares}"


def verdict_lines(delta: Delta) -> list[str]:
    """The verdict with the changes that force it, and the one by a rule like ESCO's, which decides nothing."""
    verdict = delta.verdict
    nothing = "other statements alone changed" if delta.statements else "nothing changed"
    lines = [f"{verdict.part}: {'; '.join(verdict.reasons) or nothing}"]
    if verdict.esco:
        lines.append(f"{verdict.esco} by a rule like ESCO's, for comparison: {'; '.join(verdict.esco_reasons)}")
    return lines


def sentence(change: Change, delta: Delta) -> str:
    """One change in plain words."""

    def named(subject: str) -> str:
        label = delta.labels.get(subject, "")
        return f"{_short(label)} ({subject})" if label else subject

    who = f"{_short(change.label)} ({change.subject})" if change.label else change.subject
    # A code of NACE, a weight or a name may be written like the id of a publisher's cluster.
    is_sector = change.about == "sector link"
    others = ", ".join(other if is_sector else named(other) for other in change.others if other != change.new)
    values = [
        " ".join(named(part) for part in text.split()) if _is_name(text, change, delta) else _short(text)
        for text in change.values
    ]
    what = f", {change.field}{'@' if change.language else ''}{change.language}" if change.field else ""
    words = f"{who}{what}"
    if any(values):
        words += f": {values[0] or 'nothing'} -> {values[1] or 'nothing'}"
    if others:
        words += OTHERS_AFTER.get(change.kind, ", ") + others
    why = ": ".join(text for text in (change.cause, change.reason) if text)
    return words + (f" [{why}]" if why else "")


def _is_name(text: str, change: Change, delta: Delta) -> bool:
    """Whether it names things: IRIs, or the cluster of a primary allocation."""
    parts = text.split()
    return bool(parts) and all(part in delta.labels and (":" in part or change.field == "primary") for part in parts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


def _reach(count: Count) -> tuple[str, ...]:
    parts = (
        (count.concepts, count.share, count.of),
        (count.skills, count.skills_share, count.skills),
        (count.links, count.links_share, count.links),
    )
    shown = [cell for number, share, of in parts for cell in (f"{number:,}", f"{share:.1%}" if of else "")]
    return (f"{count.about} {count.kind}", *shown)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side, the first to the left, the others to the right; nothing where there are no rows."""
    if not rows:
        return []
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = []
    for row in (head, *rows):
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("  ".join([first.strip().ljust(widths[0]), *others]).rstrip())
    return lines


def as_json(delta: Delta) -> str:
    """For programs: everything, the bridge included."""
    content = asdict(delta)
    content.pop("labels")
    content["changes"] = [change._asdict() for change in delta.changes]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_csv(changes: Iterable[Change], *, has_skills: bool = True) -> str:
    """One change a row; ``has_skills``: with the columns that mean something of clusters and ESCO alone."""
    columns = [name for name in COLUMNS if has_skills or name not in _OF_SKILLS]
    rows = ([" ".join(v) if isinstance(v := getattr(c, name), tuple) else v for name in columns] for c in changes)
    return _csv(columns, rows)


def as_esco_csv(rows: Iterable[DeltaRow]) -> str:
    """One value a row, in the columns of the deltas that ESCO publishes."""
    return _csv(ESCO_COLUMNS, ([r.uri, r.field, r.language, r.action, r.old, r.new] for r in rows))


def bridge_csv(rows: Iterable[BridgeRow]) -> str:
    """The weights of the bridge, and the numbers they are made of, so that nothing is lost by rounding."""
    head = (
        "depth", "old_cluster", "new_cluster", "skills", "links_before", "links_after",
        "forward_by_skills", "forward_by_links", "back_by_skills", "back_by_links",
    )  # fmt: skip
    cells = (
        [
            *(r.depth, r.source, r.target, r.skills, r.links_before, r.links_after),
            *(f"{w:.6f}" for w in (r.forward_skills, r.forward_links, r.back_skills, r.back_links)),
        ]
        for r in rows
    )
    return _csv(head, cells)


def series_csv(delta: Delta) -> str:
    """How much of each cluster leaves, arrives and is estimated, as shares of its links to occupations."""
    head = (
        "depth", "cluster", "label", "links_before", "links_after", "leaving", "arriving", "estimated", "breaks"
    )  # fmt: skip
    cells = (
        [
            *(a.depth, a.cluster, delta.labels.get(a.cluster, ""), a.links_before, a.links_after),
            *(f"{share:.6f}" for share in (a.leaving, a.arriving, a.estimated)),
            "true" if a.breaks else "false",
        ]
        for a in delta.amounts
    )
    return _csv(head, cells)


def events(delta: Delta, *, issued: str) -> Iterator[str]:
    """The event log of one release: the release itself, then every change of ours but those of weights and dates, and
    ESCO's concepts that came, went, or have another IRI."""
    yield release_event(delta.new, delta.old, issued, delta.verdict.part)
    head = {"release": delta.new, "previous": delta.old}
    for change in delta.changes:
        if change.is_event and (change.is_ours or (change.kind in _CAME_OR_WENT and change.about not in _LINKS)):
            said = {name: value for name, value in change._asdict().items() if value}
            yield json.dumps({**head, **said}, ensure_ascii=False)


def release_event(version: str, previous: str, issued: str, verdict: str = "") -> str:
    """The event that a release was published; one that is compared with none has no verdict."""
    said = {"release": version, "previous": previous, "about": "release", "kind": "published", "issued": issued}
    return json.dumps(said | ({"verdict": verdict} if verdict else {}), ensure_ascii=False)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
