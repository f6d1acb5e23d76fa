"""The clusters' profiles over NACE 2.1 as RDF data cubes, one of sections and one of divisions, with one structure.

They stand in the graph ``clusters`` alone: the tables of the same shares (``SECTOR_TABLES``) are no cubes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from esco_kg.rdf.namespaces import QB
from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, text
from esco_kg.scheme import properties as p
from esco_kg.scheme.cubes import SECTOR_TABLES, release_component_blocks, release_components, released
from esco_kg.scheme.inputs import Inputs, origin_of
from esco_kg.scheme.iris import Iris, nace

_CUBE = "sector-profile"
# component -> kind of component, in the order a reader expects
_COMPONENTS = {"refCluster": "dimension", "refSector": "dimension", "share": "measure"}


def sector_blocks(inputs: Inputs) -> Iterator[Block]:
    """One observation per cluster and NACE section or division, their data sets and the structure; in no order.

    Nothing at all where no occupation is linked to a sector.
    """
    found = [level for level in SECTOR_TABLES.values() if any(_shares(inputs, level))]
    for level in found:
        yield _dataset(inputs, level)
        yield from _observations(inputs, level)
    if found:
        yield from _structure(inputs.iris)


def _shares(inputs: Inputs, level: str) -> Iterator[tuple[str, str, float]]:
    """(cluster, code, share) of one level of NACE."""
    for identifier, profile in inputs.clustering.profiles.items():
        for code, share in (profile.sections if level == "section" else profile.divisions).items():
            yield identifier, code, share


def _observations(inputs: Inputs, level: str) -> Iterator[Block]:
    iris = inputs.iris
    dataset, kind = {iris.sector_profile(level)}, {p.OBSERVATION}
    cluster, sector, share = (iris.of_model(name) for name in _COMPONENTS)
    for identifier, code, value in _shares(inputs, level):
        objects = {RDF_TYPE: kind, p.OF_DATA_SET: dataset, cluster: {iris.cluster(identifier)}}
        objects |= {sector: {nace(code)}, share: {decimal(value)}}
        yield Block(iris.sector_profile(level, identifier, code), objects)


def _dataset(inputs: Inputs, level: str) -> Block:
    iris = inputs.iris
    block = (
        Block(iris.sector_profile(level))
        .add(RDF_TYPE, p.DATA_SET)
        .add(p.TITLE, text(f"NACE 2.1 {level}s of the skill clusters", "en"))
        .add(
            p.DESCRIPTION,
            text(
                f"The share of each NACE 2.1 {level} in a cluster's links to occupations that reach a {level}; the "
                f"shares of a cluster add up to 1. {origin_of(inputs.sectors)}",
                "en",
            ),
        )
        .add(f"<{QB}structure>", iris.structure(_CUBE))
    )
    return released(block, iris, inputs.release.issued)


def _structure(iris: Iris) -> Iterator[Block]:
    """The cubes' definition (RDF Data Cube, section 6), with IRIs for its components."""
    components = [iris.structure(_CUBE, name) for name in _COMPONENTS]
    of_release = release_components(iris, (_CUBE,))
    yield (
        Block(iris.structure(_CUBE))
        .add(RDF_TYPE, f"<{QB}DataStructureDefinition>")
        .add(f"<{QB}component>", *components, *of_release.values())
    )
    for name, (component, kind) in zip(components, _COMPONENTS.items(), strict=True):
        yield Block(name).add(RDF_TYPE, f"<{QB}ComponentSpecification>").add(f"<{QB}{kind}>", iris.of_model(component))
    yield from release_component_blocks(iris, of_release)
