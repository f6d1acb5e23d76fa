"""Files in the catalogue: those of a release as distributions, those it was made from as sources, with checksums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esco_kg.config import Config
from esco_kg.folder.manifest import media_type_of
from esco_kg.folder.reading import MANIFEST
from esco_kg.model.pillar import Source
from esco_kg.model.published import PublishedFile, ReleaseInfo
from esco_kg.rdf.namespaces import DCAT, DCT, PROV, SPDX
from esco_kg.rdf.terms import RDF_TYPE, Block, Term, plain, text, typed
from esco_kg.scheme import authorities
from esco_kg.scheme import properties as p
from esco_kg.scheme.iris import Iris, term

_DISTRIBUTION = f"<{DCAT}Distribution>"
_SHA_256 = f"<{SPDX}checksumAlgorithm_sha256>"


def distribution_blocks(
    config: Config, iris: Iris, release: ReleaseInfo, files: Sequence[PublishedFile]
) -> Iterator[Block]:
    """Each file of a release as a distribution, with its checksum, and the classes of types that they name."""
    types: dict[Term, set[Term]] = {_SHA_256: {f"<{SPDX}ChecksumAlgorithm>"}}
    for file in files:
        packed = file.name.endswith(".gz")
        media = media_type_of(file.name.removesuffix(".gz"))
        block = (
            Block(iris.file(file.name))
            .add(RDF_TYPE, _DISTRIBUTION)
            .add(p.TITLE, text(file.title, "en"))
            .add(p.IDENTIFIER, plain(file.name))
            .add(f"<{DCAT}accessURL>", iris.release())
            .add(f"<{DCAT}downloadURL>", iris.download(file.name))
            .add(f"<{DCAT}mediaType>", authorities.media_type(media))
            .add(f"<{DCAT}byteSize>", typed(file.bytes, "nonNegativeInteger"))
            .add(p.CHECKSUM, iris.checksum(file.name))
            .add(p.ISSUED, typed(release.issued, "date"))
            .add(p.LICENSE, term(config.licence, "licence.iri"))
            .add(p.CONFORMS_TO, *authorities.standards(file.name))
        )
        types.setdefault(authorities.media_type(media), set()).add(f"<{DCT}MediaType>")
        kind = authorities.file_type(media)
        if kind:
            block.add(f"<{DCT}format>", kind)
            types.setdefault(kind, set()).add(f"<{DCT}MediaTypeOrExtent>")
        if packed:
            block.add(f"<{DCAT}compressFormat>", authorities.media_type(file.media_type))
            types.setdefault(authorities.media_type(file.media_type), set()).add(f"<{DCT}MediaType>")
        yield block
        yield checksum_block(iris.checksum(file.name), file.sha256)
    for subject in sorted(types):
        yield Block(subject).add(RDF_TYPE, *types[subject])


def manifest_blocks(config: Config, iris: Iris, issued: str, sha256: str) -> Iterator[Block]:
    """The manifest of a release as a distribution. Its own catalogue cannot have it, for the manifest has the checksum
    of that; the catalogue of all releases does. Both names lead to the file itself."""
    manifest, media = iris.download(MANIFEST), authorities.media_type(media_type_of(MANIFEST))
    checksum = f"{manifest[:-1]}#checksum>"
    yield (
        Block(manifest)
        .add(RDF_TYPE, _DISTRIBUTION)
        .add(p.TITLE, text("Manifest: checksums, versions and parameters", "en"))
        .add(p.IDENTIFIER, plain(MANIFEST))
        .add(f"<{DCAT}accessURL>", iris.release())
        .add(f"<{DCAT}downloadURL>", manifest)
        .add(f"<{DCAT}mediaType>", media)
        .add(p.CHECKSUM, checksum)
        .add(p.ISSUED, typed(issued, "date"))
        .add(p.LICENSE, term(config.licence, "licence.iri"))
    )
    yield checksum_block(checksum, sha256)
    yield Block(media).add(RDF_TYPE, f"<{DCT}MediaType>")
    yield Block(_SHA_256).add(RDF_TYPE, f"<{SPDX}ChecksumAlgorithm>")


def checksum_block(subject: Term, sha256: str) -> Block:
    """A SHA-256 in hex as an SPDX checksum."""
    return (
        Block(subject)
        .add(RDF_TYPE, f"<{SPDX}Checksum>")
        .add(f"<{SPDX}algorithm>", _SHA_256)
        .add(f"<{SPDX}checksumValue>", typed(sha256, "hexBinary"))
    )


def source_blocks(iris: Iris, sources: Sequence[Source]) -> Iterator[Block]:
    """Input files with name, size and checksum; one that was given under two names has both."""
    blocks: dict[Term, Block] = {}
    for source in sources:
        name = iris.source(source.sha256)
        block = blocks.setdefault(name, Block(name))
        block.add(RDF_TYPE, f"<{PROV}Entity>").add(p.IDENTIFIER, plain(source.name))
        block.add(f"<{DCAT}byteSize>", typed(source.bytes, "nonNegativeInteger"))
        block.add(p.CHECKSUM, iris.source(source.sha256, "checksum"))
        checksum = checksum_block(iris.source(source.sha256, "checksum"), source.sha256)
        blocks[checksum.subject] = checksum
    yield from blocks.values()
