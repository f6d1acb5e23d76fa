"""The same assignment as a Spark job, for volumes beyond one machine (extra ``spark``: PySpark, and Java 17 beside it).

The model is broadcast once to every executor and each partition is assigned in batches by the code of
:mod:`esco_kg.trials.assign`, so a row gets what it gets on one machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_kg.errors import InputError, UsageError
from esco_kg.folder.staging import staging
from esco_kg.trials.assign import Assigner
from esco_kg.trials.csv_dialect import Dialect, dialect_of
from esco_kg.trials.found_rows import FoundRows
from esco_kg.trials.table_kinds import kind_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def assign_frame(spark: SparkSession, frame: DataFrame, column: str, assigner: Assigner | FoundRows) -> DataFrame:
    """The frame with the assigner's columns added, and its rows. Raises UsageError where it lacks ``column``."""
    from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

    if column not in frame.columns:
        raise UsageError(f"the frame has no column {column!r}", f"It has {', '.join(frame.columns)}.")
    kinds = {float: DoubleType(), int: LongType(), str: StringType()}
    added = [StructField(name, kinds[of]) for name, of in assigner.columns.items()]
    shared = spark.sparkContext.broadcast(assigner)

    def assigned(rows: Iterable[Any]) -> Iterable[list[Any]]:
        for batch in shared.value.rows((row.asDict() for row in rows), column):
            yield from (list(row.values()) for row in batch)

    return spark.createDataFrame(frame.rdd.mapPartitions(assigned), StructType([*frame.schema.fields, *added]))


def assign_file(
    assigner: Assigner | FoundRows, file: Path, column: str, out: Path, master: str, given: Dialect | None = None
) -> None:
    """Read CSV, NDJSON or Parquet, write the folder ``out`` of the same kind; ``master`` as Spark names it.

    Raises UsageError where PySpark is not installed or the kind of file is none that Spark reads, InputError where
    Spark cannot read it or fails.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError(
            "PySpark is not installed", "Install it with pip install 'esco-kg[spark]', and Java 17."
        ) from None
    kind = kind_of(file)
    if out.exists():
        raise UsageError(f"{out} exists already", "Give the name of a new folder with --out.")
    if kind == "xlsx" or str(file) == "-":
        raise UsageError(f"{file}: Spark reads .csv, .ndjson and .parquet", "Leave --spark out, or convert the file.")
    # Spark would start "python3", which need not be the Python that esco_kg is installed in.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.master(master).appName("esco-kg assign").config("spark.ui.enabled", "false").getOrCreate()
    )
    try:
        with staging(out) as folder, _in_one_line(file):
            assigned = assign_frame(spark, _read(spark, file, kind, given or Dialect()), column, assigner)
            writer = assigned.write.mode("overwrite")
            if kind == "csv":
                writer.options(**_AS_IT_IS).option("header", True).csv(str(folder))
            elif kind == "ndjson":
                writer.option("ignoreNullFields", False).json(str(folder))
            else:
                writer.parquet(str(folder))
    finally:
        spark.stop()


# Spark would trim cells, take \\ for an escape, and pass over cells that are too many.
_AS_IT_IS: dict[str, Any] = {
    "escape": '"', "ignoreLeadingWhiteSpace": False, "ignoreTrailingWhiteSpace": False, "emptyValue": "",
}  # fmt: skip


def _read(spark: SparkSession, file: Path, kind: str, given: Dialect) -> DataFrame:
    if kind == "csv":
        dialect = dialect_of(file, given)
        options = _AS_IT_IS | {"sep": dialect.delimiter, "encoding": dialect.encoding.removesuffix("-sig")}
        return spark.read.options(**options).csv(str(file), header=True, multiLine=True, mode="FAILFAST")
    return spark.read.json(str(file), mode="FAILFAST") if kind == "ndjson" else spark.read.parquet(str(file))


@contextmanager
def _in_one_line(file: Path) -> Iterator[None]:
    """Spark's errors run over pages; the first line of the innermost one says what it is."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JJavaError, PySparkException) as error:
        told = str(error).split("\n")
        lines = [line for line in told if line.startswith("Caused by: ")] or told
        raise InputError(
            str(file), f"Spark failed: {lines[-1].strip()}", "Run it without --spark to see the line."
        ) from error
