"""TCP ports that are free and stay so: the system gives those above 32767 to whoever asks for any port."""

from __future__ import annotations

import os
import socket
from itertools import count
from typing import Final

_FIRST, _LAST = 20_000, 32_000
# Each process begins elsewhere, so that tests that run at the same time do not take each other's.
_numbers: Final = count(os.getpid() * 101)


def free_ports(number: int) -> list[int]:
    """So many ports that are free, each given to one caller only."""
    found: list[int] = []
    while len(found) < number:
        port = _FIRST + next(_numbers) % (_LAST - _FIRST)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        found.append(port)
    return found
