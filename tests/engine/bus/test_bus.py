"""A bus with several slaves: addresses, selection, frame count bits, speeds, breaks and power."""

from __future__ import annotations

import pytest

from cmi_gui.engine.bus.response_time import ResponseTime
from cmi_gui.engine.machine import Line, LineEvent
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_events import Verdict
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.bus_bench import ACK, ANY, BusBench, nke, request, select
from tests.helpers.wire_model import Sent, read_wire

FAST, SLOW = Line(2400), Line(300)
WIRES = pytest.mark.parametrize(
    ("line", "paced"),
    [
        pytest.param(None, False, id="no speed"),
        pytest.param(FAST, False, id="speed, not paced"),
        pytest.param(FAST, True, id="speed, paced"),
    ],
)
APART = [ResponseTime(11 + 40 * number, 11 + 40 * number) for number in range(8)]
"""Response times at which acknowledgements do not meet."""


def command(a: int, ci: int, data: bytes = b"") -> bytes:
    return Frame.long(0x53, a, ci, data).to_bytes()


def identification(answer: bytes) -> str:
    frame = decode_telegram(Frame.long(0x08, answer[5], answer[6], answer[7:-2]))
    assert frame.header is not None
    assert answer[-1] == 0x16
    return answer[7:11][::-1].hex()


# Addresses


@WIRES
def test_each_slave_answers_at_its_own_address(line: Line | None, paced: bool) -> None:
    bench = BusBench((1, 2, 250), line=line, paced=paced)
    for number, address in enumerate((1, 2, 250)):
        assert identification(bench.ask(request(address))) == f"{1000 + number:08d}"
        assert bench.verdicts == [Verdict.ANSWERED]
    assert bench.ask(request(3)) == b""
    assert bench.verdicts == [Verdict.NOT_FOR_ME]


def test_a_single_answer_is_that_of_the_slave_alone() -> None:
    assert BusBench((1, 2)).ask(request(1)) == BusBench((1,)).ask(request(1))


@WIRES
def test_equal_addresses_collide(line: Line | None, paced: bool) -> None:
    bench = BusBench((1, 1, 2), line=line, paced=paced, responses=(ResponseTime(11, 60),))
    collided = 0
    for number in range(10):
        bench.ask(request(1, fcb=number % 2 == 0))
        collided += bench.overlapped == [("s0", "s1")] or bench.overlapped == [("s1", "s0")]
    assert collided == 10, "telegrams are longer than the range of the response times"
    assert identification(bench.ask(request(2))) == "00001002"


def test_a_command_to_equal_addresses_reaches_both() -> None:
    bench = BusBench((1, 1, 2), responses=APART)
    assert bench.ask(command(1, 0x51, b"\x01\x7a\x05")) == ACK * 2
    assert [len(app.commands) for app in bench.apps] == [1, 1, 0]


@WIRES
def test_all_answer_to_254_and_none_to_255(line: Line | None, paced: bool) -> None:
    bench = BusBench((1, 2, 3), line=line, paced=paced, responses=APART)
    assert bench.ask(nke(254)) == ACK * 3
    assert bench.verdicts == [Verdict.ACKNOWLEDGED]
    assert bench.ask(command(255, 0x51, b"\x01\x7a\x05")) == b""
    assert bench.verdicts == [Verdict.BROADCAST]
    assert [app.commands for app in bench.apps] == [[(0x51, b"\x01\x7a\x05")]] * 3
    assert bench.ask(nke(255)) == b""
    assert bench.ask(request(255)) == b""


def test_acknowledgements_at_the_same_time_are_one_clean_acknowledgement() -> None:
    bench = BusBench((1, 2, 3))
    assert bench.ask(nke(254)) == ACK
    assert bench.overlapped == [("s0", "s1", "s2")]


def test_acknowledgements_that_meet_are_garbled() -> None:
    bench = BusBench((1, 2), line=FAST, responses=(ResponseTime(11, 11), ResponseTime(16, 16)))
    assert bench.ask(nke(254)) == b""
    assert [kind for _, kind in bench.errors] == [LineEvent.FRAMING]


# Selection


@WIRES
def test_a_mask_without_wildcards_selects_one(line: Line | None, paced: bool) -> None:
    bench = BusBench((0, 0, 0), line=line, paced=paced)
    assert bench.ask(select("01100000 FFFF FF FF")) == ACK
    assert identification(bench.ask(request(253))) == "00001001"


@WIRES
def test_wildcards_may_select_two_which_collide(line: Line | None, paced: bool) -> None:
    bench = BusBench((1, 2, 3), line=line, paced=paced, responses=APART)
    bench.apps[2].own = type(bench.apps[2].own)(bytes.fromhex("99999999 9615 01 02"))
    assert bench.ask(select("FF100000 FFFF FF FF")) == ACK * 2
    bench.ask(request(253))
    assert bench.overlapped == [("s0", "s1")]


