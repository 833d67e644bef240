"""Slave addresses, primary or by selection: their text, and the telegrams that fit them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cmi_gui.engine.mbus.ci import CI_FIXED, CI_VARIABLE, CI_VARIABLE_MODE_2
from cmi_gui.engine.mbus.datatypes import decode_identification
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import ADDRESS_SELECTED, ADDRESS_TEST, Frame
from cmi_gui.engine.mbus.selection import FABRICATION, ID_SIZE, MASK_SIZE, Identity, SelectionRecord, in_mode_1, matches
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram
from cmi_gui.engine.messages import InvalidValue, Message, marked, quoted

HEADER_SIZE = MASK_SIZE
"""Bytes of a selection field, as at the beginning of a header: identification number (BCD, LSB first), manufacturer
(LSB first), version, device type."""
_MASK = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})?(?:,?FABRICATIONNUMBER([0-9A-F]{8}))?")


@dataclass(frozen=True, slots=True)
class SlaveAddress:
    """The address of a slave: its primary address (0 to 250, or 254) or a selection field, and its speed in bit/s.

    `baud` None: the master's own speed. `str()` gives `name`. Raises ValueError for both addresses or neither.
    """

    primary: int | None = None
    selection: bytes | None = None
    baud: int | None = None

    def __post_init__(self) -> None:
        if (self.primary is None) == (self.selection is None):
            raise ValueError("a slave has either a primary address or a selection field")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> Message:
        """The slave's name within a sentence."""
        return Message("the selected slave") if self.primary is None else Message("address {0}", (self.primary,))

    @property
    def where(self) -> str:
        """The address alone: `5`, or as `selection_text` writes it."""
        return str(self.primary) if self.selection is None else selection_text(self.selection)

    @property
    def a(self) -> int:
        """The A field of telegrams to it."""
        return ADDRESS_SELECTED if self.primary is None else self.primary

    def fits(self, frame: Frame) -> bool:
        """Return whether a RSP_UD may come from this slave.

        For a primary address the A field decides; for a selection the header and, if present, the fabrication number.
        At the test address 254 any slave answers, and a telegram without a long header fits any selection.
        """
        if self.selection is None:
            return self.primary in (ADDRESS_TEST, frame.a)
        mask, data = self.selection[:HEADER_SIZE], frame.data
        if frame.ci == CI_FIXED:
            return matches(mask[:ID_SIZE], Identity(data[:ID_SIZE] + mask[ID_SIZE:]), ())
        header = header_of(frame)
        if header is None:
            return True
        number = fabrication_in(decoded(frame))
        if not number:
            return matches(mask, Identity(header), ())
        return matches(self.selection, Identity(header), (SelectionRecord(FABRICATION[:1], FABRICATION[1:], number),))


def header_of(frame: Frame) -> bytes | None:
    """Return the eight bytes of a long header, in the order of a selection field; None if there is none."""
    if len(frame.data) < HEADER_SIZE or frame.ci not in (CI_VARIABLE, CI_VARIABLE_MODE_2):
        return None
    data = frame.data[:HEADER_SIZE]
    return data if frame.ci == CI_VARIABLE else in_mode_1(data)


def decoded(frame: Frame | None) -> Telegram | None:
    """Return the decoded telegram; None without a frame, or if a good frame holds data that cannot be decoded."""
    try:
        return None if frame is None else decode_telegram(frame)
    except MBusError:
        return None


def fabrication_in(telegram: Telegram | None) -> bytes:
    """Return the fabrication number in a telegram, BCD, LSB first; empty if it has none."""
    for record in telegram.records if telegram is not None else ():
        if record.dib + record.vib == FABRICATION:
            return record.raw
    return b""


def full_selection(frame: Frame) -> bytes | None:
    """Return the selection field of the sender of a RSP_UD, with its fabrication number; None without a long header."""
    header, number = header_of(frame), fabrication_in(decoded(frame))
    if header is None:
        return None
    return header + FABRICATION + number if number else header


def mask_bytes(mask: str) -> bytes:
    """Return the selection field of a mask in the form of `selection_text`; blanks and the comma are optional.

    8 hex digits of identification number (F: any), most significant first; then none or 8 of the rest in the order of a
    header (manufacturer, LSB first; version; device type; FF: any); then, if need be, `fabrication number` and its 8
    digits. Raises InvalidValue for other text.
    """
    match = _MASK.fullmatch("".join(mask.split()).upper())
    if match is None:
        template = marked(
            "{0} is not a mask: a mask has 8 hexadecimal digits (F for any), or 16 with manufacturer, version and"
            ' device type; "fabrication number" and 8 digits may follow'
        )
        raise InvalidValue(Message(template, (repr(mask),)))
    number, rest, fabrication = match.groups()
    field = bytes.fromhex(number)[::-1] + bytes.fromhex(rest or "FF" * (HEADER_SIZE - ID_SIZE))
    return field + FABRICATION + bytes.fromhex(fabrication)[::-1] if fabrication else field


def selection_text(selection: bytes) -> str:
    """Return a selection field as text: `12345678`, ` 9615 01 02` unless that is any, then the fabrication number."""
    return str(selection_message(selection))


def selection_message(selection: bytes) -> Message:
    """Return what `selection_text` does, for use in messages."""
    text = decode_identification(selection)
    if selection[ID_SIZE:HEADER_SIZE].strip(b"\xff"):
        text += f" {selection[4:6].hex()} {selection[6:7].hex()} {selection[7:8].hex()}".upper()
    if len(selection) <= HEADER_SIZE:
        return quoted(text)
    return with_fabrication(text, selection[:-5:-1].hex().upper())


def with_fabrication(text: str, number: str) -> Message:
    """Return the text for an address or a name, and a fabrication number."""
    return Message("{0}, fabrication number {1}", (text, number))
