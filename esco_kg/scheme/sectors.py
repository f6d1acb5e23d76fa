"""The clusters' profiles over NACE 2.1 as a small RDF data cube."""

from __future__ import annotations

from collections.abc import Iterator

from esco_kg.rdf.namespaces import QB
from esco_kg.rdf.terms import RDF_TYPE, Block, decimal, text
from esco_kg.scheme import properties as p
from esco_kg.scheme.inputs import Inputs, origin_of
from esco_kg.scheme.iris import Iris, nace

_CUBE = "sector-profile"
# component -> kind of component, in the order a reader expects
_COMPONENTS = {"refCluster": "dimension", "refSector": "dimension", "share": "measure"}


def sector_blocks(inputs: Inputs) -> Iterator[Block]:
    """One observation per cluster and NACE section or division, their dataset and its structure; in no order.

    Nothing at all where no occupation is linked to a sector.
    """
    iris = inputs.iris
    dataset, cluster, sector, share = iris.dataset(_CUBE), *(iris.of_model(name) for name in _COMPONENTS)
    is_empty = True
    for identifier, profile in inputs.clustering.profiles.items():
        for code, value in {**profile.sections, **profile.divisions}.items():
            is_empty = False
            yield (
                Block(iris.observation(identifier, code))
                .add(RDF_TYPE, p.OBSERVATION)
                .add(p.OF_DATA_SET, dataset)
                .add(cluster, iris.cluster(identifier))
                .add(sector, nace(code))
                .add(share, decimal(value))
            )
    if is_empty:
        return
    yield (
        Block(dataset)
        .add(RDF_TYPE, p.DATA_SET)
        .add(p.TITLE, text("Sector profiles of the skill clusters", "en"))
        .add(p.DESCRIPTION, text(_description(inputs), "en"))
        .add(f"<{QB}structure>", iris.structure(_CUBE))
    )
    yield from _structure(iris)


def _description(inputs: Inputs) -> str:
    return (
        "The share of each NACE 2.1 section, and of each division, in a cluster's links to occupations. Sections and "
        f"divisions add up to 1 separately. {origin_of(inputs.sectors)}"
    )


def _structure(iris: Iris) -> Iterator[Block]:
    """The cube's definition (RDF Data Cube, section 6), with IRIs for its components."""
    components = [iris.structure(_CUBE, name) for name in _COMPONENTS]
    yield (
        Block(iris.structure(_CUBE))
        .add(RDF_TYPE, f"<{QB}DataStructureDefinition>")
        .add(f"<{QB}component>", *components)
    )
    for name, (component, kind) in zip(components, _COMPONENTS.items(), strict=True):
        yield Block(name).add(RDF_TYPE, f"<{QB}ComponentSpecification>").add(f"<{QB}{kind}>", iris.of_model(component))
