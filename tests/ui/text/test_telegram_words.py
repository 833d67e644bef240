"""Summaries, records and damaged telegrams in the user's language: all texts of the engine are translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.mbus import ci, datatypes, dib, fixed, vif_tables
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.frame import RSP_UD, SND_UD, Frame
from cmi_gui.engine.mbus.record import Record, decode_records
from cmi_gui.engine.mbus.render import summary
from cmi_gui.engine.mbus.telegram import Header, decode_telegram
from cmi_gui.engine.mbus.wording import (
    application_error_message,
    field_part,
    record_message,
    reset_message,
    status_messages,
    telegram_message,
    unit_message,
    value_message,
)
from cmi_gui.engine.messages import Argument, Listing, Message
from cmi_gui.engine.traffic.store import Direction, RowKind, Side, TrafficRow, TrafficStore
from cmi_gui.engine.traffic.summaries import masked_summary, summarise, summary_message
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.traffic.field import ByteField
from cmi_gui.ui.pages.traffic.fields import fields_of
from cmi_gui.ui.pages.traffic.line import TrafficColumn
from cmi_gui.ui.pages.traffic.source import TrafficSource
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text.i18n import install_language
from cmi_gui.ui.text.messages import text_of
from tests.helpers.packaging_scripts import translations

pytestmark = pytest.mark.pages("pageTraffic")

KNOWN = frozenset(translations.engine_texts()) | {"({0})"}
BYTES = st.binary(max_size=6)


@pytest.fixture
def swedish(qapp: QApplication) -> None:
    install_language(qapp, Language.SWEDISH)


def row(
    data: bytes, side: Side = Side.MBUS, kind: RowKind = RowKind.TELEGRAM, words: Argument | None = None
) -> TrafficRow:
    return TrafficRow(0, 0.0, side, Direction.SENT, kind, None, "sim:", data, (), words)


def shown(traffic: TrafficRow) -> str:
    return text_of(summary_message(traffic))


def templates(part: Argument) -> Iterator[str]:
    match part:
        case Listing(_, items):
            for item in items:
                yield from templates(item)
        case Message(template, parts):
            yield template
            for inner in parts:
                yield from templates(inner)


def unknown(*parts: Argument) -> set[str]:
    return {template for part in parts for template in templates(part)} - KNOWN


def words_of_tables() -> Iterator[str]:
    """Return every word in the engine's tables for the content of a telegram."""
    vifs = (vif_tables.PRIMARY, vif_tables.EXTENSION_FB, vif_tables.EXTENSION_FD, vif_tables.EXTENSION_FD_FD)
    for quantities in vifs:
        yield from (quantity.name for quantity in quantities.values())
    for qualifiers in (
        vif_tables.QUALIFIER_VIFES,
        vif_tables.DATE_VIFES,
        vif_tables.DURATION_VIFES,
        vif_tables.COMBINABLE_EXTENSION,
    ):
        yield from qualifiers.values()
    yield from (word for _, word in vif_tables.UNIT_VIFES.values())
    yield from vif_tables.UNIT_WORDS
    yield from (action.value for action in vif_tables.ObjectAction)
    yield from (error.text for error in vif_tables.RecordError)
    yield from (function.value for function in dib.ValueFunction)
    yield from (missing.value for missing in datatypes.Missing)
    for codes in (
        ci.APPLICATION_ERRORS,
        ci.APPLICATION_RESETS,
        ci.STATUS_BITS,
        ci.FIXED_STATUS_BITS,
        ci.DEVICE_TYPES,
        ci.FIXED_MEDIA,
    ):
        yield from codes.values()
    yield from filter(None, ci.STATUS_STATES)


