"""From the meter's lines through telegrams and back: nothing is lost, whatever the meter sends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cmi_gui.engine.cmi1020.meter_actions import MeterAction, Password
from cmi_gui.engine.cmi1020.module import Cmi1020
from cmi_gui.engine.cmi1020.obis_labels import label, restore_lines
from cmi_gui.engine.cmi1020.readout_mapping import load_mapping
from cmi_gui.engine.cmi1020.secrets import Secret, SecretStore
from cmi_gui.engine.cmi1020.settings import SettingsStore
from cmi_gui.engine.machine import SendOutcome, Write
from cmi_gui.engine.mbus.frame import FCB, Frame
from cmi_gui.engine.mbus.slave import Slave
from cmi_gui.engine.mbus.telegram import Telegram, decode_telegram


class NoMeter:
    """A session whose meter is played by the test."""

    def start_readout(self) -> None:
        pass

    def start_action(self, action: MeterAction, password: Password, secret: Secret | None) -> None:
        pass

    def abort(self) -> None:
        pass


def module_with(lines: list[str], *, stale: bool = False) -> Cmi1020:
    module = Cmi1020("12345678", SettingsStore(None), SecretStore(None, "12345678"), NoMeter(), lambda event, at: None)
    module.set_bus_voltage(24, 0.0)
    module.tick(0.0)
    module.meter_read(lines, 1.0)
    if stale:
        for _ in range(3):
            module.meter_failed("silence", "no answer", 2.0)
    return module


def read(module: Cmi1020) -> list[Telegram]:
    """All telegrams, as a master gets them from the slave machine."""
    slave = Slave(module, has_speed=False)
    telegrams: list[Telegram] = []
    fcb = FCB
    now = 10.0
    while not telegrams or telegrams[-1].more_follows:
        now += 0.5
        for effect in slave.receive(Frame.short(0x5B | fcb, 0).to_bytes(), now):
            if isinstance(effect, Write):
                assert len(effect.data) <= 255
                slave.done(effect.token, SendOutcome.SENT, now)
                telegrams.append(decode_telegram(effect.data))
        fcb ^= FCB
    return telegrams


printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="()/!")
codes = st.one_of(
    st.sampled_from(sorted(load_mapping().codes())),
    st.builds(lambda c, d, e: f"{c}.{d}.{e}", st.integers(0, 99), st.integers(0, 99), st.integers(0, 255)),
    st.text(printable, min_size=1, max_size=16),
)
units = st.sampled_from(["", "*kWh", "*kvarh", "*kVAh", "*kW", "*kvar", "*V", "*A", "*Hz", "*m3"])
numbers = st.builds(
    lambda sign, digits, decimals, unit: f"{sign}{digits}{'.' + decimals if decimals else ''}{unit}",
    st.sampled_from(["", "", "-"]),
    st.text("0123456789", min_size=1, max_size=8),
    st.text("0123456789", max_size=4),
    units,
)
values = st.one_of(numbers, st.text(printable, max_size=32), st.integers(0, 32).map(lambda count: " " * count))
lines = st.lists(st.builds(lambda code, value: f"{code}({value})", codes, values), max_size=90)


@settings(max_examples=150)
@given(lines, st.booleans())
def test_lines_to_telegrams_to_lines_is_the_identity(data_lines: list[str], stale: bool) -> None:
    telegrams = read(module_with(data_lines, stale=stale))
    assert restore_lines(telegrams) == data_lines


def test_every_line_has_its_code_as_label() -> None:
    data_lines = ["C.1.0(12345678)", "1.8.4(000001.000*kWh)", "F.F(00)", "32.7(230*V)", "0.9.1(12:00:00)"]
    (telegram,) = read(module_with(data_lines))
    assert telegram.header is not None
    labels = [label(telegram.header, record) for record in telegram.records]
    assert labels == [None] * 5 + ["C.1.0", "1.8.4", "F.F", "32.7", "0.9.1"]


def test_lines_are_restored_only_from_our_own_mapping() -> None:
    (telegram,) = read(module_with(["1.8.0(000001.000*kWh)"]))
    raw = bytearray(telegram.frame.to_bytes())
    raw[13] = 2  # another version of the mapping
    raw[-2] = (raw[-2] + 1) & 0xFF
    other = decode_telegram(bytes(raw))
    assert restore_lines([other]) == []
    assert other.header is not None
    assert label(other.header, other.records[-1]) == "1-0:1.8.0"


def test_the_manuals_own_telegram_with_its_odd_spellings() -> None:
    """E350 manual p46: C.1.1 of 16 digits, energies with one decimal and five digits, a short C.5.0."""
    data_lines = [
        "F.F(00)",
        "C.1.1(0000000074892473)",
        "1.8.0(000065.3*kWh)",
        "2.8.0(000003.5*kWh)",
        "1.8.1(000021.5*kWh)",
        "1.8.2(00043.8*kWh)",
        "2.8.1(000001.5*kWh)",
        "2.8.2(00000.0*kWh)",
        "C.5.0(03)",
    ]
    module = module_with(data_lines)
    telegrams = read(module)
    assert restore_lines(telegrams) == data_lines
    assert (module.control.disconnector, module.state().rate) == (None, None)
    assert module.meter_number is None
