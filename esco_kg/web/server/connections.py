"""Open connections and whose they are: no client takes all of them, and what does not come in time is closed.

A client is an IPv4 address or an IPv6 network of 64 bits, for one machine may have all addresses of such a network.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from esco_kg.web.server.limits import (
    BODY_SECONDS,
    HEAD_BYTES,
    HEAD_SECONDS,
    MOST_CONNECTIONS,
    MOST_IN_ONE_GO,
    MOST_OF_ONE_CLIENT,
    RESERVED_CONNECTIONS,
    STUCK_SECONDS,
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_of(address: str) -> str:
    """The client that an address belongs to; what is no address is a client by itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


class Connections:
    """The open connections of a server, by client.

    ``trusted``: proxies, whose connections are those of many clients and not counted for one.
    """

    def __init__(
        self,
        trusted: Sequence[Network] = (),
        *,
        most: int = MOST_CONNECTIONS,
        most_of_one: int = MOST_OF_ONE_CLIENT,
        reserve: int = RESERVED_CONNECTIONS,
    ) -> None:
        self._trusted = tuple(trusted)
        self._most, self._most_of_one, self._reserve = most, most_of_one, reserve
        self._of: dict[str, dict[BoundedProtocol, None]] = {}  # in the order in which they came
        self._count = 0

    def is_full(self) -> bool:
        """Whether only the reserve is left."""
        return self._count > self._most

    def admit(self, one: BoundedProtocol) -> bool:
        """Count a new connection, or refuse it. A connection without a request makes room first: the client's oldest,
        or that of the client with the most, where all places are taken."""
        own = self._of.get(one.peer, {})
        if len(own) >= self._most_of_one and not self._is_trusted(one.peer):
            victim = _waiting(own)
        elif self._count >= self._most + self._reserve:
            by_number = sorted(self._of.values(), key=len, reverse=True)
            victim = next((found for group in by_number if (found := _waiting(group))), None)
        else:
            victim = one
        if victim is None:
            return False
        if victim is not one:
            self.forget(victim)
            victim.drop()
        self._of.setdefault(one.peer, {})[one] = None
        self._count += 1
        return True

    def forget(self, one: BoundedProtocol) -> None:
        """A connection that ended, or never was admitted."""
        own = self._of.get(one.peer, {})
        if one in own:
            del own[one]
            self._count -= 1
            if not own:
                del self._of[one.peer]

    def _is_trusted(self, peer: str) -> bool:
        try:
            return any(ipaddress.ip_address(peer) in network for network in self._trusted)
        except ValueError:
            return False


def _waiting(group: dict[BoundedProtocol, None]) -> BoundedProtocol | None:
    return next((one for one in group if one.is_waiting), None)


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request does not come in time, whose head has no end, or whose reader takes nothing.

    uvicorn itself would wait.
    """

    def __init__(self, *arguments: object, connections: Connections, **known: object) -> None:
        super().__init__(*arguments, **known)  # type: ignore[arg-type]
        self._all = connections
        self.peer = ""
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._in_head, self._in_body, self._head = True, False, 0
        self._answering: RequestResponseCycle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is being answered, nor a body coming in: half-open, or between two requests."""
        return not self._in_body and (self._answering is None or self._answering.response_complete)

    def drop(self) -> None:
        """Close at once."""
        if self.transport and not self.transport.is_closing():
            self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.peer = client_of(self.client[0] if self.client else "")
        if self._all.admit(self):
            self._wait(HEAD_SECONDS)
        else:
            self.drop()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._head = self._head + len(data) if self._in_head else 0
        if self._head > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n")
            self.transport.close()

    def on_message_begin(self) -> None:
        self._in_head = True
        self._wait(HEAD_SECONDS)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        self._wait(BODY_SECONDS)
        super().on_headers_complete()
        # uvicorn stops reading while requests wait behind another one, and then would not see their sender leave.
        if len(self.pipeline) > MOST_IN_ONE_GO:
            self.drop()
        elif self.pipeline:
            self.flow.resume_reading()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._wait(None)
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: object) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)  # type: ignore[arg-type]

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        if self._writing:
            self._writing.cancel()
        self._all.forget(self)
        # With several requests in one go uvicorn tells the last one, not the one that is being answered.
        if self._answering and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        if self._writing:
            self._writing.cancel()
        super().resume_writing()

    def _watch_reader(self, left: int) -> None:
        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now >= left:
                self.drop()
            else:
                self._watch_reader(now)

        self._writing = self.loop.call_later(STUCK_SECONDS, look)

    def _wait(self, seconds: float | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self._too_late) if seconds else None

    def _too_late(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
