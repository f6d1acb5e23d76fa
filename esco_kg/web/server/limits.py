"""Every limit of the server: what one client, one request and one query may take."""

from __future__ import annotations

from dataclasses import dataclass

HEAD_SECONDS, BODY_SECONDS = 5.0, 20.0
"""In which a request's head, then its body, must come in."""
STUCK_SECONDS = 30.0
"""A reader that takes no byte of an answer for so long is gone."""
HEAD_BYTES = 64_000
MOST_IN_ONE_GO = 16
"""Requests that may wait behind the one that is being answered."""
MOST_CONNECTIONS, MOST_OF_ONE_CLIENT = 512, 100
RESERVED_CONNECTIONS = 64
"""Connections beyond the most, on which only the state of the server is given."""
QUERIES_WAITING, QUERIES_WAITING_OF_ONE_CLIENT = 64, 8
"""SPARQL queries that may wait for a worker; more are turned away."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``rate`` requests a second per client on average, 0 for no limit; ``burst`` at once; sizes in bytes.

    See :func:`esco_kg.web.server.connections.client_of` for what a client is.
    """

    rate: float = 50.0
    burst: int = 300
    path: int = 2_000
    query: int = 8_000
    headers: int = 16_000
    body: int = 200_000


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """``seconds`` for one query, ``rows`` in its answer, ``memory`` of a worker and ``bytes`` of an answer in bytes."""

    seconds: float = 20.0
    rows: int = 10_000
    memory: int = 1 << 30
    bytes: int = 32 << 20
    workers: int = 2
