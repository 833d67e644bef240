"""The beginning of an answer: the header and, where it is the first record, the fabrication number."""

from __future__ import annotations

from cmi_gui.engine.mbus.ci import CI_VARIABLE
from cmi_gui.engine.mbus.frame import LONG_BYTE, LONG_OVERHEAD, RSP_UD, Frame
from cmi_gui.engine.mbus.selection import FABRICATION
from cmi_gui.engine.mbus.slave_address import full_selection

_START = 7
"""Bytes of a long frame before its data: 68 L L 68, C, A and CI field."""
_HEADER = 12
"""Bytes of the header: secondary address, access number, status and signature."""
_NUMBER = 4
_CONTROL_BITS = 0x30
"""Bits of the C field of an answer that a slave may set: ACD and DFC."""


def begun_answer(raw: bytes) -> Frame | None:
    """Return a telegram of what is received of a longer RSP_UD, with its header and the fabrication number behind it.

    None if they are not complete, if they are the whole telegram, or for another structure than CI 72. Nothing but the
    parity of each character protects these bytes, because the checksum is at the end.
    """
    record = _START + _HEADER
    if len(raw) < record + len(FABRICATION) or raw[0] != LONG_BYTE or raw[3] != LONG_BYTE or raw[1] != raw[2]:
        return None
    if raw[4] & ~_CONTROL_BITS != RSP_UD or raw[6] != CI_VARIABLE:
        return None
    has_number = raw[record : record + len(FABRICATION)] == FABRICATION
    end = record + (len(FABRICATION) + _NUMBER if has_number else 0)
    if len(raw) < end or raw[1] + LONG_OVERHEAD <= len(raw):
        return None
    return Frame.long(raw[4], raw[5], raw[6], raw[_START:end])


def named_sender(raw: bytes) -> bytes | None:
    """Return the selection field that a telegram names, of which only a part behind its beginning is damaged."""
    begun = begun_answer(raw[: _START + _HEADER + len(FABRICATION) + _NUMBER])
    return None if begun is None else full_selection(begun)
