"""Every file of a release, read by programs that had no part in writing it, as strictly as they can."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from xml.parsers import expat

import pyarrow.parquet
import pyoxigraph as ox
import pytest
import rdflib
from openpyxl import load_workbook
from rdflib.plugins.sparql import prepareQuery

from esco_kg.store.local import cache_folder
from tests.support.fuzz import IS_LONG

_TABULAR = {".parquet", ".sqlite", ".xlsx"}
_RDF = ("*.ttl", "*.nt.gz", "*.rdf.gz", "*.jsonld.gz", "*.jsonld")


def read_by_all(release: Path) -> None:
    """Read the graphs with pyoxigraph, in the long run also with rdflib, and each other file by its kind."""
    _graphs(release)
    for path in sorted(release.rglob("*")):
        if path.is_file():
            _one(path)


def _graphs(release: Path) -> None:
    for packed in sorted(release.glob("*.nt.gz")):
        content = gzip.decompress(packed.read_bytes())
        strict = {str(triple) for triple in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)}
        assert strict, packed.name
        if IS_LONG or packed.name.endswith("clusters.nt.gz"):
            assert len(rdflib.Graph().parse(data=content, format="nt")) == len(strict), packed.name
    for other in sorted(release.glob("*.ttl")):
        assert sum(1 for _ in ox.parse(path=str(other), format=ox.RdfFormat.TURTLE)), other.name


def read_by_riot(folder: Path) -> None:
    """Read every RDF file below the folder: one start of Java, which takes longest, for many releases."""
    files = [path for kind in _RDF for path in sorted(folder.rglob(kind)) if path.name != "context.jsonld"]
    jars = cache_folder() / "fuseki"
    if not list(jars.rglob("jena-cmds-*.jar")) or not shutil.which("java"):
        pytest.skip("riot is not here: esco-kg fuseki brings it")
    (home,) = {path.parent for path in jars.rglob("jena-cmds-*.jar")}
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{home}/*", "riotcmd.riot", "--validate", "--sink"]
    read = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=3600, check=False)
    assert read.returncode == 0 and "ERROR" not in read.stderr, f"riot: {read.stderr[:500]}"


def _one(path: Path) -> None:
    if path.suffix in _TABULAR:
        _tabular(path)
        return
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text, kind = content.decode("utf-8"), path.name.removesuffix(".gz").rpartition(".")[2]
    try:
        if kind in ("json", "jsonld"):
            json.loads(text)
        elif kind == "ndjson":
            assert all(isinstance(json.loads(line), dict) for line in text.split("\n")[:-1])
        elif kind in ("xml", "rdf"):
            expat.ParserCreate(namespace_separator=" ").Parse(content, True)
        elif kind == "rq":
            prepareQuery(text)
        elif kind in ("csv", "tsv"):
            without_head = re.sub(r"\A(?:#[^\n]*\n)*", "", text)
            delimiter = "," if kind == "csv" else "\t"
            rows = list(csv.reader(io.StringIO(without_head, newline=""), strict=True, delimiter=delimiter))
            assert len({len(row) for row in rows}) == 1, "rows of several lengths"
    except Exception as error:
        raise AssertionError(f"{path.name}: {type(error).__name__}: {error}") from error


def _tabular(path: Path) -> None:
    """A file that is no text: a database, a workbook, a Parquet file."""
    if path.suffix == ".parquet":
        assert pyarrow.parquet.read_table(path).num_columns
    elif path.suffix == ".xlsx":
        assert load_workbook(path, read_only=True).sheetnames
    else:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
