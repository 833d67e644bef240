"""E350 data lines to M-Bus records and back, without losing a digit.

A line is encoded by the table of the profile `readout.toml` only if decoding gives the very same line; every other
line leaves as an *escape record*: plain text under VIF 7C, which carries the OBIS code. So all lines can be restored
from the telegrams alone, exactly as the meter spelled them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import msgspec

from cmi_gui.engine.mbus.datatypes import encode_bcd
from cmi_gui.engine.mbus.dib import DataField, encode_dib
from cmi_gui.engine.mbus.lvar import MAX_TEXT, encode_lvar_text
from cmi_gui.engine.mbus.vib import encode_plain_vib
from cmi_gui.engine.messages import InvalidValue, Message

_TEXT_DIB = encode_dib(DataField.VARIABLE)
_PLAIN_TEXT = b"\x7c"
_FUNCTION_MASK = 0x30
_MAX_CODE = 16
_WHOLE_LINE = "!"
"""Stands for the code of a line that has not the form CODE(...); no OBIS code can contain it (IEC 62056-21 6.6)."""

_LINE = re.compile(r"([ \x22-\x27*-.0-~]{1,16})\((.*)\)", re.DOTALL)
"""An identifier is printable and has none of ( ) / ! (IEC 62056-21 6.6)."""
_DATA_FIELDS = {1: 0x02, 2: 0x02, 3: 0x02, 4: 0x02, 5: 0x03, 6: 0x03, 7: 0x04, 8: 0x04, 9: 0x04}
_BCD_FIELDS = {2: 0x09, 4: 0x0A, 6: 0x0B, 8: 0x0C, 12: 0x0E}


class LineTooLong(InvalidValue):
    """A line that no record can hold (more than 191 characters; IEC 62056-21 6.6 allows 78)."""


class _NumberRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    integer: int
    vib: dict[str, str]
    unit: str = ""
    signed: bool = False


class _CounterRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    digits: int


class _IdentificationRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    digits: int
    vib: str


class _TextRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    codes: tuple[str, ...]
    vib: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mapping_version: int
    basis: str
    number: tuple[_NumberRule, ...] = ()
    counter: tuple[_CounterRule, ...] = ()
    identification: tuple[_IdentificationRule, ...] = ()
    text: tuple[_TextRule, ...] = ()


@dataclass(frozen=True, slots=True)
class _Number:
    """How one code with one number of decimals is spelled: `size` bytes hold a signed integer."""

    code: str
    integer: int
    decimals: int
    unit: str
    signed: bool
    size: int

    def spell(self, value: int) -> str | None:
        """The line for a value, or None if it cannot be one of this format."""
        digits = f"{abs(value):0{self.integer + self.decimals}d}"
        if len(digits) > self.integer + self.decimals or (value < 0 and not self.signed):
            return None
        point = f"{digits[: self.integer]}.{digits[self.integer :]}" if self.decimals else digits
        unit = f"*{self.unit}" if self.unit else ""
        return f"{self.code}({'-' if value < 0 else ''}{point}{unit})"


_Decoder = Callable[[bytes], str | None]


def mark_stale(record: bytes) -> bytes:
    """The record with function field 3, "value during error state" (EN 13757-3): the meter is out of contact."""
    return bytes((record[0] | _FUNCTION_MASK,)) + record[1:]


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _unlvar(data: bytes) -> str | None:
    if not data or data[0] > MAX_TEXT or len(data) != 1 + data[0]:
        return None
    return data[:0:-1].decode("latin-1")


class ReadoutMapping:
    """The table, ready for use. Made by `load_mapping`."""

    def __init__(self, table: _Table) -> None:
        self.version = table.mapping_version
        self._numbers: dict[tuple[str, int], tuple[_Number, bytes]] = {}
        self._counters: dict[str, int] = {}
        self._identifications: dict[str, tuple[int, bytes]] = {}
        self._texts: dict[str, bytes] = {}
        self._decoders: dict[tuple[bytes, bytes], _Decoder] = {}
        self._codes: dict[tuple[bytes, bytes], str] = {}
        for rule in table.number:
            self._add_number(rule)
        for counter in table.counter:
            for code in counter.codes:
                self._counters[code] = counter.digits
                self._add_bcd(code, counter.digits, encode_plain_vib(code))
        for identification in table.identification:
            for code in identification.codes:
                vib = _hex(identification.vib)
                self._identifications[code] = (identification.digits, vib)
                self._add_bcd(code, identification.digits, vib)
        for text in table.text:
            for code in text.codes:
                self._texts[code] = _hex(text.vib)
                self._add(_TEXT_DIB, _hex(text.vib), code, _text_decoder(code))

    def _add(self, dib: bytes, vib: bytes, code: str, decoder: _Decoder) -> None:
        key = (dib, vib)
        if key in self._decoders:
            raise ValueError(f"readout table: {self._codes[key]} and {code} share {(dib + vib).hex(' ').upper()}")
        self._decoders[key] = decoder
        self._codes[key] = code

    def _add_number(self, rule: _NumberRule) -> None:
        for decimals_text, vib_text in rule.vib.items():
            decimals, vib = int(decimals_text), _hex(vib_text)
            field = _DATA_FIELDS[rule.integer + decimals]
            for spelled in rule.codes:
                tariffs = range(7) if spelled.endswith(".T") else (0,)
                for tariff in tariffs:
                    code = f"{spelled[:-1]}{tariff}" if spelled.endswith(".T") else spelled
                    number = _Number(code, rule.integer, decimals, rule.unit, rule.signed, field)
                    dib = encode_dib(DataField(field), tariff=tariff)
                    self._numbers[code, decimals] = (number, dib + vib)
                    self._add(dib, vib, code, _number_decoder(number))

    def _add_bcd(self, code: str, digits: int, vib: bytes) -> None:
        self._add(bytes((_BCD_FIELDS[digits],)), vib, code, _bcd_decoder(code, digits))

    def encode(self, line: str) -> bytes:
        """The record of a data line. Raises LineTooLong for a line that no record can hold."""
        return self._by_table(line) or self._escape(line)

    def _by_table(self, line: str) -> bytes | None:
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        code, text = match.groups()
        if code in self._texts:
            if len(text) > MAX_TEXT:
                return None
            return _TEXT_DIB + self._texts[code] + encode_lvar_text(text)
        if code in self._counters or code in self._identifications:
            digits, vib = self._identifications.get(code) or (self._counters[code], encode_plain_vib(code))
            if len(text) != digits or not (text.isascii() and text.isdigit()):
                return None
            return bytes((_BCD_FIELDS[digits],)) + vib + encode_bcd(int(text), digits // 2)
        figure = text.partition("*")[0]
        entry = self._numbers.get((code, len(figure.partition(".")[2])))
        if entry is None:
            return None
        number, head = entry
        try:
            value = int(figure.replace(".", ""))
        except ValueError:
            return None
        if number.spell(value) != line:
            return None
        return head + value.to_bytes(number.size, "little", signed=True)

    def _escape(self, line: str) -> bytes:
        match = _LINE.fullmatch(line)
        code, text = match.groups() if match else (_WHOLE_LINE, line)
        if len(text) > MAX_TEXT:
            raise LineTooLong(Message("a record holds {0} characters of text, not {1}", (MAX_TEXT, len(text))))
        return _TEXT_DIB + encode_plain_vib(code) + encode_lvar_text(text)

    def restore(self, dib: bytes, vib: bytes, data: bytes) -> str | None:
        """The line of a record, or None if the record is no line.

        `vib` as it stands on the wire, with the length and text of a plain-text VIF; `data` with its LVAR byte.
        """
        dib = bytes((dib[0] & ~_FUNCTION_MASK,)) + dib[1:]
        decoder = self._decoders.get((dib, vib))
        if decoder is not None:
            return decoder(data)
        code = _escaped_code(vib) if dib == _TEXT_DIB else None
        text = _unlvar(data)
        if code is None or text is None:
            return None
        return text if code == _WHOLE_LINE else f"{code}({text})"

    def code_of(self, dib: bytes, vib: bytes) -> str | None:
        """The OBIS code of a record, or None; arguments as for `restore`."""
        code = self._codes.get((bytes((dib[0] & ~_FUNCTION_MASK,)) + dib[1:], vib))
        if code is None and dib[0] & ~_FUNCTION_MASK == _TEXT_DIB[0]:
            code = _escaped_code(vib)
        return None if code == _WHOLE_LINE else code

    def codes(self) -> Iterable[str]:
        """The codes of the table."""
        return sorted(set(self._codes.values()))


def _escaped_code(vib: bytes) -> str | None:
    if vib[:1] != _PLAIN_TEXT or len(vib) < 2 or len(vib) != 2 + vib[1] or vib[1] > _MAX_CODE:
        return None
    return vib[:1:-1].decode("latin-1")


def _number_decoder(number: _Number) -> _Decoder:
    def decode(data: bytes) -> str | None:
        return number.spell(int.from_bytes(data, "little", signed=True)) if len(data) == number.size else None

    return decode


def _bcd_decoder(code: str, digits: int) -> _Decoder:
    def decode(data: bytes) -> str | None:
        text = data[::-1].hex()
        return f"{code}({text})" if len(text) == digits and text.isdigit() else None

    return decode


def _text_decoder(code: str) -> _Decoder:
    def decode(data: bytes) -> str | None:
        text = _unlvar(data)
        return None if text is None else f"{code}({text})"

    return decode


@lru_cache(maxsize=1)
def load_mapping() -> ReadoutMapping:
    """The mapping of the built-in profile `readout.toml`."""
    text = resources.files("cmi_gui.resources").joinpath("profiles", "readout.toml").read_text(encoding="utf-8")
    return ReadoutMapping(msgspec.convert(tomllib.loads(text), _Table))
