"""Stores that are made while queries wait for them."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path

from esco_kg.web.http.answers import Problem

_PATIENCE = 60.0  # seconds that a query waits for the store of its release
_BEING_MADE = "The query service is being prepared for this release; try again in a minute."


class Preparation:
    """Makes each store once, whoever asks. ``graphs``: store -> what the names of its graphs begin with."""

    def __init__(self, graphs: Mapping[Path, str]) -> None:
        self._graphs = graphs
        self._making: dict[Path, asyncio.Task[str]] = {}

    async def made(self, store: Path) -> None:
        """Wait for a store. Raises Problem where it takes long, or cannot be made."""
        if store.is_dir():
            return
        making = self._begun(store)
        try:
            # Where this reader leaves, the others still wait for it.
            trouble = await asyncio.wait_for(asyncio.shield(making), _PATIENCE)
        except TimeoutError:
            raise Problem(503, _BEING_MADE, Retry_After="60") from None
        finally:
            if making.done():
                self._making.pop(store, None)
        if trouble:
            print(f"{store}: {trouble}", file=sys.stderr, flush=True)
            raise Problem(503, "The query service could not be prepared; its host can read why.", Retry_After="600")

    async def begin(self) -> None:
        """Make the stores that are not there, one after the other, the last given first: nobody waits for them."""
        for store in reversed(list(self._graphs)):
            if not store.is_dir():
                await asyncio.shield(self._begun(store))  # whoever asks later is told what went wrong

    def _begun(self, store: Path) -> asyncio.Task[str]:
        if store not in self._making:
            self._making[store] = asyncio.ensure_future(_make(store.parent, self._graphs[store]))
        return self._making[store]

    async def close(self) -> None:
        """End what is being made; what is half made is taken away."""
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)


async def _make(cache: Path, graphs: str) -> str:
    """'' or why the store could not be made."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "esco_kg.web.sparql.store", str(cache), graphs, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return "" if process.returncode == 0 else said.decode(errors="replace").strip()[-500:] or "it was ended"
