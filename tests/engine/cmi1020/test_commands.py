"""Every command of the module, byte for byte, through a slave machine and the module behind it.

The documented telegrams are from the maker's manuals [CMeX50 p51 to p78] and from EN 13757-3, checksums included; all
others are built here, without the code under test.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.meter_actions import ActionKind, ActionOutcome, Password
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.cmi1020.settings import ModuleSettings
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.slave_events import Verdict
from tests.helpers.slave_bench import ACK, LINES, Rig, long, short


@pytest.fixture
def rig() -> Rig:
    return Rig()


# What each command does, in every form

Check = Callable[[Rig], object]


def setting(name: str) -> Check:
    return lambda rig: rig.module.settings.value(name)


def secret(name: str) -> Check:
    def revealed(rig: Rig) -> object:
        found = rig.secrets.get(name)
        return None if found is None else found.reveal()

    return revealed


def action(rig: Rig) -> object:
    return [(action_of.kind, action_of.value) for action_of in rig.session.actions]


def alarms(rig: Rig) -> object:
    """Return the flags record `04 FD 17` of an answer, in hex."""
    answer = rig.send(short(0x7B))
    at = answer.index(bytes.fromhex("04 FD 17"))
    return answer[at + 3 : at + 7].hex()


CODE_1_01 = "31 30 2E 31"  # "1.01" reversed, as texts are sent

# id, form, object action or None for the plain form, records, function that returns the effect, expected effect.
CASES: list[tuple[str, int, str | None, str, Check, object]] = [
    ("primary_address", 0, None, "01 7A 05", setting("primary_address"), 5),
    ("primary_address", 0, "00", "01 FA 00 05", setting("primary_address"), 5),
    ("secondary_address", 0, None, "0C 79 21 43 65 87", setting("secondary_address"), "87654321"),
    ("secondary_address", 0, "00", "0C F9 00 21 43 65 87", setting("secondary_address"), "87654321"),
    ("secondary_address", 1, None, "07 79 21 43 65 87 96 15 01 02", setting("secondary_address"), "87654321"),
    ("secondary_address", 1, "00", "07 F9 00 21 43 65 87 96 15 01 02", setting("secondary_address"), "87654321"),
    ("disconnector", 0, None, "01 FD 1F 00", action, [(ActionKind.DISCONNECTOR, 0)]),
    ("disconnector", 0, "00", "01 FD 9F 00 00", action, [(ActionKind.DISCONNECTOR, 0)]),
    ("disconnector_control", 0, None, "01 7C 03 6C 74 63 01", setting("disconnector_control"), 1),
    ("disconnector_control", 0, "00", "01 FC 03 6C 74 63 00 01", setting("disconnector_control"), 1),
    ("p1", 0, None, "0D FD 16 08 32 31 54 45 52 43 45 53", secret("p1"), "SECRET12"),
    ("p1", 0, "00", "0D FD 96 00 02 42 41", secret("p1"), "AB"),
    ("p1", 1, None, "07 FD 16 32 31 54 45 52 43 45 53", secret("p1"), "SECRET12"),
    ("p1", 1, "00", "07 FD 96 00 32 31 54 45 52 43 45 53", secret("p1"), "SECRET12"),
    ("p2", 0, None, "0D FD 19 08 32 31 54 45 52 43 45 53", secret("p2"), "SECRET12"),
    ("p2", 0, "00", "0D FD 99 00 01 7E", secret("p2"), "~"),
    ("p2", 1, None, "07 FD 19 32 31 54 45 52 43 45 53", secret("p2"), "SECRET12"),
    ("p2", 1, "00", "07 FD 99 00 32 31 54 45 52 43 45 53", secret("p2"), "SECRET12"),
    ("rate", 0, None, "01 7C 03 74 61 72 06", action, [(ActionKind.RATE, 6)]),
    ("rate", 0, "00", "01 FC 03 74 61 72 00 06", action, [(ActionKind.RATE, 6)]),
    ("rate", 1, None, "01 FF 13 01", action, [(ActionKind.RATE, 1)]),
    ("rate", 1, "00", "01 FF 93 00 01", action, [(ActionKind.RATE, 1)]),
    ("rate_enable", 0, None, "01 7C 03 6E 65 72 00", setting("rate_enable"), 0),
    ("rate_enable", 0, "00", "01 FC 03 6E 65 72 00 00", setting("rate_enable"), 0),
    ("clear_errors", 0, "07", "00 FD 97 07", alarms, "00000000"),
    ("selection_list", 0, None, f"0D 7C 03 6C 65 73 04 {CODE_1_01}", setting("selection_list"), "1.01"),
    ("selection_list", 0, "00", f"0D FC 03 6C 65 73 00 04 {CODE_1_01}", setting("selection_list"), "1.01"),
    ("selection_list", 0, "08", f"0D FC 03 6C 65 73 08 04 {CODE_1_01}", setting("selection_list"), "F.F 32.7 1.01"),
    ("selection_list", 0, "09", "0D FC 03 6C 65 73 09 03 46 2E 46", setting("selection_list"), "32.7"),
    ("selection_list", 0, "07", "00 FC 03 6C 65 73 07", setting("selection_list"), ""),
    ("rate_map", 0, None, "04 7C 03 70 61 6D 06 00 05 01", setting("rate_map"), (6, 0, 5, 1)),
    ("rate_map", 0, "00", "04 FC 03 70 61 6D 00 06 00 05 01", setting("rate_map"), (6, 0, 5, 1)),
    ("usage", 0, None, "01 7C 03 65 73 75 26", setting("usage"), 0b10_01_10),
    ("usage", 0, "00", "01 FC 03 65 73 75 00 26", setting("usage"), 0b10_01_10),
    ("display", 0, None, "0D 7C 03 70 73 64 05 4F 4C 4C 45 48", action, [(ActionKind.DISPLAY, "HELLO")]),
    ("display", 0, "00", "0D FC 03 70 73 64 00 05 4F 4C 4C 45 48", action, [(ActionKind.DISPLAY, "HELLO")]),
    ("display", 0, "07", "00 FC 03 70 73 64 07", action, [(ActionKind.DISPLAY, "")]),
    ("tag", 0, None, "04 FD 0B 78 56 34 F2", setting("tag"), 0xF2345678),
    ("tag", 0, "00", "04 FD 8B 00 78 56 34 F2", setting("tag"), 0xF2345678),
]
NAMES = [f"{name}-{form}-{act or 'plain'}" for name, form, act, *_ in CASES]


def prepare(rig: Rig) -> None:
    """Set what some cases must change: a selection list, and an alarm of the meter (bit 0 of C.5.0 in `LINES`)."""
    assert rig.send(long("51 0D 7C 03 6C 65 73 08 37 2E 32 33 20 46 2E 46")) == ACK
    assert rig.module.settings.selection_list == "F.F 32.7"
    rig.send(short(0x40))
    assert alarms(rig) == "01000000"
    rig.send(short(0x40))


@pytest.mark.parametrize("selected", [False, True], ids=["primary", "selected"])
@pytest.mark.parametrize(("name", "form", "act", "records", "effect_of", "expected"), CASES, ids=NAMES)
def test_every_command_in_every_form(
    rig: Rig, name: str, form: int, act: str | None, records: str, effect_of: Check, expected: object, selected: bool
) -> None:
    prepare(rig)
    assert effect_of(rig) != expected, "before the command"
    if selected:
        rig.select()
    assert rig.send(long(f"51 {records}", a=0xFD if selected else 1)) == ACK
    if name == "primary_address":
        assert rig.send(short(0x40, 1)) == b""
        assert rig.send(short(0x5B, 5))[5] == 5
    else:
        assert rig.status() & 3 == 0, "nothing was refused"
    assert effect_of(rig) == expected


def test_the_cases_cover_every_form_and_action() -> None:
    wanted = set()
    for row in load_module_profile().command:
        for index, form in enumerate(row.forms):
            if form.data_field:
                wanted.add((row.id, index, None))
            wanted |= {(row.id, index, act) for act in row.actions}
    assert {(name, form, act) for name, form, act, *_ in CASES} == wanted


@pytest.mark.parametrize(
    ("telegram", "effect_of", "expected"),
    [
        ("68 06 06 68 73 01 51 01 7A 05 45 16", setting("primary_address"), 5),
        ("68 09 09 68 73 01 51 0C 79 78 56 34 12 5E 16", setting("secondary_address"), "12345678"),
        ("68 07 07 68 73 01 51 01 FD 1F 00 E2 16", action, [(ActionKind.DISCONNECTOR, 0)]),
        ("68 07 07 68 73 01 51 00 FD 97 07 60 16", alarms, "00000000"),
        ("68 0D 0D 68 73 01 51 04 7C 03 70 61 6D 01 02 03 04 90 16", setting("rate_map"), (1, 2, 3, 4)),
        ("68 0F 0F 68 73 01 51 0D 7C 03 70 73 64 05 4F 4C 4C 45 48 11 16", action, [(ActionKind.DISPLAY, "HELLO")]),
        ("68 0A 0A 68 73 01 51 04 FD 0B 78 56 34 12 E5 16", setting("tag"), 0x12345678),
    ],
)
def test_documented_telegrams(rig: Rig, telegram: str, effect_of: Check, expected: object) -> None:
    assert rig.send(telegram) == ACK
    assert effect_of(rig) == expected


def test_an_object_action_before_the_plain_text(rig: Rig) -> None:
    """EN 13757-3 puts VIFEs before the text of a plain-text VIF, Elvaco after it; both are accepted."""
    assert rig.send(long("51 01 FC 00 03 6C 74 63 02")) == ACK
    assert rig.module.settings.disconnector_control == 2


@pytest.mark.parametrize("c", [0x43, 0x53, 0x63, 0x73])
def test_every_c_field_of_snd_ud(rig: Rig, c: int) -> None:
    assert rig.send(long("51 01 7C 03 6C 74 63 02", c=c)) == ACK
    assert rig.module.settings.disconnector_control == 2


# Limits of the ranges, and values outside them

EDGES: list[tuple[str, str, bool]] = [
    ("primary_address", "01 7A 00", True),
    ("primary_address", "01 7A FA", True),
    ("primary_address", "01 7A FB", False),
    ("primary_address", "01 7A FF", False),
    ("secondary_address", "0C 79 99 99 99 99", True),
    ("secondary_address", "0C 79 00 00 00 00", True),
    ("secondary_address", "0C 79 0A 00 00 00", False),
    ("secondary_address", "0C 79 00 00 00 F0", False),
    ("secondary_address", "07 79 78 56 34 1F 96 15 01 02", False),
    ("secondary_address", "07 79 78 56 34 12 24 40 01 02", False),
    ("secondary_address", "07 79 78 56 34 12 96 15 02 02", False),
    ("secondary_address", "07 79 78 56 34 12 96 15 01 07", False),
    ("disconnector_control", "01 7C 03 6C 74 63 03", True),
    ("disconnector_control", "01 7C 03 6C 74 63 04", False),
    ("disconnector_control", "01 7C 03 6C 74 63 FF", False),
    ("rate_enable", "01 7C 03 6E 65 72 01", True),
    ("rate_enable", "01 7C 03 6E 65 72 02", False),
    ("rate_map", "04 7C 03 70 61 6D 00 00 00 00", True),
    ("rate_map", "04 7C 03 70 61 6D 06 06 06 06", True),
    ("rate_map", "04 7C 03 70 61 6D 01 02 03 07", False),
    ("rate_map", "04 7C 03 70 61 6D 80 02 03 04", False),
    ("usage", "01 7C 03 65 73 75 00", True),
    ("usage", "01 7C 03 65 73 75 2A", True),
    ("usage", "01 7C 03 65 73 75 03", False),
    ("usage", "01 7C 03 65 73 75 0C", False),
    ("usage", "01 7C 03 65 73 75 30", False),
    ("usage", "01 7C 03 65 73 75 40", False),
    ("disconnector", "01 FD 1F 02", False),
    ("disconnector", "01 FD 1F FF", False),
    ("rate", "01 7C 03 74 61 72 01", True),
    ("rate", "01 7C 03 74 61 72 00", False),
    ("rate", "01 7C 03 74 61 72 07", False),
    ("rate", "01 FF 13 00", False),
    ("rate", "01 FF 93 00 07", False),
    ("p1", "0D FD 16 00", False),
    ("p1", "0D FD 16 09 41 41 41 41 41 41 41 41 41", False),
    ("p1", "0D FD 16 02 41 0A", False),
    ("p1", "0D FD 16 02 41 E5", False),
    ("p1", "0D FD 16 03 41 29 41", False),
    ("p1", "07 FD 16 00 00 00 00 00 00 00 41", False),
    ("p2", "0D FD 19 00", False),
    ("p2", "0D FD 19 02 2F 41", False),
    ("selection_list", "0D 7C 03 6C 65 73 00", True),
    ("selection_list", "0D 7C 03 6C 65 73 03 28 46 46", False),
    ("selection_list", "0D 7C 03 6C 65 73 11" + " 31" * 17, False),
    ("selection_list", "0D 7C 03 6C 65 73 BE" + " 31 20" * 95, True),
    ("selection_list", "0D 7C 03 6C 65 73 BF" + " 31 20" * 95 + " 31", False),
    ("display", "0D 7C 03 70 73 64 00", True),
    ("display", "0D 7C 03 70 73 64 08 38 37 36 35 34 33 32 31", True),
    ("display", "0D 7C 03 70 73 64 09 39 38 37 36 35 34 33 32 31", False),
    ("display", "0D 7C 03 70 73 64 01 4B", False),  # K
    ("display", "0D 7C 03 70 73 64 01 E5", False),
    ("tag", "04 FD 0B 00 00 00 00", True),
    ("tag", "04 FD 0B FF FF FF FF", True),
    # LVAR that is no text: negative BCD, binary, reserved
    ("display", "0D 7C 03 70 73 64 C1 12", False),
    ("p1", "0D FD 16 E1 41", False),
    # wrong data field
    ("primary_address", "02 7A 05 00", False),
    ("primary_address", "09 7A 05", False),
    ("primary_address", "00 7A", False),
    ("primary_address", "81 01 7A 05", False),
    ("primary_address", "41 7A 05", False),
    ("secondary_address", "04 79 78 56 34 12", False),
    ("disconnector", "02 FD 1F 00 00", False),
    ("p1", "04 FD 16 41 42 43 44", False),
    ("rate", "02 7C 03 74 61 72 01 00", False),
    ("rate_map", "02 7C 03 70 61 6D 01 02", False),
    ("usage", "02 7C 03 65 73 75 15 00", False),
    ("display", "01 7C 03 70 73 64 31", False),
    ("selection_list", "01 7C 03 6C 65 73 31", False),
    ("tag", "02 FD 0B 01 00", False),
    ("clear_errors", "00 FD 17", False),
    ("clear_errors", "02 FD 17 00 00", False),
    # wrong action
    ("primary_address", "01 FA 08 05", False),
    ("primary_address", "00 FA 07", False),
    ("rate", "01 FC 03 74 61 72 01 02", False),
    ("rate_map", "04 FC 03 70 61 6D 05 01 02 03 04", False),
    ("clear_errors", "00 FD 97 00", False),
    ("clear_errors", "00 FD 97 08", False),
    ("display", "0D FC 03 70 73 64 08 01 31", False),
    ("p1", "00 FD 96 07", False),
    # incomplete records
    ("primary_address", "01 7A", False),
    ("rate_map", "04 7C 03 70 61 6D 01 02 03", False),
    ("p1", "0D FD 16 08 41", False),
    ("usage", "01 7C 03 65 73", False),
]


@pytest.mark.parametrize(
    ("name", "records", "good"), EDGES, ids=[f"{name} {records[:32]}" for name, records, _ in EDGES]
)
def test_edges(rig: Rig, name: str, records: str, good: bool) -> None:
    before = rig.effect()
    a = 1
    assert rig.send(long(f"51 {records}")) == ACK
    if good and name == "primary_address":
        a = rig.module.settings.primary_address
        assert a == bytes.fromhex(records)[-1]
    rig.send(short(0x40, a))
    first, repeated = (rig.send(short(0x5B, a)) for _ in range(2))
    following = rig.send(short(0x7B, a))
    assert first[16] & 3 == (0 if good else 2)
    assert repeated == first, "a repetition is the same telegram"
    assert following[16] & 3 == 0, "in the next RSP_UD only"
    if not good:
        assert rig.effect() == before


@pytest.mark.parametrize(
    "records",
    [
        "01 13 05",  # a volume
        "01 FD 20 05",
        "01 7C 03 61 61 61 01",
        "01 FF 14 01",
        "01 FF 93 7E 01",
        "0F 01 02 03",  # manufacturer specific
        "01 7A 05 01 13 05",  # one known, one unknown: nothing is carried out
        "01 13 05 01 7A 05",
        "01 7A FF 01 13 05",  # ... and no error is reported
    ],
)
def test_unknown_records_are_acknowledged_and_do_nothing(rig: Rig, records: str) -> None:
    before = rig.effect()
    assert rig.send(long(f"51 {records}")) == ACK
    assert rig.effect() == before
    assert rig.status() & 3 == 0


@pytest.mark.parametrize(
    "ci", ["54", "55 01 7A 05", "5C", "A0 01", "B7", "51", "72" + " 00" * 12, "BE", "BF", "B9", "BC"]
)
def test_unknown_ci_fields_are_acknowledged_and_do_nothing(rig: Rig, ci: str) -> None:
    before = rig.effect()
    assert rig.send(long(ci)) == ACK
    assert rig.effect() == before
    assert rig.lines == []
    assert rig.status() & 3 == 0


# Several records: all or none


def test_several_records_are_all_done(rig: Rig) -> None:
    assert rig.send(long("51 01 7C 03 6C 74 63 02 04 7C 03 70 61 6D 04 03 02 01 0D FD 16 01 41 01 FF 13 05")) == ACK
    settings = rig.module.settings
    assert (settings.disconnector_control, settings.rate_map) == (2, (4, 3, 2, 1))
    assert secret("p1")(rig) == "A"
    assert action(rig) == [(ActionKind.RATE, 5)]
    assert rig.session.shown[0] == (Password.P1, Secret("A")), "the rate is sent with the password of the same telegram"


GOOD = [
    "01 7C 03 6C 74 63 02",
    "0D FD 16 01 41",
    "01 FF 13 05",
    "0D 7C 03 70 73 64 01 31",
    "04 7C 03 70 61 6D 04 03 02 01",
]
BAD = [
    "01 7A FB",
    "01 FF 13 07",
    "0D FD 16 00",
    "0D 7C 03 70 73 64 01 4B",
    "01 7C 03 65 73 75 03",
    "01 FD 1F 05",
    "02 7A 01 00",
]


@given(st.permutations(GOOD), st.sampled_from(BAD), st.integers(0, len(GOOD)))
def test_one_bad_record_stops_all(good: list[str], bad: str, at: int) -> None:
    rig = Rig()
    before = rig.effect()
    assert rig.send(long(f"51 {' '.join([*good[:at], bad, *good[at:]])}")) == ACK
    assert rig.effect() == before
    assert rig.status() & 3 == 2


OPEN, CLOSE = "01 FD 1F 00", "01 FD 1F 01"


@pytest.mark.parametrize(
    ("records", "done"),
    [
        (f"01 7C 03 6C 74 63 02 {OPEN}", False),  # button only, then the bus
        (f"{OPEN} {CLOSE}", False),  # the second would come while the first is in progress
        (f"{OPEN} {OPEN}", False),
        (f"{CLOSE} {CLOSE}", True),  # closed already: nothing to do
        (f"01 7C 03 6C 74 63 01 {OPEN}", True),
    ],
)
def test_a_disconnector_command_is_checked_with_the_other_records(rig: Rig, records: str, done: bool) -> None:
    before = rig.effect()
    assert rig.send(long(f"51 {records}")) == ACK
    assert rig.status() & 3 == (0 if done else 2)
    if not done:
        assert rig.effect() == before


def test_a_setting_in_the_same_telegram_allows_the_command(rig: Rig) -> None:
    assert rig.send(long("51 01 7C 03 6C 74 63 00")) == ACK
    assert rig.send(long(f"51 {OPEN}")) == ACK
    assert rig.status() & 3 == 2
    assert rig.session.actions == []
    assert rig.send(long(f"51 01 7C 03 6C 74 63 01 {OPEN}")) == ACK
    assert rig.status() & 3 == 0
    assert action(rig) == [(ActionKind.DISCONNECTOR, 0)]


# Frames that hold no records


def test_initialise_resets_the_telegram_pointer_and_answers(rig: Rig) -> None:
    assert rig.send("10 40 01 41 16") == ACK
    first = rig.send("10 5B 01 5C 16")
    assert first == rig.send("10 5B 01 5C 16")
    assert rig.send("10 40 01 41 16") == ACK
    assert rig.send("10 5B 01 5C 16") != first, "a new answer: the access number was incremented"


def test_initialise_to_253_deselects(rig: Rig) -> None:
    assert rig.send("10 40 FD 3D 16") == b""
    rig.select()
    assert rig.send("10 40 FD 3D 16") == ACK
    assert rig.send("10 7B FD 78 16") == b""


def test_the_answer_to_request_data_byte_for_byte(rig: Rig) -> None:
    expected = long(
        "72 78 56 34 12 96 15 01 02 00 00 00 00"
        "0C 78 78 56 34 12 0D FD 0F 05 30 2E 30 2E 31 01 FD 1B 00 01 FD 1A 01 04 FD 17 01 00 00 00"
        "0D 7C 03 46 2E 46 02 30 30 0C 79 89 67 45 33 04 03 C9 59 AB 03 0A 7C 05 30 2E 37 2E 43 00 00"
        "02 FD C9 FC 01 E7 00 0D 7C 05 30 2E 35 2E 43 04 31 30 34 30",
        c=0x08,
    )
    assert rig.send("10 7B 01 7C 16") == expected
    assert rig.send("10 7B 01 7C 16") == expected
    toggled = rig.send("10 5B 01 5C 16")
    assert toggled[15] == 1, "the access number counts new answers"
    assert toggled[19:-2] == expected[19:-2], "there is only one telegram, so it is sent again"


@pytest.mark.parametrize(
    ("telegram", "baud"), [("68 03 03 68 73 01 B8 2C 16", 300), ("68 03 03 68 73 01 BB 2F 16", 2400)]
)
def test_speed(rig: Rig, telegram: str, baud: int) -> None:
    assert rig.send(telegram) == ACK
    assert rig.lines == ([Line(300)] if baud == 300 else [])
    assert rig.module.settings.baud == 2400, "not before the speed was used"
    assert rig.send(short(0x40)) == ACK
    assert rig.module.settings.baud == baud


@pytest.mark.parametrize("sub_code", ["", "00", "10", "B1", "B0 00", "00 B0"])
def test_other_application_resets_change_nothing(rig: Rig, sub_code: str) -> None:
    prepare(rig)
    before = rig.effect()
    assert rig.send(long(f"50 {sub_code}")) == ACK
    assert rig.effect() == before
    assert rig.status() & 3 == 0


@pytest.mark.parametrize("telegram", ["68 04 04 68 73 01 50 B0 74 16", "68 04 04 68 53 01 50 B0 54 16"])
def test_application_reset_b0_restores_factory_values(rig: Rig, telegram: str) -> None:
    prepare(rig)
    for records in (
        "0D FD 16 01 41",
        "0D FD 19 01 42",
        "04 FD 0B 01 02 03 04",
        "01 7C 03 65 73 75 00",
        "0C 79 11 11 11 11",
    ):
        assert rig.send(long(f"51 {records}")) == ACK
    assert rig.send(telegram) == ACK
    assert rig.effect() == (ModuleSettings(), None, None, (), None)
    assert rig.send(short(0x40, 1)) == b""
    assert rig.send(short(0x40, 0)) == ACK


@pytest.mark.parametrize(
    ("mask", "selected"),
    [
        ("78 56 34 12 FF FF FF FF", True),
        ("78 56 34 12 96 15 01 02", True),
        ("F8 FF 3F 1F FF FF FF FF", True),
        ("", True),
        ("78", True),
        ("78 56 34 12 96", False),
        ("79 56 34 12 FF FF FF FF", False),
        ("78 56 34 12 97 15 FF FF", False),
        ("89 67 45 33 FF FF FF FF", True),  # the meter's number
        ("89 67 45 3F FF FF FF FF", False),  # ... never with a wildcard
        ("FF FF FF FF FF FF FF FF 0C 78 78 56 34 12", True),
        ("FF FF FF FF FF FF FF FF 0C 78 79 56 34 12", False),
    ],
)
def test_select(rig: Rig, mask: str, selected: bool) -> None:
    assert rig.send(long(f"52 {mask}", a=0xFD, c=0x53)) == (ACK if selected else b"")
    assert bool(rig.send("10 7B FD 78 16")) is selected


def test_a_selected_answer_memory_with_its_new_secondary_address(rig: Rig) -> None:
    rig.select()
    assert rig.send(long("51 0C 79 21 43 65 87", a=0xFD)) == ACK
    answer = rig.send("10 7B FD 78 16")
    assert answer[7:11].hex() == "21436587"
    assert bytes.fromhex("0C 78 78 56 34 12") in answer, "the number on the label does not change"
    assert rig.send("68 0B 0B 68 53 FD 52 78 56 34 12 FF FF FF FF B2 16") == b""
    assert rig.send(long("52 21 43 65 87 FF FF FF FF", a=0xFD, c=0x53)) == ACK


# No answer to damaged telegrams, to those for other slaves and to broadcasts


@pytest.mark.parametrize(
    ("telegram", "verdict"),
    [
        ("68 06 06 68 73 01 51 01 7A 05 46 16", Verdict.DAMAGED),  # checksum
        ("68 06 07 68 73 01 51 01 7A 05 45 16", Verdict.DAMAGED),  # lengths differ
        ("68 06 06 68 73 01 51 01 7A 05 45 17", Verdict.DAMAGED),  # stop
        ("68 06 06 68 73 02 51 01 7A 05 46 16", Verdict.NOT_FOR_ME),
        ("68 06 06 68 73 FD 51 01 7A 05 41 16", Verdict.NOT_SELECTED),
        ("10 40 02 42 16", Verdict.NOT_FOR_ME),
        ("68 06 06 68 08 01 51 01 7A 05 DA 16", Verdict.NOT_A_REQUEST),
    ],
)
def test_silence(rig: Rig, telegram: str, verdict: Verdict) -> None:
    before = rig.effect()
    assert rig.send(telegram) == b""
    assert rig.idle() == b""
    assert rig.verdict is verdict
    assert rig.effect() == before


def test_a_broadcast_acts_without_an_answer(rig: Rig) -> None:
    assert rig.send(long("51 01 7C 03 6C 74 63 02", a=0xFF, c=0x43)) == b""
    assert rig.module.settings.disconnector_control == 2
    assert rig.send(long("51 01 7C 03 6C 74 63 01", a=0xFE)) == ACK
    assert rig.module.settings.disconnector_control == 1


def test_no_answer_without_bus_voltage(rig: Rig) -> None:
    rig.session.abort = lambda: None  # type: ignore[method-assign]
    rig.module.set_bus_voltage(20.99, rig.now)
    rig.slave.power_off()
    assert rig.send(long("51 01 7C 03 6C 74 63 02")) == b""
    assert rig.module.settings.disconnector_control == 3


# Repetitions

RATE_5 = long("51 01 FF 13 05")


def done(rig: Rig) -> None:
    """Let the meter confirm the running action and be read."""
    rig.module.meter_action_done(ActionOutcome.DONE, "confirmed", 0.0, rig.now)
    rig.module.meter_read(LINES, rig.now)


def test_a_repeated_command_is_acknowledged_and_not_executed_again(rig: Rig) -> None:
    assert rig.send(RATE_5) == ACK
    done(rig)
    assert rig.send(RATE_5, after=9.9) == ACK
    assert rig.verdict is Verdict.DUPLICATE
    assert len(rig.session.actions) == 1


@pytest.mark.parametrize("between", ["later", "fcb", "other", "nke", "request", "elsewhere", "no_fcv"])
def test_a_command_that_is_not_a_repetition_is_executed(rig: Rig, between: str) -> None:
    telegram = long("51 01 FF 13 05", c=0x43) if between == "no_fcv" else RATE_5
    assert rig.send(telegram) == ACK
    done(rig)
    match between:
        case "later":
            rig.now += 10
        case "fcb":
            telegram = long("51 01 FF 13 05", c=0x53)
        case "other":
            rig.send(long("51 01 7C 03 65 73 75 15"))
        case "nke":
            rig.send(short(0x40))
        case "request":
            rig.send(short(0x5B))
        case "elsewhere":
            rig.send(short(0x40, 77))
    assert rig.send(telegram) == ACK
    # A telegram to another slave does not count.
    assert len(rig.session.actions) == (1 if between == "elsewhere" else 2)


def test_a_repeated_refused_command_is_refused_once(rig: Rig) -> None:
    bad = long("51 01 FF 13 09")
    assert rig.send(bad) == rig.send(bad) == ACK
    assert rig.status() & 3 == 2
    assert rig.status(c=0x7B) & 3 == 0


def test_adding_twice_adds_once(rig: Rig) -> None:
    add = long("51 0D FC 03 6C 65 73 08 03 46 2E 46")
    for turn in range(3):
        rig.now += 20 * turn
        assert rig.send(add) == ACK
    assert rig.module.settings.selection_list == "F.F"


# Random telegrams


@given(st.binary(max_size=60), st.sampled_from([0x50, 0x51, 0x52, 0x55, 0x72, 0xB8]), st.booleans())
def test_random_user_data_is_survived(data: bytes, ci: int, selected: bool) -> None:
    rig = Rig()
    if selected:
        rig.select()
    answer = rig.send(long(bytes((ci,)) + data, a=0xFD if selected else 1))
    assert answer in (b"", ACK)
    if ci != 0x52:
        assert answer == ACK
    settings = rig.module.settings
    rig.send(short(0x40, settings.primary_address))
    assert rig.send(short(0x7B, settings.primary_address))[:1] == b"\x68"


@given(st.lists(st.sampled_from([case[3] for case in CASES] + [edge[1] for edge in EDGES]), max_size=6))
def test_any_sequence_of_commands_leaves_valid_settings(sequence: list[str]) -> None:
    rig = Rig()
    for records in sequence:
        a = rig.module.settings.primary_address
        assert rig.send(long(f"51 {records}", a=a)) == ACK
        settings = rig.module.settings
        assert settings.with_value("baud", settings.baud) == settings, "the settings are valid"
