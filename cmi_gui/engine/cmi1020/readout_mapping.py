"""Mapping of E350 data lines to M-Bus records and back, without losing a digit.

A line is encoded by the table of the profile `readout.toml` only if decoding gives exactly the same line; every other
line is sent as an *escape record*: a text whose plain-text VIF (7C) carries the OBIS code. So all lines can be restored
from the telegrams alone, exactly as the meter sent them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Protocol

import msgspec

from cmi_gui.engine.cmi1020.telegrams import has_digits
from cmi_gui.engine.iec62056.dataset import split_line
from cmi_gui.engine.mbus.datatypes import decode_text, encode_bcd
from cmi_gui.engine.mbus.dib import DataField, encode_dib
from cmi_gui.engine.mbus.lvar import MAX_TEXT, check_length, encode_lvar_text
from cmi_gui.engine.mbus.vib import encode_plain_vib

_TEXT_DIB = encode_dib(DataField.VARIABLE)
_PLAIN_TEXT = b"\x7c"
_FUNCTION_MASK = 0x30
MAX_CODE = 16
"""Longest OBIS code, in characters."""
_WHOLE_LINE = "!"
"""The code for a line that is not of the form CODE(...); no OBIS code can contain it (IEC 62056-21 6.6)."""

_DATA_FIELDS = {1: 0x02, 2: 0x02, 3: 0x02, 4: 0x02, 5: 0x03, 6: 0x03, 7: 0x04, 8: 0x04, 9: 0x04}
_BCD_FIELDS = {2: 0x09, 4: 0x0A, 6: 0x0B, 8: 0x0C, 12: 0x0E}


class _NumberRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    integer: int
    vib: dict[str, str]
    unit: str = ""
    signed: bool = False


class _DigitsRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    digits: int
    vib: str | None = None
    """None: the code itself as a plain-text VIF."""


class _TextRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    vib: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mapping_version: int
    basis: str
    number: tuple[_NumberRule, ...] = ()
    counter: tuple[_DigitsRule, ...] = ()
    identification: tuple[_DigitsRule, ...] = ()
    text: tuple[_TextRule, ...] = ()


class _Format(Protocol):
    """A format for the text of one code; a text that decoding does not restore exactly is not of this format."""

    def encode(self, text: str) -> bytes | None: ...

    def decode(self, data: bytes) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of fixed width, as a signed integer of `size` bytes."""

    integer: int
    decimals: int
    unit: str
    signed: bool
    size: int

    def encode(self, text: str) -> bytes | None:
        try:
            return int(text.removesuffix(self.unit).replace(".", "")).to_bytes(self.size, "little", signed=True)
        except (ValueError, OverflowError):
            return None

    def decode(self, data: bytes) -> str | None:
        value = int.from_bytes(data, "little", signed=True)
        digits = f"{abs(value):0{self.integer + self.decimals}d}"
        too_long = len(digits) > self.integer + self.decimals or len(data) != self.size
        if too_long or (value < 0 and not self.signed):
            return None
        point = f"{digits[: self.integer]}.{digits[self.integer :]}" if self.decimals else digits
        return f"{'-' if value < 0 else ''}{point}{self.unit}"


