"""Tables of one's own: texts assigned to skills, skills found in advertisements, counts by cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from esco_kg.errors import MissingError, UsageError
from esco_kg.library.checks import Remarks, log_remark

if TYPE_CHECKING:
    from esco_kg.folder.material import Material
    from esco_kg.library.files import AnyPath
    from esco_kg.library.release import Release
    from esco_kg.trials.aggregate import Answer as Answer
    from esco_kg.trials.aggregate import Classification
    from esco_kg.trials.assign import Assigner
    from esco_kg.trials.found_rows import FoundRows
    from esco_kg.trials.table_kinds import Row, Rows

RowsDone = Callable[[int, float | None], None]
"""Called with the rows made so far, and the share of the file that was read, in [0, 1], where anybody knows."""
_TEXT = "text number"
_LONG = 12  # words, from which on a text is no term


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many texts were read, how many of them have more than a dozen words, and how many rows were written."""

    texts: int
    long: int
    rows: int


def assigner(
    material: Material, model: str = "ngrams", calibration: AnyPath | None = None, threshold: float | None = None
) -> Assigner:
    """What assigns terms: ``model`` compares texts, ``threshold`` is the score below which none fits."""
    from esco_kg.matching.models import text_model
    from esco_kg.trials.assign import Assigner, read_calibration

    limits = read_calibration(Path(calibration) if calibration else None)
    if threshold is not None:
        limits = replace(limits, threshold=threshold)
    return Assigner(material, text_model(model, material.skills, material.language), limits)


def found_rows(material: Material, threshold: float = 0.0) -> FoundRows:
    """What finds skills in sentences and advertisements; ``threshold`` is the least score that is taken."""
    from esco_kg.trials.advertisements import SkillFinder
    from esco_kg.trials.found_rows import FoundRows

    return FoundRows(material, SkillFinder.of(material), threshold)


def assign_table(
    release: Release,
    file: AnyPath,
    column: str,
    out: AnyPath = "-",
    *,
    texts: bool = False,
    model: str = "ngrams",
    calibration: AnyPath | None = None,
    threshold: float | None = None,
    spark: str | None = None,
    language: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    remarks: Remarks = log_remark,
    progress: RowsDone = lambda rows, share: None,
) -> Assigned | None:
    """What ``esco-kg assign`` writes, with the same options; None where a Spark job did it."""
    from esco_kg.trials.csv_dialect import dialect_given
    from esco_kg.trials.table_writing import write

    if texts and (calibration or model != "ngrams"):
        hint = "Labels and wordings find the skills in texts; --threshold sets the least score."
        raise UsageError("--texts takes no --model, --calibration or --calibrate", hint)
    material = release.material(language)
    made = found_rows(material, threshold or 0.0) if texts else assigner(material, model, calibration, threshold)
    if spark:
        from esco_kg.trials.spark import assign_file

        assign_file(made, Path(file), column, Path(out), spark, dialect_given(encoding, delimiter))
        return None
    with opened(file, encoding, delimiter, remarks) as table:
        need_columns(file, table, column)
        columns = {name: table.types.get(name, str) for name in table.columns} | made.columns
        _refuse_taken(file, table, made.columns)
        seen = _Seen(table.rows, column)
        number = write(Path(out), columns, _counted(made.rows(seen, column), table.share, progress))
    return Assigned(seen.texts, seen.long, number)


def calibrate_table(
    release: Release,
    file: AnyPath,
    column: str,
    calibrate: str,
    out: AnyPath = "-",
    *,
    model: str = "ngrams",
    calibration: AnyPath | None = None,
    threshold: float | None = None,
    language: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    remarks: Remarks = log_remark,
) -> None:
    """Write a calibration, from the texts in ``column`` and the right skills in the column ``calibrate``."""
    from esco_kg.trials.assign import write_calibration

    with opened(file, encoding, delimiter, remarks) as table:
        need_columns(file, table, column, calibrate)
        found = [(str(row.get(column) or ""), str(row.get(calibrate) or "")) for row in table.rows]
    made = assigner(release.material(language), model, calibration, threshold)
    fitted = made.calibrated([text for text, _ in found], [label for _, label in found])
    write_calibration(fitted, Path(out), f"{Path(file).name}, column {column}")