def records() -> Iterator[Record]:
    """Yield each VIF of each table with each VIFE, from either side, and some values of each data field."""
    seen: set[tuple[bytes, bool]] = set()
    for code, from_master in product(range(0x80), (False, True)):
        for vib in (bytes((code,)), bytes((0xFB, code)), bytes((0xFD, code)), bytes((0xFD, 0xFD, code))):
            if vib[0] != 0x7C:
                yield from record_of(b"\x04" + vib + bytes(4), from_master)
        for vib in (b"\x83" + bytes((code,)), b"\x83\xfc" + bytes((code,)), b"\xed" + bytes((code,))):
            if (vib, from_master) not in seen:
                seen.add((vib, from_master))
                yield from record_of(b"\x04" + vib + bytes(4), from_master)
    for dif in range(0x40):
        yield from record_of(bytes((dif, 0x03)) + bytes(9), from_master=False)
    yield from record_of(b"\xc4\x55\x03" + bytes(4), from_master=False)
    yield from record_of(b"\x04\x7c\x02ba" + bytes(4), from_master=False)
    yield from record_of(b"\x7f", from_master=True)


def record_of(data: bytes, from_master: bool) -> Iterator[Record]:
    try:
        yield from decode_records(data, from_master=from_master).records[:1]
    except MBusError:
        return


# Completeness


def test_words_of_all_tables_are_translated() -> None:
    words = set(words_of_tables())
    assert len(words) > 250
    assert words - KNOWN == set()


def test_names_and_values_of_all_records_are_translated() -> None:
    every = list(records())
    assert len(every) > 1000
    for record in every:
        parts = (record_message(record), value_message(record), unit_message(record.unit), field_part(record.field))
        assert unknown(*parts) == set(), (record.dib.hex(), record.vib.hex())


def test_untranslated_units_are_symbols() -> None:
    for record in records():
        for factor in unit_message(record.unit).args:
            assert isinstance(factor, Message) or re.fullmatch(
                r"(?:[A-Za-z]{1,4}|US gal|%|ft3|m3)?(?: s)?|\(K l\)|bit", factor
            )


def test_codes_of_the_application_layer_are_translated() -> None:
    for code in range(256):
        statuses = (
            *status_messages(Header("12345678", "PAD", 1, 7, 0, code, 0)),
            *status_messages(Header("12345678", None, None, 7, 0, code, None)),
        )
        parts = (application_error_message(code), reset_message(code), Listing("", statuses))
        assert unknown(*parts) == set()


def test_counters_of_the_fixed_structure_are_translated() -> None:
    for code, status in product(range(64), (0, 2)):
        data = bytes((0, 0, 0, 0, 0, status, code, 0x3E)) + bytes(8)
        assert unknown(*map(record_message, fixed.fixed_records(data, 0))) == set()


def test_translations_equal_to_the_source_are_known(swedish: None) -> None:
    """A template left in English would count as translated; only these are equal in both languages."""
    same = {text for text in KNOWN if QCoreApplication.translate("Engine", text) == text}
    wordless = {text for text in same if not re.search(r"[a-z]{3}", text)}
    assert same - wordless == {
        "1 byte",
        "Display",
        "bit/s",
        "break",
        "data {0}",
        "display",
        "export",
        "gas",
        "import",
        "import minus export",
        "maximum",
        "minimum",
        "per ampere",
        "per gigajoule",
        "per kelvin",
        "per kilogram",
        "per kilowatt",
        "per volt",
        "status",
        "tariff {0}",
        "telegram",
        "version",
        "version {0}",
    }


# Telegrams


def test_english_texts_are_those_of_the_engine(qapp: QApplication) -> None:
    install_language(qapp, Language.ENGLISH)
    for record in records():
        assert text_of(record_message(record)) == str(record_message(record))
        assert text_of(value_message(record)) == str(value_message(record))


