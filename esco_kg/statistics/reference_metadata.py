"""Reference metadata of a release: what a quality report by ESMS or SIMS asks, answered from what is known of it.

Sections and ids of concepts are those of the Euro-SDMX Metadata Structure 2.0, which SIMS takes over. What only the
publisher can say stands in ``[reference_metadata]`` of ``release.toml``; where he said nothing, the report says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from esco_kg.config import Config
from esco_kg.model.clustering import Clustering
from esco_kg.model.cube import QualityMeasurement, Statistics
from esco_kg.model.pillar import Pillar, SectorLinks
from esco_kg.model.published import ReleaseInfo
from esco_kg.notes.document import Block, Heading, Paragraph, to_html, to_markdown

NAME = "reference-metadata"
UNSAID = "The publisher has not said anything about this."


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of the report: its number, id and name. A section has no text, its concepts have."""

    number: str
    id: str
    name: str
    text: str = ""


_SECTIONS = (
    ("CONTACT", "Contact", ("CONTACT_ORGANISATION", "CONTACT_NAME", "CONTACT_EMAIL")),
    ("META_UPDATE", "Metadata update", ("META_LAST_UPDATE",)),
    (
        "STAT_PRES",
        "Statistical presentation",
        ("DATA_DESCR", "CLASS_SYSTEM", "STAT_CONC_DEF", "STAT_UNIT", "STAT_POP", "REF_AREA", "COVERAGE_TIME"),
    ),
    ("UNIT_MEASURE", "Unit of measure", ("UNIT_MEASURE_LIST",)),
    ("REF_PERIOD", "Reference period", ("REF_PERIOD_DATE",)),
    ("INST_MANDATE", "Institutional mandate", ("INST_MAN_LA_OA",)),
    ("CONF", "Confidentiality", ("CONF_POLICY", "CONF_DATA_TR")),
    ("REL_POLICY", "Release policy", ("REL_POL_US_AC",)),
    ("FREQ_DISS", "Frequency of dissemination", ("FREQ_DISS_RELEASES",)),
    ("ACCESSIBILITY_CLARITY", "Accessibility and clarity", ("DISS_OTHER", "DOC_METHOD", "QUALITY_DOC")),
    ("QUALITY_MGMNT", "Quality management", ("QUALITY_ASSURE", "QUALITY_ASSMNT")),
    ("RELEVANCE", "Relevance", ("USER_NEEDS", "USER_SAT", "COMPLETENESS")),
    ("ACCURACY", "Accuracy and reliability", ("ACCURACY_OVERALL", "SAMPLING_ERR", "NONSAMPLING_ERR")),
    ("TIMELINESS_PUNCT", "Timeliness and punctuality", ("TIMELINESS", "PUNCTUALITY")),
    ("COHER_COMPAR", "Coherence and comparability", ("COMPAR_TIME", "COHER_X_DOM", "COHER_INTERNAL")),
    ("COST_BURDEN", "Cost and burden", ("COST_BURDEN_TEXT",)),
    ("DATA_REV", "Data revision", ("REV_POLICY", "REV_PRACTICE")),
    ("STAT_PROCESS", "Statistical processing", ("SOURCE_TYPE", "COLL_METHOD", "DATA_VALIDATION", "DATA_COMP")),
    ("COMMENT_DSET", "Comment", ("COMMENT_LICENCE",)),
)
_NAMES = {
    "ACCURACY_OVERALL": "Overall accuracy",
    "CLASS_SYSTEM": "Classification system",
    "COHER_INTERNAL": "Coherence: internal",
    "COHER_X_DOM": "Coherence: cross domain",
    "COLL_METHOD": "Data collection",
    "COMMENT_LICENCE": "Licence",
    "COMPAR_TIME": "Comparability over time",
    "COMPLETENESS": "Completeness",
    "CONF_DATA_TR": "Confidentiality: data treatment",
    "CONF_POLICY": "Confidentiality: policy",
    "CONTACT_EMAIL": "Contact address",
    "CONTACT_NAME": "Contact name",
    "CONTACT_ORGANISATION": "Contact organisation",
    "COST_BURDEN_TEXT": "Cost and burden",
    "COVERAGE_TIME": "Time coverage",
    "DATA_COMP": "Data compilation",
    "DATA_DESCR": "Data description",
    "DATA_VALIDATION": "Data validation",
    "DISS_OTHER": "Dissemination formats",
    "DOC_METHOD": "Documentation on methodology",
    "FREQ_DISS_RELEASES": "Releases",
    "INST_MAN_LA_OA": "Legal acts and other agreements",
    "META_LAST_UPDATE": "Metadata last update",
    "NONSAMPLING_ERR": "Non-sampling error",
    "PUNCTUALITY": "Punctuality",
    "QUALITY_ASSMNT": "Quality assessment",
    "QUALITY_ASSURE": "Quality assurance",
    "QUALITY_DOC": "Quality documentation",
    "REF_AREA": "Reference area",
    "REF_PERIOD_DATE": "Date that the figures are of",
    "REL_POL_US_AC": "User access",
    "REV_POLICY": "Revision policy",
    "REV_PRACTICE": "Revision practice",
    "SAMPLING_ERR": "Sampling error",
    "SOURCE_TYPE": "Source data",
    "STAT_CONC_DEF": "Statistical concepts and definitions",
    "STAT_POP": "Statistical population",
    "STAT_UNIT": "Statistical unit",
    "TIMELINESS": "Timeliness",
    "UNIT_MEASURE_LIST": "Units",
    "USER_NEEDS": "User needs",
    "USER_SAT": "User satisfaction",
}


