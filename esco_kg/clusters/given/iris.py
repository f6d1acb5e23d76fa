"""IRIs of given clusters: kept where they lie under the base IRI, as it, one path and the id."""

from __future__ import annotations

from dataclasses import replace

from esco_kg.config import CLUSTER_PATH, Config
from esco_kg.config_checks import is_path
from esco_kg.model.given import GivenClusters


def with_their_path(config: Config, given: GivenClusters) -> Config:
    """The settings with the path that the IRIs of the clusters have, where ``release.toml`` names none.

    A sentence in ``given.statements`` says where IRIs under the base IRI cannot be kept: they are published as
    ``skos:exactMatch``, as IRIs elsewhere are.
    """
    base = config.base_iri
    own = {
        cluster.id: cluster.iri.removeprefix(base)
        for cluster in given.clusters.values()
        if cluster.iri.startswith(base)
    }
    paths = {local.removesuffix(identifier) if local.endswith(identifier) else "" for identifier, local in own.items()}
    if not own or paths == {config.cluster_path}:
        return config
    path = min(paths)
    if len(paths) > 1 or not is_path(path) or config.cluster_path != CLUSTER_PATH:
        given.statements.append(
            f"IRIs of the publisher under {base} that are not {base}{config.cluster_path} and the id of the cluster: "
            f"{sum(local != config.cluster_path + identifier for identifier, local in own.items())}. "
            "They are published as skos:exactMatch."
        )
        return config
    read = config.as_read | {"scheme": config.as_read["scheme"] | {"cluster_path": path}}
    return replace(config, cluster_path=path, as_read=read)
