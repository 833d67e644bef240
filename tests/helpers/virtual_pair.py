"""A pair of virtual serial ports, as com0com or socat makes one: what goes in at one comes out at the other at once."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import tty
from collections.abc import Iterator


@contextlib.contextmanager
def virtual_pair() -> Iterator[tuple[str, str]]:
    """The names of two ports. Bytes need no time between them; nothing keeps their speeds apart."""
    (a, a_slave), (b, b_slave) = os.openpty(), os.openpty()
    for slave in (a_slave, b_slave):
        tty.setraw(slave)
    stop, stopped = os.pipe()

    def pump() -> None:
        other = {a: b, b: a}
        while stop not in (ready := select.select([a, b, stop], [], [])[0]):
            for end in ready:
                os.write(other[end], os.read(end, 4096))

    thread = threading.Thread(target=pump, name="virtual pair")
    thread.start()
    try:
        yield os.ttyname(a_slave), os.ttyname(b_slave)
    finally:
        os.close(stopped)
        thread.join()
        # The slave sides were held open, so that no end hung up while nobody had it open.
        for descriptor in (a, b, a_slave, b_slave, stop):
            os.close(descriptor)