def entries(
    statistics: Statistics,
    clustering: Clustering,
    pillar: Pillar,
    sectors: SectorLinks,
    config: Config,
    info: ReleaseInfo,
) -> list[Entry]:
    """The report in order: each section before its concepts. What the publisher says goes before what is known."""
    known = _known(clustering, pillar, config, info, sectors) | _measured(statistics, config)
    found = []
    for number, (section, title, concepts) in enumerate(_SECTIONS, start=1):
        found.append(Entry(str(number), section, title))
        for below, concept in enumerate(concepts, start=1):
            text = config.reference_metadata.get(concept) or known.get(concept) or UNSAID
            found.append(Entry(f"{number}.{below}", concept, _NAMES[concept], text))
    return found


def write_page(report: Sequence[Entry], folder: Path, config: Config, info: ReleaseInfo) -> None:
    """Write the report as ``reference-metadata.md`` and as a page of its own, ``reference-metadata.html``."""
    title = f"Reference metadata: {config.titles['en']}, release {info.version}"
    blocks: list[Block] = [Heading(title, 1)]
    blocks.append(Paragraph("By the concepts of ESMS 2.0 (SIMS). The ids in brackets are those of the SDMX file."))
    for entry in report:
        blocks.append(Heading(f"{entry.number} {entry.name} ({entry.id})", 3 if entry.text else 2))
        if entry.text:
            blocks.append(Paragraph(entry.text))
    (folder / f"{NAME}.md").write_text(to_markdown(blocks), encoding="utf-8", newline="\n")
    (folder / f"{NAME}.html").write_text(to_html(blocks), encoding="utf-8", newline="\n")


