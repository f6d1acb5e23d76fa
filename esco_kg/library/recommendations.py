"""Skills, occupations, or one's own jobs and courses for a set of skills, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from esco_kg.errors import UsageError
from esco_kg.library.checks import Remarks, log_remark
from esco_kg.library.texts import need_columns, opened

if TYPE_CHECKING:
    from esco_kg.folder.material import Material
    from esco_kg.library.files import AnyPath
    from esco_kg.library.release import Release
    from esco_kg.trials.recommend import Recommendation

Recommended = Literal["skills", "occupations"]


def recommend_records(
    release: Release,
    skills: Sequence[str],
    what: Recommended = "skills",
    top: int = 10,
    language: str | None = None,
) -> list[dict[str, Any]]:
    """What :meth:`esco_kg.Release.recommend` gives, with the reasons in full: key, label, score, reasons (cluster,
    label, share, skills)."""
    from esco_kg.trials.recommend import profile_of

    material, recommender = release.material(language), release.recommender(language)
    ask = recommender.skills if what == "skills" else recommender.occupations
    return _records(material, ask(profile_of(material, skills), top))


def recommend_items(
    release: Release,
    file: AnyPath,
    skills: Sequence[str],
    *,
    text: str,
    id: str | None = None,
    top: int = 10,
    language: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    remarks: Remarks = log_remark,
) -> list[dict[str, Any]]:
    """One's own jobs or courses, a row each, ranked for these skills; records as in :meth:`recommend_records`.

    ``text`` is the column of their texts, ``id`` the one that names them, otherwise the row is the name.
    """
    from esco_kg.trials.advertisements import SkillFinder
    from esco_kg.trials.recommend import profile_of

    material = release.material(language)
    profile, finder = profile_of(material, skills), SkillFinder.of(material)
    with opened(file, encoding, delimiter, remarks) as table:
        need_columns(file, table, *(name for name in (text, id) if name))
        items = {
            str(row[id]) if id else f"row {number}": finder.skills(str(row[text] or ""))
            for number, row in enumerate(table.rows, 2)
        }
    empty = sum(not named for named in items.values())
    if empty == len(items):
        hint = f"Is {text!r} the column of texts, in the language {material.language!r}? See esco-kg assign --texts."
        raise UsageError(f"{file}: no text of {len(items)} names a skill of the release", hint)
    if empty:
        remarks(f"{empty} of {len(items)} texts name no skill of the release")
    return _records(material, release.recommender(language).items(profile, items, top))


def _records(material: Material, found: Sequence[Recommendation]) -> list[dict[str, Any]]:
    return [
        {
            "key": r.key,
            "label": material.label(r.key),
            "score": r.score,
            "reasons": [
                {
                    "cluster": x.group,
                    "label": material.label(x.group),
                    "share": x.share,
                    "skills": [{"skill": s, "label": material.label(s)} for s in x.skills],
                }
                for x in r.reasons
            ],
        }
        for r in found
    ]