@dataclass(frozen=True, slots=True)
class _Digits:
    """A fixed number of decimal digits, as BCD."""

    digits: int

    def encode(self, text: str) -> bytes | None:
        return encode_bcd(int(text), self.digits // 2) if has_digits(text, self.digits) else None

    def decode(self, data: bytes) -> str | None:
        text = data[::-1].hex()
        return text if len(text) == self.digits and text.isdigit() else None


class _Text:
    """Any text of at most `MAX_TEXT` characters."""

    def encode(self, text: str) -> bytes | None:
        return encode_lvar_text(text) if len(text) <= MAX_TEXT else None

    def decode(self, data: bytes) -> str | None:
        if not data or data[0] > MAX_TEXT or len(data) != 1 + data[0]:
            return None
        return decode_text(data[1:])


_TEXT = _Text()


def mark_stale(record: bytes) -> bytes:
    """Return the record with function field 3, "value during error state" (EN 13757-3), for a meter out of contact."""
    return bytes((record[0] | _FUNCTION_MASK,)) + record[1:]


class ReadoutMapping:
    """The mapping by a table; `load_mapping` makes it. Raises ValueError if two codes share a DIB and VIB."""

    def __init__(self, table: _Table) -> None:
        self.version = table.mapping_version
        self.encode = lru_cache(maxsize=1024)(self._encode)  # most lines are the same from one readout to the next
        """Return the record of a data line. Raises TextTooLong for a line that no record can hold."""
        self._formats: dict[str, list[tuple[bytes, _Format]]] = {}
        """Head of the record and format of its data, by code."""
        self._codes: dict[tuple[bytes, bytes], tuple[str, _Format]] = {}
        """Code and format, by DIB and VIB."""
        for rule in table.number:
            self._add_number(rule)
        for digits in (*table.counter, *table.identification):
            for code in digits.codes:
                vib = bytes.fromhex(digits.vib) if digits.vib else encode_plain_vib(code)
                self._add(bytes((_BCD_FIELDS[digits.digits],)), vib, code, _Digits(digits.digits))
        for text in table.text:
            for code in text.codes:
                self._add(_TEXT_DIB, bytes.fromhex(text.vib), code, _TEXT)

    def _add(self, dib: bytes, vib: bytes, code: str, form: _Format) -> None:
        if (dib, vib) in self._codes:
            other = self._codes[dib, vib][0]
            raise ValueError(f"readout table: {other} and {code} share {(dib + vib).hex(' ').upper()}")
        self._codes[dib, vib] = (code, form)
        self._formats.setdefault(code, []).append((dib + vib, form))

    def _add_number(self, rule: _NumberRule) -> None:
        unit = f"*{rule.unit}" if rule.unit else ""
        for decimals_text, vib in rule.vib.items():
            decimals = int(decimals_text)
            size = _DATA_FIELDS[rule.integer + decimals]
            form = _Number(rule.integer, decimals, unit, rule.signed, size)
            for code in rule.codes:
                for tariff in range(7) if code.endswith(".T") else (0,):
                    dib = encode_dib(DataField(size), tariff=tariff)
                    spelled = f"{code[:-1]}{tariff}" if code.endswith(".T") else code
                    self._add(dib, bytes.fromhex(vib), spelled, form)

    def _encode(self, line: str) -> bytes:
        code, text = split_line(line) or (_WHOLE_LINE, line)
        check_length(text)
        return self._by_table(code, text) or _TEXT_DIB + encode_plain_vib(code) + encode_lvar_text(text)

    def _by_table(self, code: str, text: str) -> bytes | None:
        for head, form in self._formats.get(code, ()):
            data = form.encode(text)
            if data is not None and form.decode(data) == text:
                return head + data
        return None

    def restore(self, dib: bytes, vib: bytes, data: bytes) -> str | None:
        """Return the data line of a record, or None if the record is not a line.

        `vib` as on the wire, with the length and text of a plain-text VIF; `data` with its LVAR byte.
        """
        code, form = self._find(dib, vib)
        text = None if code is None else form.decode(data)
        return text if text is None or code == _WHOLE_LINE else f"{code}({text})"

    def code_of(self, dib: bytes, vib: bytes) -> str | None:
        """Return the OBIS code of a record, or None; arguments as for `restore`."""
        code, _ = self._find(dib, vib)
        return None if code == _WHOLE_LINE else code

    def _find(self, dib: bytes, vib: bytes) -> tuple[str | None, _Format]:
        dib = bytes((dib[0] & ~_FUNCTION_MASK,)) + dib[1:]
        return self._codes.get((dib, vib)) or (_escaped_code(vib) if dib == _TEXT_DIB else None, _TEXT)

    def records(self) -> dict[str, str]:
        """Return the code of each record of the table, by DIB and VIB in hex, such as `04 83`."""
        known = ((dib, vib, code) for (dib, vib), (code, _) in self._codes.items() if code != _WHOLE_LINE)
        return {f"{dib.hex()} {vib.hex()}".upper(): code for dib, vib, code in known}

    def codes(self) -> Iterable[str]:
        """Return the codes of the table, sorted."""
        return sorted(self._formats)


def _escaped_code(vib: bytes) -> str | None:
    if vib[:1] != _PLAIN_TEXT or len(vib) < 2 or len(vib) != 2 + vib[1] or vib[1] > MAX_CODE:
        return None
    return decode_text(vib[2:])


@lru_cache(maxsize=1)
def load_mapping() -> ReadoutMapping:
    """Return the mapping of the built-in profile `readout.toml`."""
    text = resources.files("cmi_gui.resources").joinpath("profiles", "readout.toml").read_text(encoding="utf-8")
    return ReadoutMapping(msgspec.convert(tomllib.loads(text), _Table))