def aggregate(
    release: Release,
    file: AnyPath,
    *,
    skill: str | None = None,
    text: str | None = None,
    by: Sequence[Classification] = ("cluster",),
    unit: str | None = None,
    weight: str | None = None,
    across: Sequence[str] = (),
    occupation: str | None = None,
    smallest: int = 10,
    published: Sequence[AnyPath] = (),
    out: AnyPath | None = None,
    language: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    remarks: Remarks = log_remark,
) -> Answer:
    """What ``esco-kg aggregate`` makes of a table of skills or of texts, with the same options: a table by cluster,
    sector or ISCO group that is safe to publish, also beside the ``published`` ones. ``out`` is where it is written."""
    from esco_kg.trials.aggregate import Question
    from esco_kg.trials.aggregate import aggregate as tabulate
    from esco_kg.trials.earlier import read_published
    from esco_kg.trials.table_writing import write

    if (skill is None) == (text is None):
        raise UsageError("one of --skill and --text is needed", "Name the column of skills, or that of texts.")
    _need_there(*published)
    material = release.material(language)
    earlier = [read_published(Path(path)) for path in published]
    with opened(file, encoding, delimiter, remarks) as table:
        need_columns(file, table, *(name for name in (text or skill, *across, unit, weight, occupation) if name))
        rows: Iterable[Row] = table.rows
        if text:
            rows, skill, unit = _skills_in(material, table, file, text), "skill", unit or _TEXT
        question = Question(tuple(by), str(skill), unit, weight, tuple(across), occupation, smallest)
        answer = tabulate(material, rows, question, earlier)
    if out is not None:
        kinds = {"level": int, "units": float if weight else int, "mentions": float}
        write(Path(out), {column: kinds.get(column, str) for column in answer.columns}, [answer.rows])
    return answer


@contextmanager
def opened(
    file: AnyPath, encoding: str | None = None, delimiter: str | None = None, remarks: Remarks = log_remark
) -> Iterator[Rows]:
    """A table; ``remarks`` hears what had to be recognised to read it."""
    from esco_kg.trials import rows
    from esco_kg.trials.csv_dialect import dialect_given

    with rows.reading(Path(file), dialect_given(encoding, delimiter)) as table:
        if table.told:
            remarks(table.told)
        yield table


def need_columns(file: AnyPath, table: Rows, *columns: str) -> None:
    """Raise UsageError where a table lacks one of these columns."""
    for column in columns:
        if column not in table.columns:
            raise UsageError(f"{file} has no column {column!r}", f"It has {', '.join(table.columns)}.")


def _need_there(*paths: AnyPath) -> None:
    for path in paths:
        if not Path(path).exists():
            raise MissingError(str(path))


def _refuse_taken(file: AnyPath, table: Rows, columns: Iterable[str]) -> None:
    taken = sorted({*columns}.intersection(table.columns))
    if taken:
        raise UsageError(f"{file} already has columns of the result: {', '.join(taken)}", "Rename or drop them.")


def _skills_in(material: Material, table: Rows, file: AnyPath, text: str) -> Iterator[Row]:
    """The rows of the skills that the texts affirm, one a row, with the number of their text."""
    maker = found_rows(material)
    _refuse_taken(file, table, [*maker.columns, _TEXT])
    return (
        found
        for number, row in enumerate(table.rows, 1)
        for found in maker.of_text(row | {_TEXT: str(number)}, text)
        if found["denied"] != "yes"
    )


def _counted(
    batches: Iterable[list[Row]], share: Callable[[], float | None], progress: RowsDone
) -> Iterator[list[Row]]:
    number = 0
    for batch in batches:
        yield batch
        number += len(batch)
        progress(number, share())


class _Seen:
    """Rows passed on and counted."""

    def __init__(self, rows: Iterable[Row], column: str) -> None:
        self._rows, self._column = rows, column
        self.texts = self.long = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.texts += 1
            self.long += str(row.get(self._column) or "").count(" ") >= _LONG
            yield row
