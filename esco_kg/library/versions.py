"""Two versions compared, and a table of counts carried over from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from esco_kg.library.checks import Remarks, log_remark, reader_of
from esco_kg.memory import collecting_rarely

if TYPE_CHECKING:
    from esco_kg.diff.compare import Comparison as Comparison
    from esco_kg.diff.series import CarriedTable
    from esco_kg.library.files import AnyPath


@collecting_rarely()
def compare(
    old: AnyPath,
    new: AnyPath,
    *,
    languages: Sequence[str] | None = None,
    by_code: bool = False,
    contexts: Mapping[str, AnyPath] | None = None,
    lenient: bool = False,
    listener: Callable[[str], None] = lambda name: None,
    remarks: Remarks = log_remark,
) -> Comparison:
    """What ``esco-kg diff`` tells: what changed from one release, RDF file of a SKOS scheme, or ESCO to another.

    ``languages`` limits what is read of ESCO downloads; ``by_code`` matches concepts of RDF files whose IRIs changed;
    ``contexts``, ``lenient`` and ``remarks`` as in :func:`esco_kg.check`. Raises UsageError where the two are of
    different kinds, InputError where one cannot be read.
    """
    from esco_kg.diff.compare import compare as run

    with reader_of(contexts, lenient, remarks) as reader:
        return run(Path(old), Path(new), languages=languages, by_code=by_code, listener=listener, reader=reader)


def patch(
    old: AnyPath,
    new: AnyPath,
    *,
    languages: Sequence[str] | None = None,
    skolemise: str = "",
    contexts: Mapping[str, AnyPath] | None = None,
    lenient: bool = False,
    remarks: Remarks = log_remark,
) -> Iterator[str]:
    """The lines of an RDF Patch from one version to the other; ``skolemise`` is how the IRIs of blank nodes begin."""
    from esco_kg.diff.compare import patch as run

    with reader_of(contexts, lenient, remarks) as reader:
        yield from run(Path(old), Path(new), languages, skolem=skolemise, reader=reader)


def bridge(
    old: AnyPath,
    new: AnyPath,
    series: AnyPath,
    *,
    cluster: str | None = None,
    value: str | None = None,
    by: Literal["skills", "links"] = "links",
    decimals: int | None = None,
    counts: bool = False,
) -> CarriedTable:
    """What ``esco-kg bridge`` makes: a CSV of counts by clusters of release ``old``, by those of release ``new``.

    ``cluster`` and ``value`` name columns, where these cannot be recognised; ``by`` is what weighs; ``decimals`` are
    those of the new counts; ``counts`` says that these are counts, however much they look like rates, which are
    refused.
    """
    from esco_kg.diff.series import carry_over

    return carry_over(
        Path(old), Path(new), Path(series), cluster=cluster, value=value, by=by, decimals=decimals, are_counts=counts
    )