def test_a_selection_deselects_the_others() -> None:
    bench = BusBench((0, 0, 0), responses=APART)
    assert bench.ask(select(ANY)) == ACK * 3
    assert bench.ask(select("02100000 FFFF FF FF")) == ACK
    assert [node.slave.selected is not None for node in bench.nodes] == [False, False, True]
    assert bench.ask(select("99999999 FFFF FF FF")) == b""
    assert bench.verdicts == [Verdict.DESELECTED]
    assert bench.ask(request(253)) == b""


def test_snd_nke_to_253_deselects_all_that_were_selected() -> None:
    bench = BusBench((0, 0, 0), responses=APART)
    bench.ask(select("01100000 FFFF FF FF"))
    assert bench.ask(nke(253)) == ACK
    assert bench.ask(nke(253)) == b""
    bench.ask(select(ANY))
    assert bench.ask(nke(253)) == ACK * 3
    assert bench.ask(request(253)) == b""


# Frame count bits


@WIRES
def test_each_slave_has_its_own_frame_count_memory(line: Line | None, paced: bool) -> None:
    bench = BusBench((1, 2), line=line, paced=paced)
    first, other = bench.ask(request(1), 0.4), bench.ask(request(2), 0.4)
    assert bench.ask(request(1), 0.4) == first, "the same FCB again: the same telegram"
    assert bench.ask(request(2), 0.4) == other
    second = bench.ask(request(1, fcb=False), 0.4)
    assert second != first
    assert bench.ask(request(2), 0.4) == other, "the FCB of the one is not that of the other"
    assert bench.ask(nke(2), 0.4) == ACK
    assert bench.ask(request(1, fcb=False), 0.4) == second, "nor does SND_NKE to the other matter"


# Speeds


@pytest.mark.parametrize("paced", [False, True])
def test_a_slave_at_another_speed_is_silent(paced: bool) -> None:
    bench = BusBench((1, 2, 1), bauds=(2400, 300, 300), line=FAST, paced=paced)
    assert identification(bench.ask(request(1))) == "00001000"
    assert bench.overlapped == []
    assert bench.ask(request(2)) == b""
    assert bench.ask(command(255, 0x51, b"\x01\x7a\x05")) == b""
    assert [len(app.commands) for app in bench.apps] == [1, 0, 0]
    bench.set_speed(300)
    assert identification(bench.ask(request(1), 10)) == "00001002"
    assert identification(bench.ask(request(2), 10)) == "00001001"


@pytest.mark.parametrize("paced", [False, True])
def test_a_master_that_changes_its_speed_before_the_answer_hears_noise(paced: bool) -> None:
    bench = BusBench((1, 2), bauds=(300, 300), line=FAST, paced=paced)
    bench.set_speed(300)
    bench.ask(request(1), (5 * 11 if paced else 0) / 300 + 5 / 300)
    assert bench.verdicts == [Verdict.ANSWERED]
    bench.set_speed(2400)
    bench.clock.advance(20)
    assert bench.data == b""
    assert bench.errors


@pytest.mark.parametrize("paced", [False, True])
def test_a_commanded_speed(paced: bool) -> None:
    """After CI B8 to one slave only that slave is at 300 bit/s; it stays if it is used within five minutes."""
    bench = BusBench((1, 2), line=FAST, paced=paced)
    assert bench.ask(command(1, 0xB8)) == ACK, "the acknowledgement comes at the old speed"
    assert bench.ask(nke(1)) == b""
    assert bench.ask(nke(2)) == ACK
    bench.set_speed(300)
    assert bench.ask(nke(2)) == b""
    assert bench.ask(nke(1)) == ACK
    bench.clock.advance(400)
    assert bench.ask(nke(1)) == ACK
    assert (bench.apps[0].speeds, bench.apps[1].speeds) == ([300], [])
    assert bench.ask(command(1, 0xBB)) == ACK
    bench.set_speed(2400)
    assert bench.ask(nke(1)) == ACK
    assert bench.ask(nke(2)) == ACK


@pytest.mark.parametrize("paced", [False, True])
def test_an_unused_speed_is_dropped_after_five_minutes(paced: bool) -> None:
    bench = BusBench((1, 2), line=FAST, paced=paced)
    assert bench.ask(command(1, 0xB8)) == ACK
    bench.clock.advance(295)
    assert bench.ask(nke(1), 1) == b""
    bench.clock.advance(10)
    assert bench.ask(nke(1)) == ACK
    assert bench.apps[0].speeds == []


def test_a_speed_whose_acknowledgement_was_aborted_is_not_used() -> None:
    bench = BusBench((1, 2), line=FAST, paced=True)
    bench.ask(command(1, 0xB8), (9 * 11 + 12) / 2400)
    bench.end.send_break(3, 0.1)
    bench.clock.advance(1)
    assert bench.data == b""
    assert bench.nodes[0].slave.baud == 2400
    assert bench.ask(nke(1)) == ACK


