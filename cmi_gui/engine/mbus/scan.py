"""A scan of the primary addresses, and what scans and searches report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Procedure, Settle
from cmi_gui.engine.mbus.frame import Frame, FrameKind
from cmi_gui.engine.mbus.procedures import ping, request_data
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded
from cmi_gui.engine.mbus.telegram import Telegram

SCAN_RETRIES = 1
"""Tries after the first; few, because most addresses are silent."""


@dataclass(frozen=True, slots=True)
class FoundSlave:
    """A slave that a scan found at the primary address or the selection field of `at`.

    A selection field has the eight bytes in the header's order (identification number BCD, LSB first; manufacturer, LSB
    first; version; device type), and a record with the fabrication number where that was needed to separate slaves.
    `frame`, `telegram`: its first answer; None where it gave none, or one that cannot be decoded. `collision`: several
    slaves seem to answer here, and could not be separated.
    """

    at: SlaveAddress
    frame: Frame | None
    telegram: Telegram | None
    collision: bool = False


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """The progress of a scan: the address or mask just asked, the part done (0 to 1), and the slave found, if any."""

    at: SlaveAddress
    done: float
    found: FoundSlave | None


def scan_primary(
    addresses: Sequence[int], progress: Callable[[ScanProgress], None], *, retries: int = SCAN_RETRIES
) -> Procedure[list[FoundSlave]]:
    """Send SND_NKE to each address, and request the first telegram where something answers.

    An answer that comes late, while another address is asked, makes the scan ask the silent addresses before it again,
    patiently. `progress` is called after each address.
    """
    found: dict[int, FoundSlave] = {}
    late: dict[int, None] = {}

    def look(address: int, done: float, *, patient: bool) -> Procedure[None]:
        here, suspects = yield from _look_at(address, retries, patient=patient)
        late.update(dict.fromkeys(suspects & set(addresses)))
        if here is not None:
            found[address] = here
        progress(ScanProgress(SlaveAddress(address), done, here))

    for number, address in enumerate(addresses, 1):
        yield from look(address, number / len(addresses), patient=False)
    asked: set[int] = set()
    while True:
        late.update(dict.fromkeys(_suspects((yield Settle())) & set(addresses)))
        again = [address for address in late if address not in found and address not in asked]
        if not again:
            return [found[address] for address in sorted(found)]
        for address in again:
            asked.add(address)
            yield from look(address, 1.0, patient=True)


def _look_at(address: int, retries: int, *, patient: bool) -> Procedure[tuple[FoundSlave | None, set[int]]]:
    """Return the slave at an address, and the addresses that late answers may have come from meanwhile."""
    at = SlaveAddress(address)
    pinged = yield ping(address, retries=retries, patient=patient)
    if not pinged.somebody:
        return None, _suspects(pinged)
    answer = yield request_data(at, retries=retries, patient=patient)
    suspects = _suspects(answer)
    collision = answer.collision or (pinged.collision and pinged.certain)
    if not patient and (answer.kind is not AnswerKind.RESPONSE or collision):
        # The slave may be slow, or the answer, or a part of it, came late from one asked before.
        here, more = yield from _look_at(address, retries, patient=True)
        return here, suspects | more | _suspects(pinged, uncertain=True)
    frame = answer.frame if answer.kind in (AnswerKind.RESPONSE, AnswerKind.FOREIGN) else None
    return FoundSlave(at, frame, decoded(frame), collision), suspects | _suspects(pinged)


def _suspects(answer: Answer, *, uncertain: bool = False) -> set[int]:
    """Return the addresses that seem to have answered late. `uncertain`: an E5 that is not certain counts as late."""
    senders = {frame.a for frame in answer.strays if frame.kind is not FrameKind.ACK}
    return senders | {frame.a for frame in answer.unanswered if answer.strays or uncertain}
