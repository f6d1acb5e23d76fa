"""Blocks: skills that decisions keep together, with every line that says where they may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from esco_kg.clusters.chains import Chains, skill_of
from esco_kg.model.expertise import Decision


@dataclass(slots=True, eq=False)
class Block:
    """Skills that move as one; a skill that nothing is joined to is a block of its own.

    - ``rows`` are its skills; ``leaders`` those whose data say where it goes: the skill that others are forced to, with
      what must-link joins to it, otherwise all.
    - ``lines`` maps a row to the line that holds it in the block, or to the forced line that names it.
    - ``forced`` and ``rejected`` name clusters or frames; ``parted`` keep the block apart from others.
    - ``follows``: a skill in it is forced to another skill.
    - ``is_named``: a line names it as what is to move, not as a target alone.
    """

    rows: list[int]
    leaders: list[int]
    lines: dict[int, Decision] = field(default_factory=dict)
    forced: list[Decision] = field(default_factory=list)
    rejected: list[Decision] = field(default_factory=list)
    parted: list[Decision] = field(default_factory=list)
    seeds: list[Decision] = field(default_factory=list)
    follows: bool = False
    is_named: bool = False


def make_blocks(decisions: Sequence[Decision], row: Mapping[str, int]) -> list[Block]:
    """The blocks of all skills that a line names, or has as its target, and that are in ``row`` (IRI -> row)."""
    moving = [d for d in decisions if d.kind in ("forced", "must-link")]
    chains, links = Chains(moving), Chains(d for d in moving if d.kind == "must-link")
    named = {skill for d in decisions for skill in (*d.skills, skill_of(d.target)) if skill in row}
    members: dict[str, list[str]] = {}
    for skill in sorted(named):
        members.setdefault(chains.root(skill), []).append(skill)
    following = {
        links.root(skill)
        for d in moving
        if d.kind == "forced" and skill_of(d.target)
        for skill in d.skills
        if links.root(skill) != links.root(skill_of(d.target))
    }
    blocks = {}
    for root, skills in members.items():
        leaders = [row[skill] for skill in skills if links.root(skill) not in following]
        rows = [row[skill] for skill in skills]
        blocks[root] = Block(rows, leaders or rows, follows=len(leaders) < len(rows))
    for decision in decisions:
        for root in dict.fromkeys(chains.root(skill) for skill in decision.skills if skill in row):
            _add(blocks[root], decision, row)
        if decision.kind == "rejected" and skill_of(decision.target) in row:
            blocks[chains.root(skill_of(decision.target))].parted.append(decision)
    return list(blocks.values())


def _add(block: Block, decision: Decision, row: Mapping[str, int]) -> None:
    block.is_named = True
    own = [row[skill] for skill in decision.skills if skill in row]
    if decision.kind == "seed":
        block.seeds.append(decision)
    elif decision.kind == "cannot-link" or (decision.kind == "rejected" and skill_of(decision.target)):
        block.parted.append(decision)
    elif decision.kind == "rejected":
        block.rejected.append(decision)
    elif decision.kind == "forced":
        if not skill_of(decision.target):
            block.forced.append(decision)
        block.lines |= {i: decision for i in own if i in block.rows}
    else:
        for i in own:
            block.lines.setdefault(i, decision)
