"""Security modes, and the encrypted bytes after a header.

The two bytes after the status were a signature without a defined meaning [DOC48 §6.3]. Since EN 13757-3:2013 they are a
configuration field whose bits 8 to 12 name a security mode (EN 13757-7:2018, OMS volume 2). A signature may have any
value, so only defined modes count, and only if the bytes agree with them. The mode numbers agree in wmbusmeters, jMBus
and FHEM, which are independent of each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from cmi_gui.engine.mbus.datatypes import Missing
from cmi_gui.engine.mbus.record import Record, RecordBlock
from cmi_gui.engine.mbus.vif_tables import RESERVED

_PLAIN = b"\x2f\x2f"
"""Two fillers, with which every payload to be encrypted begins: if they are readable, the payload is in clear."""
_BLOCK = 16
"""Bytes of an AES block."""
IMPOSSIBLE = (Missing.INVALID, Missing.NOT_AVAILABLE, Missing.NOT_DECIMAL, Missing.RECORD_ERROR)
"""Reasons for no value that are rare in records in clear."""


@dataclass(frozen=True, slots=True)
class SecurityMode:
    """A security mode. `extension`: bytes that it adds to the configuration field, before the payload.

    `counts_blocks`: bits 4 to 7 of the configuration field are the number of encrypted blocks of 16 bytes. For the
    other modes public sources do not agree on how many bytes are encrypted.
    """

    name: str
    extension: int = 0
    counts_blocks: bool = False


MODES = {
    1: SecurityMode("manufacturer specific"),
    2: SecurityMode("DES-CBC, withdrawn"),
    3: SecurityMode("DES-CBC with initial vector, withdrawn"),
    4: SecurityMode("specific use"),
    5: SecurityMode("AES-CBC with initial vector", counts_blocks=True),
    7: SecurityMode("AES-CBC with ephemeral key", extension=1, counts_blocks=True),
    8: SecurityMode("AES-CTR with CMAC"),
    9: SecurityMode("AES-GCM"),
    10: SecurityMode("AES-CCM"),
    13: SecurityMode("TLS"),
    15: SecurityMode("specific use"),
}
"""The defined modes. 0 means no encryption; 6, 11, 12, 14 and 16 to 31 are reserved."""


def mode_of(word: int) -> int:
    """Return the security mode of a configuration field, 0 if it names no defined one."""
    mode = word >> 8 & 0x1F
    return mode if mode in MODES else 0


def encrypted_size(word: int, payload: bytes) -> int | None:
    """Return how many bytes at the beginning of `payload` are encrypted, by the configuration field `word`.

    0: the payload is in clear. None: unknown, because the mode gives no number, or a number beyond the payload;
    `looks_decoded` then judges the decoded records.
    """
    mode = MODES.get(word >> 8 & 0x1F)
    if mode is None or not payload or payload.startswith(_PLAIN):
        return 0
    if not mode.counts_blocks:
        return None
    blocks = word >> 4 & 0xF
    if not blocks:
        return None if mode.extension else 0
    size = mode.extension + blocks * _BLOCK
    return size if size <= len(payload) else None


def looks_decoded(block: RecordBlock, size: int) -> bool:
    """Return whether records, decoded from `size` bytes, were in clear: they end with the last byte and are plausible.

    Records from random bytes nearly always have a reserved code or an impossible value in more than a quarter of them;
    two or three of a hundred such payloads pass. Less than a block cannot be encrypted.
    """
    if block.fault is not None or not block.records:
        return False
    return size < _BLOCK or 4 * sum(map(_is_implausible, block.records)) <= len(block.records)


def _is_implausible(record: Record) -> bool:
    # The names of reserved VIFs and VIFEs begin with the same word.
    reserved = any(text.startswith(RESERVED) for text in (record.quantity, *record.qualifiers))
    return reserved or record.missing in IMPOSSIBLE