@pytest.mark.parametrize(
    ("data", "english", "expected"),
    [
        (b"\xe5", "acknowledge", "kvittens"),
        (Frame.short(0x5B, 5).to_bytes(), "REQ_UD2 FCB=0 to 5", None),
        (
            Frame.long(
                RSP_UD, 5, 0x72, bytes.fromhex("7856341296150102 00 14 0000") + b"\x04\x03" + bytes(4)
            ).to_bytes(),
            "RSP_UD 12345678 ELV, 1 record, power low, temporary error",
            "RSP_UD 12345678 ELV, 1 post, låg matningsspänning, tillfälligt fel",
        ),
        (
            Frame.long(SND_UD, 1, 0x51, bytes.fromhex("01FD1F01") + b"\x04\x83\x3c" + bytes(4)).to_bytes(),
            "SND_UD FCB=0 to 1: remote control; energy, export",
            "SND_UD FCB=0 till 1: fjärrstyrning; energi, export",
        ),
        (
            Frame.long(RSP_UD, 1, 0x70, b"\x08").to_bytes(),
            "RSP_UD from 1: application error 8, application busy",
            "RSP_UD från 1: applikationsfel 8, applikationen upptagen",
        ),
        (
            b"\x10\x5b\x05\x00\x16",
            "cannot be decoded: the checksum is 00, but the bytes add up to 60 (at byte 3)",
            "kan inte avkodas: kontrollsumman är 00, men summan av alla byte är 60 (vid byte 3)",
        ),
    ],
)
def test_telegrams_of_the_bus(swedish: None, data: bytes, english: str, expected: str | None) -> None:
    assert summarise(row(data)) == english
    assert shown(row(data)) == (expected or english.replace(" to ", " till "))


@pytest.mark.parametrize(
    ("data", "kind", "english", "expected"),
    [
        (b"/?!\r\n", RowKind.TELEGRAM, "sign-on", "uppkoppling"),
        (
            b"/LGZ4ZMF\r\n",
            RowKind.TELEGRAM,
            "identification LGZ ZMF, offers 4800 bit/s",
            "identifiering LGZ ZMF, erbjuder 4800 bit/s",
        ),
        (
            b"\x06050\r\n",
            RowKind.EXPIRED,
            "not sent, too late: option select: readout at 9600 bit/s",
            "inte skickat, för sent: optionsval: avläsning vid 9600 bit/s",
        ),
        (b"abc", RowKind.NOISE, "noise: 3 bytes", "brus: 3 byte"),
        # Text from the meter is never translated.
        (b"\x02(power)\x03" + b"\x5c", RowKind.TELEGRAM, None, None),
    ],
)
def test_messages_of_the_meter(
    swedish: None, data: bytes, kind: RowKind, english: str | None, expected: str | None
) -> None:
    if english is None:
        data = data[:-1] + bytes((xor(data[1:-1]),))
        english, expected = "data (power)", "data (power)"
    assert summarise(row(data, Side.METER, kind)) == english
    assert shown(row(data, Side.METER, kind)) == expected


def xor(data: bytes) -> int:
    result = 0
    for byte in data:
        result ^= byte
    return result


def test_damaged_messages_of_the_meter_have_a_reason(swedish: None) -> None:
    assert shown(row(b"/?12\r\n", Side.METER)) == "kan inte avkodas: en begäran måste sluta med '!' före CR LF"
    assert shown(row(b"/?1*!\r\n", Side.METER)) == "kan inte avkodas: en enhetsadress får inte innehålla '*'"


def test_rows_with_masked_secrets_have_a_summary_without_bytes(swedish: None) -> None:
    telegram = Frame.long(SND_UD, 5, 0x51, b"\x0d\xfd\x16\x02ab\x01\x7a\x01").to_bytes()
    words = masked_summary(row(telegram))
    assert str(words) == "SND_UD FCB=0 to 5: password; bus address; secrets masked"
    assert shown(row(b"", words=words)) == ("SND_UD FCB=0 till 5: lösenord; bussadress; hemligheter maskerade")
    command = masked_summary(row(b"\x01P1\x02(12)\x03" + bytes((xor(b"P1\x02(12)\x03"),)), Side.METER))
    assert shown(row(b"", Side.METER, words=command)) == "kommando P1; hemligheter maskerade"
    damaged = masked_summary(row(b"\x68\x08\x09\x68"))
    assert shown(row(b"", words=damaged)) == (
        "kan inte avkodas: längdbytena 08 och 09 skiljer sig åt (vid byte 2); hemligheter maskerade"
    )
    assert shown(row(b"", words=Message("secrets masked"))) == "hemligheter maskerade"
    bad = Message("line {0}: {1}", (12, Message("no telegram in hex")))
    assert shown(row(b"", kind=RowKind.BAD_LINE, words=bad)) == "rad 12: inget telegram i hex"
    # The remark in a capture is not translated.
    assert shown(row(b"", words="acknowledge; secrets masked")) == "acknowledge; secrets masked"


