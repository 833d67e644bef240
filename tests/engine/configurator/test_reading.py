"""Reading of a module's stored settings."""

from __future__ import annotations

import pytest

from cmi_gui.engine.configurator.reading import read_stored, select_everything
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from tests.helpers.station_bench import SessionBench, read_primary

FACTORY = {
    "disconnector_control": "3",
    "rate_enable": "1",
    "selection_list": "",
    "rate_map": "1 2 3 4",
    "usage": "21",
}
LONG = " ".join(["1.8.0"] * 31)
"""A list so long that the answer does not fit into one telegram."""
CHANGES = {
    "disconnector_control": "1",
    "rate_enable": "0",
    "selection_list": LONG,
    "rate_map": "6 5 0 1",
    "usage": "0",
    "tag": "305419896",
}


@pytest.mark.parametrize("line", [None, Line(2400), Line(300)])
@pytest.mark.parametrize("at", [SlaveAddress(0), SlaveAddress(selection=mask_bytes("12345678"))])
def test_written_settings_are_read_back_without_changing_the_module(line: Line | None, at: SlaveAddress) -> None:
    bench = SessionBench(line=line, variant="M26")
    if line is not None and line.baud == 300:
        bench.station.module._memory.settings = bench.station.settings.with_value("baud", 300)
        bench.station._links.bus.follow_speed(bench.station.point)
        at = SlaveAddress(at.primary, at.selection, 300)
    bench.until_contact()
    assert bench.run(read_stored(at, bench.table)) == FACTORY
    bench.write(CHANGES, at)
    assert {result.outcome.value for result in bench.results} == {"taken"}
    before = bench.station.settings
    assert bench.run(read_stored(at, bench.table)) == CHANGES
    assert bench.station.settings == before
    assert bench.station.module._selection == ()


def test_passwords_are_never_requested() -> None:
    bench = SessionBench()
    bench.write({"p1": "sEcReT99"})
    bench.sent.clear()
    bench.run(read_stored(SlaveAddress(0), bench.table))
    assert not any(b"\xfd\x16" in telegram[:-2] or b"\xfd\x19" in telegram[:-2] for telegram in bench.sent)


def test_settings_are_selected_and_then_everything_again() -> None:
    bench = SessionBench()
    bench.run(read_stored(SlaveAddress(0), bench.table))
    commands = [telegram[6:-2].hex(" ").upper() for telegram in bench.sent if telegram[:1] == b"\x68"]
    vibs = [row.forms[0].vib_bytes.hex(" ").upper() for row in bench.table.profile.command if row.read == "record"]
    assert vibs[:2] == ["7C 03 6C 74 63", "7C 03 6E 65 72"], "control of the disconnector, rate inputs enabled"
    selection = " ".join(["51", *(f"08 {vib}" for vib in vibs)])
    assert [each for each in commands if not each.startswith("52")] == [selection, "51 7F"]


def test_a_series_that_breaks_off_is_an_error_and_everything_is_selected_again() -> None:
    bench = SessionBench()
    bench.until_contact()
    steps = read_stored(SlaveAddress(0), bench.table)
    asked: list[Exchange] = []

    def broken() -> Procedure[object]:
        """The procedure, with no answer to its later requests for data."""
        step = next(steps)
        while True:
            answer = yield step
            if isinstance(step, Exchange):
                asked.append(step)
                if step.expect is Expect.RESPONSE and any(each.frame.ci == 0x51 for each in asked):
                    answer = Answer(AnswerKind.SILENCE, None)
            try:
                step = steps.send(answer)
            except StopIteration as end:
                return end.value

    with pytest.raises(ProcedureFailed, match="no answer from the selected slave"):
        bench.run(broken())
    assert asked[-1].frame == Frame.long(0x73, 0xFD, 0x51, b"\x7f")
    assert bench.station.module._selection == ()


def test_everything_can_be_selected_after_a_stop() -> None:
    bench = SessionBench()
    bench.until_contact()
    whole = len(bench.run(read_primary(0))[0].data)
    bench.station.module.user_data(0x51, b"\x08\x03", bench.clock.now())
    assert len(bench.run(read_primary(0))[0].data) < whole
    bench.run(select_everything(SlaveAddress(0)))
    assert len(bench.run(read_primary(0))[0].data) == whole
