"""The same from Python: five lines that make a release and read a graph back."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib

import esco_kg
from esco_kg.errors import EscoKgError, InputError


def test_a_release_and_its_graph_in_five_lines(tmp_path: Path) -> None:
    made = esco_kg.make_release(out=tmp_path / "releases", languages=["en", "de"])
    clusters = esco_kg.read_graph(made.folder, "clusters")
    assert isinstance(clusters, rdflib.Graph)
    assert made.is_new and made.version == "1.0.0"
    assert len(clusters) == made.triples["clusters"]
    named = [o for s, o in clusters.subject_objects(rdflib.SKOS.prefLabel) if "/cluster/" in str(s)]
    assert {o.language for o in named if isinstance(o, rdflib.Literal)} == {"en", "de"}


def test_literals_come_back_as_published(demonstration: Path) -> None:
    graph = esco_kg.read_graph(demonstration, "pillar")
    modified = {str(o) for o in graph.objects(None, rdflib.DCTERMS.modified)}
    assert modified and all(text.endswith("Z") for text in modified)


def test_an_unknown_graph_names_those_that_exist(demonstration: Path) -> None:
    with pytest.raises(InputError, match="has no graph 'nothing'") as caught:
        esco_kg.read_graph(demonstration, "nothing")
    assert "clusters" in caught.value.hint


def test_an_error_of_a_user_is_one_class_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(EscoKgError) as caught:
        esco_kg.make_release(tmp_path / "nothing", out=tmp_path / "releases")
    assert caught.value.hint and not (tmp_path / "releases").exists()