@given(BYTES, st.sampled_from((0x51, 0x72, 0x50, 0x52, 0x70, 0x71, 0x73, 0x78)), st.sampled_from((SND_UD, RSP_UD)))
def test_any_telegram_has_only_known_words(data: bytes, code: int, c: int) -> None:
    telegram = Frame.long(c, 1, code, bytes(12) * (code == 0x72) + data).to_bytes()
    assert unknown(summary_message(row(telegram))) == set()


def test_english_of_a_telegram_is_the_summary() -> None:
    telegram = decode_telegram(Frame.long(SND_UD, 1, 0x50, b"\x10").to_bytes())
    assert str(telegram_message(telegram)) == summary(telegram) == "SND_UD FCB=0 to 1: application reset 10, user data"


# Display


def texts_of(fields: tuple[ByteField, ...]) -> Iterator[str]:
    for field in fields:
        yield from (field.name, field.meaning)
        yield from texts_of(field.children)


def test_the_tree_of_fields(swedish: None) -> None:
    body = bytes.fromhex("7856341296150102 00 04 0000")
    body += b"\x84\x10\x83\x3c" + bytes(4) + b"\x00\x13" + b"\x04\x8b\x25" + bytes(4)
    texts = list(texts_of(fields_of(row(Frame.long(RSP_UD, 5, 0x72, body).to_bytes()))))
    assert "02, el" in texts
    assert "04, låg matningsspänning" in texts
    assert "2.8.1  energi, tariff 1, export" in texts
    assert "int32, momentanvärde" in texts
    assert "(inga data)" in texts
    assert "inga data, momentanvärde" in texts
    assert any("J/månad" in text for text in texts)


def test_a_capture_that_stays_open_changes_its_language(qapp: QApplication) -> None:
    store = TrafficStore()
    store.append(0.0, Side.MBUS, Direction.SENT, RowKind.TELEGRAM, None, "sim:", b"\xe5")
    source = TrafficSource(store, lambda at: datetime.fromtimestamp(at, UTC), lambda: 0.0, "capture")
    summaries = []
    for language in (Language.ENGLISH, Language.SWEDISH, Language.ENGLISH):
        install_language(qapp, language)
        summaries.append(source.summary(0))
    assert summaries == ["acknowledge", "kvittens", "acknowledge"]


def test_the_table_of_traffic_changes_with_the_window_and_is_searched_in_both_languages(
    in_contact: MainWindow, clock: VirtualClock
) -> None:
    window = in_contact
    window.set_language(Language.SWEDISH)
    window.go("pageTraffic")
    clock.run_until(clock.now() + 1)
    window.bridge.drain()
    page = window.stack.currentWidget()
    shown = {str(page.model.index(at, TrafficColumn.SUMMARY).data()) for at in range(page.model.rowCount())}
    assert "uppkoppling" in shown
    assert not any("sign-on" in text for text in shown)
    for word in ("uppkoppling", "sign-on"):
        page.filter.setText(word)
        found = {page.model.index(at, TrafficColumn.SUMMARY).data() for at in range(page.model.rowCount())}
        assert found == {"uppkoppling"}
    page.filter.clear()
    window.set_language(Language.ENGLISH)
    page = next(page for page in window.pages if page.objectName() == "pageTraffic")
    window.go("pageTraffic")
    assert "sign-on" in {str(page.model.index(at, TrafficColumn.SUMMARY).data()) for at in range(page.model.rowCount())}