def test_a_broadcast_changes_no_speed() -> None:
    bench = BusBench((1, 2), line=FAST, paced=True)
    assert bench.ask(command(255, 0xB8)) == b""
    assert bench.ask(nke(1)) == ACK


def test_a_link_without_a_speed_reaches_slaves_of_every_speed() -> None:
    bench = BusBench((1, 2), bauds=(2400, 300))
    assert bench.ask(nke(1)) == ACK
    assert bench.ask(nke(2)) == ACK


# Breaks and power


def test_a_break_aborts_all_answers() -> None:
    whole = len(BusBench((1,)).ask(request(1)))
    bench = BusBench((1, 1), line=FAST, paced=True, responses=(ResponseTime(11, 11), ResponseTime(40, 40)))
    bench.ask(request(1), (5 * 11 + 11 + 10 * 11) / 2400)
    arrived = len(bench.heard) + len(bench.errors)
    assert 0 < arrived < whole
    bench.end.send_break(3, 0.1)
    bench.clock.advance(1)
    assert len(bench.heard) + len(bench.errors) <= arrived + 1
    assert [node.answering for node in bench.nodes] == [0, 0]
    assert identification_of_one(bench) == "00001000"


def identification_of_one(bench: BusBench) -> str:
    bench.apps[1].primary_address = 9
    return identification(bench.ask(request(1, fcb=False)))


def test_a_slave_that_loses_its_power_stops_sending_and_forgets_its_selection() -> None:
    bench = BusBench((1, 2), line=FAST, paced=True)
    bench.ask(select(ANY))
    bench.ask(request(1), (5 * 11 + 11 + 10 * 11) / 2400)
    arrived = len(bench.data)
    bench.apps[0].powered = False
    bench.driver.run(lambda: bench.bus.power_off(bench.nodes[0], bench.clock.now()))
    bench.clock.advance(1)
    assert len(bench.data) <= arrived + 1
    assert [node.slave.selected is not None for node in bench.nodes] == [False, True]
    assert bench.ask(nke(1)) == b""
    assert bench.verdicts == [Verdict.UNPOWERED]
    assert bench.ask(nke(2)) == ACK


def test_the_others_go_on_when_one_loses_its_power() -> None:
    bench = BusBench((1, 2), line=FAST, paced=True)
    whole = BusBench((1,)).ask(request(1))
    bench.ask(request(1), (5 * 11 + 11 + 10 * 11) / 2400)
    bench.driver.run(lambda: bench.bus.power_off(bench.nodes[1], bench.clock.now()))
    bench.clock.advance(1)
    assert bench.data == whole


@WIRES
def test_without_power_the_bus_is_silent(line: Line | None, paced: bool) -> None:
    bench = BusBench((1, 2), line=line, paced=paced)
    for app in bench.apps:
        app.powered = False
    assert bench.ask(nke(254)) == b""
    assert bench.verdicts == [Verdict.UNPOWERED]


# A request while answers are on the way


def test_a_request_before_the_answer_to_another_slave_drops_that_answer() -> None:
    """The master has given up the first request: bytes that arrive all at once after a stall."""
    bench = BusBench((1, 2), line=FAST, responses=(ResponseTime(200, 200),))
    bench.send(request(1))
    bench.clock.advance(100 / 2400)
    assert identification(bench.ask(request(2))) == "00001001"


def test_a_request_during_an_answer_is_answered_after_it() -> None:
    """The bus has one transmitter, so the second answer waits; on a real wire it would meet the first."""
    bench = BusBench((1, 2), line=FAST, paced=True, responses=(ResponseTime(11, 60),))
    first = BusBench((1, 2)).ask(request(1))
    bench.send(request(1))
    bench.clock.advance((5 * 11 + 80) / 2400)
    bench.send(request(2))
    bench.clock.advance(3)
    assert bench.data[: len(first)] == first
    assert identification(bench.data[len(first) :]) == "00001001"


# Many


@WIRES
def test_250_slaves(line: Line | None, paced: bool) -> None:
    bench = BusBench(range(1, 251), line=line, paced=paced, responses=(ResponseTime(11, 60),))
    for number, address in enumerate(range(1, 251)):
        assert identification(bench.ask(request(address))) == f"{1000 + number:08d}"
    bench.ask(nke(254))
    assert len(bench.overlapped[0]) > 100
    assert sum(len(names) for names in bench.overlapped) <= 250


def test_250_acknowledgements_are_those_of_the_model() -> None:
    responses = [ResponseTime(11 + number / 16, 11 + number / 16) for number in range(250)]
    bench = BusBench(range(1, 251), line=FAST, responses=responses)
    bench.ask(nke(254))
    expected = read_wire([Sent(number, ACK) for number in range(250)])
    assert bench.data == bytes(each.byte for each in expected if each.fault is None)
    assert [kind.value for _, kind in bench.errors] == [each.fault for each in expected if each.fault]