def _known(
    clustering: Clustering, pillar: Pillar, config: Config, info: ReleaseInfo, sectors: SectorLinks
) -> dict[str, str]:
    source = f"{config.source} {info.esco_version}"
    sizes = [
        sum(cluster.depth == level.depth for cluster in clustering.clusters.values()) for level in clustering.levels
    ]
    levels = ", ".join(f"{size} at level {level.depth}" for level, size in zip(clustering.levels, sizes, strict=True))
    allocated = {a.skill for a in clustering.allocations if a.rank == "primary"}
    files = ", ".join(s.name for s in (*pillar.sources, *sectors.sources))
    found = {
        "CONTACT_ORGANISATION": config.publisher,
        "CONTACT_EMAIL": config.contact,
        "META_LAST_UPDATE": info.issued,
        "DATA_DESCR": config.descriptions.get("en", config.titles["en"]),
        "CLASS_SYSTEM": f"Skill clusters ({levels}); the skills pillar of {config.source}; ISCO-08"
        + ("; NACE 2.1." if sectors.known else "."),
        "STAT_CONC_DEF": "What each table and column means is said in statistics/csv-metadata.json.",
        "STAT_UNIT": "A skill or knowledge concept; for some tables a link between a skill and an occupation.",
        "STAT_POP": f"All {len(pillar.skills)} skills and {len(pillar.occupations)} occupations of {source} as read"
        + (", which is a part of it." if info.is_extract else "."),
        # What another source is about, its publisher knows.
        **({"REF_AREA": "None: ESCO is not about one area."} if config.source == "ESCO" else {}),
        "COVERAGE_TIME": f"The content of {source}.",
        "REF_PERIOD_DATE": f"The state of {source}; the release was issued on {info.issued}.",
        "FREQ_DISS_RELEASES": f"Release {info.version}, issued on {info.issued}; "
        + (f"the one before is {info.previous}." if info.previous else "it follows no other."),
        "DISS_OTHER": "RDF, CSV with CSVW, SDMX, and the other forms that the release notes list.",
        "DOC_METHOD": "RELEASE-NOTES.html tells inputs, method and decisions.",
        "QUALITY_DOC": "This report, validation.txt, and the quality measurements of the graph statistics (DQV).",
        "QUALITY_ASSURE": "A release that fails validation is not published; the same inputs give the same bytes.",
        "SAMPLING_ERR": "None: all skills and occupations are counted.",
        "NONSAMPLING_ERR": _defects(pillar),
        "TIMELINESS": f"Issued on {info.issued} from {source}.",
        "COHER_INTERNAL": "All forms are made from the same tables in one step.",
        "COHER_X_DOM": f"Occupations go by ISCO-08, sectors by NACE 2.1 (source of the link: {sectors.origin})."
        if sectors.known
        else "Occupations go by ISCO-08. No link to sectors was given.",
        "COMPAR_TIME": f"The changes since release {info.previous}, and the weights that carry a series over, are part"
        " of the release."
        if info.previous
        else "This release was compared with no earlier one.",
        "REV_POLICY": "Published releases are immutable. A correction is a new release.",
        "REV_PRACTICE": f"It replaces release {info.previous}." if info.previous else "It replaces no other release.",
        "SOURCE_TYPE": f"{source}: {files}.",
        "COLL_METHOD": "The files are read as they are; their SHA-256 stand in manifest.json."
        + (f" {len(pillar.repairs)} cells were corrected; repairs.csv lists them." if pillar.repairs else ""),
        "DATA_VALIDATION": "SHACL shapes and SPARQL checks of every graph; the report is validation.txt.",
        "DATA_COMP": f"{len(allocated)} skills have a primary cluster, by {_placed(clustering)}.",
        "COMMENT_LICENCE": f"{config.licence}. {config.acknowledgement}",
    }
    return found


def _placed(clustering: Clustering) -> str:
    methods = Counter(a.method for a in clustering.allocations if a.rank == "primary")
    return ", ".join(f"{method} ({count})" for method, count in sorted(methods.items()))


def _defects(pillar: Pillar) -> str:
    if not pillar.defects:
        return "No defect was found in the input."
    return f"Defects of the input that did not stop the release: {'; '.join(_told(pillar))}."


def _told(pillar: Pillar) -> Iterator[str]:
    found: Counter[str] = Counter()
    for defect in pillar.defects:
        found[defect.kind] += defect.count
    for kind, count in sorted(found.items()):
        yield f"{kind} ({count})"


def _measured(statistics: Statistics, config: Config) -> dict[str, str]:
    by_kind: dict[str, list[QualityMeasurement]] = {}
    for measurement in statistics.quality:
        by_kind.setdefault(measurement.dimension, []).append(measurement)
    units = sorted({next(iter(f.unit.labels.values())) for cube in statistics.cubes for f in cube.figures})
    threshold = config.threshold
    return {
        "COMPLETENESS": _figures(by_kind.pop("completeness", [])),
        "ACCURACY_OVERALL": _figures(by_kind.pop("accuracy", [])),
        "QUALITY_ASSMNT": _figures([m for kind in sorted(by_kind) for m in by_kind[kind]]),
        "UNIT_MEASURE_LIST": ", ".join(units) + ".",
        "CONF_DATA_TR": f"Counts from 1 to {threshold - 1} are suppressed, with as many others as protect them."
        if threshold
        else "Nothing is suppressed.",
    }


def _figures(measurements: Sequence[QualityMeasurement]) -> str:
    """One sentence for each figure, with its definition where it stands first."""
    said, told = set(), []
    for m in measurements:
        about = f"level {m.about}" if m.about.isdigit() else m.about
        name = m.metric.replace("-", " ") + (f", {about}" if about else "")
        told.append(f"{name}: {m.value}" + ("" if m.metric in said else f" ({m.definition.rstrip('.')})"))
        said.add(m.metric)
    return "; ".join(told) + "." if told else "No figure was measured."
