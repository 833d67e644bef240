"""The marks that Linux puts into the bytes of a serial port (termios PARMRK): breaks and damaged characters.

With PARMRK and INPCK set, IGNPAR, IGNBRK, BRKINT and ISTRIP clear, the line discipline writes (termios(3)): `FF 00 00`
for a break, `FF 00 X` for a character X that came with a wrong parity bit or without its stop bit, and `FF FF` for a
character FF. It does not distinguish a wrong parity from a missing stop bit, nor a break from a damaged character 00,
which is nearly always a break.
"""

from __future__ import annotations

from typing import Final

from cmi_gui.engine.link.port import PortItem
from cmi_gui.engine.machine import LineEvent

_MARK: Final = 0xFF


class MarkDecoder:
    """A decoder that replaces the marks in a stream, which may be split anywhere, with line events.

    A damaged character becomes `LineEvent.FRAMING` in its place; its value is dropped, because it is wrong.
    """

    def __init__(self) -> None:
        self._partial = b""

    def feed(self, data: bytes) -> list[PortItem]:
        """Return what `data` contains, in order; the beginning of a mark is stored until its end comes."""
        if not self._partial and _MARK not in data:
            return [data] if data else []
        data, self._partial = self._partial + data, b""
        received: list[PortItem] = []
        clean = bytearray()
        at = 0
        while (mark := data.find(_MARK, at)) >= 0:
            clean += data[at:mark]
            after = data[mark + 1 : mark + 3]
            if not after or after == b"\x00":
                self._partial = data[mark:]
                break
            if after[0] == 0x00:
                if clean:
                    received.append(bytes(clean))
                    clean.clear()
                received.append(LineEvent.FRAMING if after[1] else LineEvent.BREAK)
                at = mark + 3
            else:
                # A single FF was received while pyserial had the marks switched off.
                clean.append(_MARK)
                at = mark + 2 if after[0] == _MARK else mark + 1
        else:
            clean += data[at:]
        if clean:
            received.append(bytes(clean))
        return received
