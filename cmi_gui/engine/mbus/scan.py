"""A scan of the primary addresses, and what scans and searches report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Procedure, Settle
from cmi_gui.engine.mbus.frame import Frame, FrameKind
from cmi_gui.engine.mbus.procedures import ping, request_data
from cmi_gui.engine.mbus.slave_address import SlaveAddress, decoded
from cmi_gui.engine.mbus.telegram import Telegram

_UNUSED = 252
"""A primary address that no slave has."""
SCAN_RETRIES = 1
"""Tries after the first; few, because most addresses are silent."""


@dataclass(frozen=True, slots=True)
class FoundSlave:
    """A slave that a scan found at the primary address or the selection field of `at`.

    A selection field has the eight bytes in the header's order (identification number BCD, LSB first; manufacturer, LSB
    first; version; device type), and a record with the fabrication number if that was needed to separate slaves.
    `frame`, `telegram`: its first answer; None if it gave none, or one that cannot be decoded. `collision`: several
    slaves seem to answer here, and could not be separated. `broken_off`: the answer was broken off behind its header.
    """

    at: SlaveAddress
    frame: Frame | None
    telegram: Telegram | None
    collision: bool = False
    broken_off: bool = False


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """The progress of a scan: the address or mask just scanned, the part done (0 to 1), and the slave found, if any.

    `open`: the number of masks that are certainly still to be tried.
    """

    at: SlaveAddress
    done: float
    found: FoundSlave | None
    open: int = 0


class Crowd:
    """The test whether noise is the E5 of slaves, damaged or overlaid: then the line is quiet where none answers.

    Where a link reports no line errors, the overlaid E5 of many slaves are only a space or two, as a disturbed line has
    too. `unanswered`: a request that no slave answers, sent once, with a long wait, so that a late answer is not noise.
    `note` is called with each answer, which may have late ones to earlier requests beside it.
    """

    def __init__(self, unanswered: Exchange, note: Callable[[Answer], None]) -> None:
        self._unanswered = unanswered
        self._note = note
        self._is_quiet: bool | None = None

    def answer(self, request: Exchange, noise: Answer) -> Procedure[Answer | None]:
        """Return the answer to `request`, sent again after `noise`.

        None if there was no noise, the line is noisy anyway, or nothing is received this time.
        """
        if not noise.raw or noise.strays:
            return None
        if self._is_quiet is None:
            quiet = yield self._unanswered
            self._note(quiet)
            self._is_quiet = not quiet.raw
        if not self._is_quiet:
            return None
        again = yield request
        self._note(again)
        return again if again.raw else None


def scan_primary(addresses: Sequence[int], progress: Callable[[ScanProgress], None]) -> Procedure[list[FoundSlave]]:
    """Send SND_NKE to each address, and request the first telegram if something answers.

    After an answer that is received late, while another address is scanned, the silent addresses before it are scanned
    again with a long wait. `progress` is called after each address.
    """
    found: dict[int, FoundSlave] = {}
    late: dict[int, None] = {}

    def note(answer: Answer) -> None:
        late.update(dict.fromkeys(_suspects(answer) & set(addresses)))

    crowd = Crowd(ping(_UNUSED, retries=0, long_wait=True), note)

    def scan_one(address: int, done: float, *, long_wait: bool) -> Procedure[None]:
        slave, suspects = yield from _scan_address(address, crowd, long_wait=long_wait)
        late.update(dict.fromkeys(suspects & set(addresses)))
        if slave is not None:
            found[address] = slave
        progress(ScanProgress(SlaveAddress(address), done, slave))

    for number, address in enumerate(addresses, 1):
        yield from scan_one(address, number / len(addresses), long_wait=False)
    scanned_again: set[int] = set()
    while True:
        late.update(dict.fromkeys(_suspects((yield Settle())) & set(addresses)))
        remaining = [address for address in late if address not in found and address not in scanned_again]
        if not remaining:
            return [found[address] for address in sorted(found)]
        for address in remaining:
            scanned_again.add(address)
            yield from scan_one(address, 1.0, long_wait=True)


def _scan_address(address: int, crowd: Crowd, *, long_wait: bool) -> Procedure[tuple[FoundSlave | None, set[int]]]:
    """Return the slave at an address, and the addresses from which late answers may have been received meanwhile."""
    at = SlaveAddress(address)
    initialised = yield ping(address, retries=SCAN_RETRIES, long_wait=long_wait)
    if not initialised.answered:
        again = yield from crowd.answer(ping(address, retries=0, long_wait=True), initialised)
        if again is None:
            return None, _suspects(initialised)
        if again.kind is not AnswerKind.ACK:
            return FoundSlave(at, None, None, collision=True), _suspects(initialised)
        initialised = again
    answer = yield request_data(at, retries=SCAN_RETRIES, long_wait=long_wait)
    suspects = _suspects(answer)
    collision = answer.collision or (initialised.collision and initialised.certain)
    if not long_wait and (answer.kind is not AnswerKind.RESPONSE or collision):
        # The slave may be slow, or the answer, or a part of it, is a late one of an earlier address.
        slave, more = yield from _scan_address(address, crowd, long_wait=True)
        return slave, suspects | more | _suspects(initialised, uncertain=True)
    frame = answer.frame if answer.kind in (AnswerKind.RESPONSE, AnswerKind.FOREIGN) else None
    return FoundSlave(at, frame, decoded(frame), collision), suspects | _suspects(initialised)


def _suspects(answer: Answer, *, uncertain: bool = False) -> set[int]:
    """Return the addresses that seem to have answered late. `uncertain`: an E5 that is not certain counts as late."""
    senders = {frame.a for frame in answer.strays if frame.kind is not FrameKind.ACK}
    return senders | {frame.a for frame in answer.unanswered if answer.strays or uncertain}
