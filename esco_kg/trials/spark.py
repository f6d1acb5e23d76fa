"""The same assignment as a Spark job, for volumes beyond one machine (extra ``spark``: PySpark, and Java 17 beside it).

The model is broadcast once to every executor and each partition is assigned in batches by the code of
:mod:`esco_kg.trials.assign`, so a row gets what it gets on one machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esco_kg.errors import UsageError
from esco_kg.folder.staging import staging
from esco_kg.trials.assign import Assigner
from esco_kg.trials.rows import kind_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def assign_frame(spark: SparkSession, frame: DataFrame, column: str, assigner: Assigner) -> DataFrame:
    """The frame with the columns of :attr:`Assigner.columns` added. Raises UsageError where it lacks ``column``."""
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    if column not in frame.columns:
        raise UsageError(f"the frame has no column {column!r}", f"It has {', '.join(frame.columns)}.")
    added = [StructField(name, DoubleType() if t is float else StringType()) for name, t in assigner.columns.items()]
    shared = spark.sparkContext.broadcast(assigner)

    def assigned(rows: Iterable[Any]) -> Iterable[list[Any]]:
        for batch in shared.value.rows((row.asDict() for row in rows), column):
            yield from (list(row.values()) for row in batch)

    return spark.createDataFrame(frame.rdd.mapPartitions(assigned), StructType([*frame.schema.fields, *added]))


def assign_file(assigner: Assigner, file: Path, column: str, out: Path, master: str) -> None:
    """Read CSV, NDJSON or Parquet, write the folder ``out`` of the same kind; ``master`` as Spark names it.

    Raises UsageError where PySpark is not installed or the kind of file is none that Spark reads.
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
        assigned = assign_frame(spark, _read(spark, file, kind), column, assigner)
        with staging(out) as folder:
            writer = assigned.write.mode("overwrite")
            if kind == "csv":
                writer.option("header", True).option("escape", '"').csv(str(folder))
            elif kind == "ndjson":
                writer.json(str(folder))
            else:
                writer.parquet(str(folder))
    finally:
        spark.stop()


def _read(spark: SparkSession, file: Path, kind: str) -> DataFrame:
    if kind == "csv":
        return spark.read.csv(str(file), header=True, multiLine=True, escape='"')
    return spark.read.json(str(file)) if kind == "ndjson" else spark.read.parquet(str(file))
