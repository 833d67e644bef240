"""Writing of several settings: order, results, new addresses and speeds; the plan shows the telegrams sent."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.plan import plan
from cmi_gui.engine.configurator.reading import ModuleIdentity, find_identity, read_identity, settings_in
from cmi_gui.engine.configurator.session import Cancelled, MasterSession
from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.configurator.values import check_text, factory_text, meter_rates, settings
from cmi_gui.engine.configurator.write_run import RowResult, WriteOutcome, WriteRun
from cmi_gui.engine.link.memory import memory_pair
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind, ProcedureFailed
from cmi_gui.engine.mbus.frame import ACK_FRAME, Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from tests.helpers.station_bench import SessionBench

TABLE = CommandTable(load_module_profile())
SECRET = "sEcReT99"
BY_ID = SlaveAddress(selection=mask_bytes("12345678"))

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "primary_address": st.integers(0, 250).map(str),
        "secondary_address": st.from_regex(r"\A[0-9]{8}\Z"),
        "rate_map": st.lists(st.integers(0, 6), min_size=4, max_size=4).map(lambda rates: " ".join(map(str, rates))),
        "usage": st.sampled_from(["0", "21", "42", "6"]),
        "baud": st.sampled_from(["300", "2400"]),
        "p1": st.just(SECRET),
        "selection_list": st.sampled_from(["", "1.8.0", "1.8.0 2.8.0"]),
        "disconnector_control": st.integers(0, 3).map(str),
        "tag": st.integers(0, 2**32 - 1).map(str),
    },
)


@pytest.mark.parametrize("target", [SlaveAddress(0), BY_ID], ids=["primary", "secondary"])
@pytest.mark.parametrize("line", [None, Line(2400)], ids=["no speed", "speed"])
def test_everything_is_written_and_the_new_address_is_used(target: SlaveAddress, line: Line | None) -> None:
    bench = SessionBench(line=line)
    bench.until_contact()
    changes = {
        "baud": "300",
        "primary_address": "9",
        "secondary_address": "87654321",
        "rate_map": "4 3 2 1",
        "tag": "5",
    }
    at = bench.write(changes, target)
    rows = [result.row for result in bench.results]
    assert rows == ["rate_map", "tag", "secondary_address", "primary_address", "baud"]
    assert [result.outcome for result in bench.results] == [WriteOutcome.TAKEN] * 5
    module = bench.station.module
    assert (module.primary_address, module.settings.secondary_address) == (9, "87654321")
    assert (module.settings.rate_map, module.settings.value("tag")) == ((4, 3, 2, 1), 5)
    assert replace(at, baud=None) == (
        SlaveAddress(9) if target.selection is None else SlaveAddress(selection=mask_bytes("87654321"))
    )
    assert at.baud == (300 if line else None)
    # The module keeps a new speed only if it is addressed at it within 5 minutes.
    bench.clock.advance(900)
    assert bench.run(read_identity(at)).address == 9
    assert bench.station.module.settings.baud == 300


@given(CHANGES, st.booleans())
def test_the_planned_telegrams_are_the_ones_sent(changes: dict[str, str], by_id: bool) -> None:
    bench = SessionBench()
    target = BY_ID if by_id else SlaveAddress(0)
    planned = [writing.frame.to_bytes() for writing in plan(TABLE, changes, target)]
    bench.write(changes, target)
    assert all(result.outcome is WriteOutcome.TAKEN for result in bench.results)
    assert [telegram for telegram in bench.sent if telegram in planned] == planned
    reads = sum(telegram[:2] == b"\x10\x7b" for telegram in bench.sent)
    assert reads == (2 + len(planned) if planned else 0), "read twice before the first, once after each"


def test_after_a_refused_row_the_others_are_sent() -> None:
    bench = SessionBench()
    bench.until_contact()
    bench.write({"disconnector_control": "0"})
    bench.results.clear()
    bench.write({"disconnector": "0", "tag": "1"})
    refused, taken = bench.results
    assert (refused.row, refused.outcome) == ("disconnector", WriteOutcome.REFUSED)
    assert "status" in str(refused.message)
    assert (taken.row, taken.outcome) == ("tag", WriteOutcome.TAKEN)


def test_without_an_answer_the_rest_is_not_sent() -> None:
    bench = SessionBench()
    bench.station.set_bus_voltage(0)
    at = bench.write({"tag": "1", "rate_map": "1 1 1 1", "primary_address": "4"})
    assert [result.outcome for result in bench.results] == [
        WriteOutcome.NO_ANSWER,
        WriteOutcome.NOT_SENT,
        WriteOutcome.NOT_SENT,
    ]
    assert str(bench.results[0].message) == "no answer from address 0 after 3 tries; nothing was sent"
    assert at == SlaveAddress(0)


def test_another_module_in_the_place_of_the_expected_one_is_not_written() -> None:
    bench = SessionBench()
    expected = SlaveIdentity("12345678", "ELV", 1, 2, "50100008")
    results: list[RowResult] = []
    run = WriteRun(
        TABLE, {"tag": "1"}, SlaveAddress(0), None, expected=expected, on_begun=lambda *_: None, on_ended=results.append
    )
    bench.run(run.procedure())
    assert [result.outcome for result in results] == [WriteOutcome.NO_ANSWER]
    assert "is now another slave" in str(results[0].message)
    assert bench.station.module.settings.value("tag") is None
    assert not any(telegram[0] == 0x68 for telegram in bench.sent)


def test_power_lost_after_the_acknowledgement_makes_the_result_unsure() -> None:
    bench = SessionBench()
    bench.start({"tag": "1", "rate_map": "1 1 1 1"})
    assert bench.clock.run_until(bench.clock.now() + 10, lambda: bench.station.module.settings.value("tag") == 1)
    assert bench.clock.run_until(bench.clock.now() + 10, lambda: len(bench.sent) >= 5)
    bench.station.set_bus_voltage(0)
    assert bench.clock.run_until(bench.clock.now() + 60, lambda: bool(bench.targets))
    assert [result.outcome for result in bench.results] == [WriteOutcome.UNSURE, WriteOutcome.NOT_SENT]


def lose_answer(bench: SessionBench, *, behind: bytes) -> list[bytes]:
    """Lose the module's next acknowledgement of a telegram; return a list that gets the lost bytes."""
    module_end = bench.session._driver.link._peer  # type: ignore[attr-defined]
    transmit = module_end._transmit
    lost: list[bytes] = []

    def lossy(data: bytes, at: float) -> None:
        rows = bench.station.traffic
        if not lost and data == b"\xe5" and rows.data(len(rows) - 1) == behind:
            lost.append(data)
        else:
            transmit(data, at)

    module_end._transmit = lossy
    return lost


@pytest.mark.parametrize("target", [SlaveAddress(0), BY_ID], ids=["primary", "secondary"])
def test_a_module_whose_acknowledgement_was_lost_is_found_at_the_new_speed(target: SlaveAddress) -> None:
    bench = SessionBench(line=Line(2400))
    bench.until_contact()
    lost = lose_answer(bench, behind=Frame.control(0x73, 0xFD, 0xB8).to_bytes())
    at = bench.write({"baud": "300"}, target)
    assert lost == [b"\xe5"]
    assert [result.outcome for result in bench.results] == [WriteOutcome.TAKEN]
    assert at == replace(target, baud=300)
    assert bench.station.module.baud == 300
    assert bench.run(read_identity(at)).address == 0


def test_a_module_that_is_at_neither_speed_does_not_answer() -> None:
    bench = SessionBench(line=Line(2400))
    bench.until_contact()
    command = Frame.control(0x73, 0xFD, 0xB8).to_bytes()
    bench.start({"baud": "300", "tag": "1"})
    assert bench.clock.run_until(bench.clock.now() + 10, lambda: bench.begun[-1][0] == "baud")
    bench.station.set_bus_voltage(0)
    assert bench.clock.run_until(bench.clock.now() + 60, lambda: bool(bench.targets))
    assert bench.results[-1].outcome is WriteOutcome.NO_ANSWER
    assert "did not acknowledge" in str(bench.results[-1].message)
    assert bench.targets == [SlaveAddress(0)]
    assert bench.sent.count(command) == 1
    bench.cancel()


def test_a_slave_that_does_not_change_its_speed_is_found_at_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = SessionBench(line=Line(2400))
    bench.until_contact()
    monkeypatch.setattr(bench.station.module, "speed_supported", lambda baud: False)
    at = bench.write({"baud": "300"})
    (result,) = bench.results
    assert (result.outcome, at) == (WriteOutcome.REFUSED, SlaveAddress(0))
    assert str(result.message).endswith("was acknowledged, but the module still uses its old speed")


def test_the_search_at_the_new_speed_can_be_cancelled() -> None:
    bench = SessionBench(line=Line(2400))
    bench.until_contact()
    lose_answer(bench, behind=Frame.control(0x73, 0xFD, 0xB8).to_bytes())
    bench.start({"baud": "300"})
    assert bench.clock.run_until(bench.clock.now() + 10, lambda: bench.session._machine._link_line == Line(300))
    bench.cancel()
    assert [result.outcome for result in bench.results] == [WriteOutcome.UNSURE]
    assert bench.targets == [SlaveAddress(0)]


def test_cancelled_at_once_nothing_is_sent() -> None:
    bench = SessionBench()
    bench.start({"tag": "1", "rate_map": "1 1 1 1"})
    bench.cancel()
    assert [result.outcome for result in bench.results] == [WriteOutcome.NOT_SENT] * 2
    assert bench.targets == [SlaveAddress(0)]
    bench.cancel()
    bench.clock.advance(10)
    assert bench.station.module.settings.value("tag") is None
    assert len(bench.targets) == 1


def test_cancelled_between_two_rows_the_next_is_not_sent() -> None:
    bench = SessionBench()
    results: list[RowResult] = []
    over: list[Exception] = []

    def end(result: RowResult) -> None:
        results.append(result)
        if len(results) == 1:
            bench.session.cancel(job)

    run = WriteRun(
        TABLE, {"tag": "1", "usage": "0", "baud": "2400"}, SlaveAddress(0), None, on_begun=lambda *_: None, on_ended=end
    )

    def stopped(error: Exception) -> None:
        run.stop(error)
        over.append(error)

    job = bench.session.run(run.procedure(), over.append, stopped)
    bench.clock.advance(60)
    first, *others = results
    assert first.outcome is WriteOutcome.TAKEN
    assert [result.outcome for result in others] == [WriteOutcome.NOT_SENT] * 2
    assert [type(error) for error in over] == [Cancelled]
    assert not bench.session.busy


def test_a_module_whose_new_address_was_not_confirmed_is_found_there() -> None:
    bench = SessionBench()
    old, new = SlaveAddress(5), SlaveAddress(0)
    identity, at = bench.run(find_identity(old, new, lambda it: it.identification == "12345678"))
    assert (identity.address, at) == (0, new)
    assert bench.run(find_identity(new, old, lambda _: True))[1] == new
    for perhaps, is_it in ((None, True), (new, False), (SlaveAddress(6), True)):
        with pytest.raises(ProcedureFailed, match="no answer from address 5"):
            bench.run(find_identity(old, perhaps, lambda _, is_it=is_it: is_it))


def test_a_lost_link_is_reported_with_its_own_message() -> None:
    clock = VirtualClock()
    bench = SessionBench()
    near, _ = memory_pair(clock, None, paced=False, names=("a", "b"))
    bench.session = MasterSession(near, Line(2400), clock)
    bench.start({"tag": "1"})
    bench.session.close()
    assert bench.results[0].outcome is WriteOutcome.NO_ANSWER
    assert str(bench.results[0].message) == "the link was closed"


def test_progress_counts() -> None:
    bench = SessionBench()
    bench.write({"tag": "1", "baud": "2400"})
    assert bench.begun == [("tag", 1, 2), ("baud", 2, 2)]


def test_an_empty_write_ends_at_once() -> None:
    bench = SessionBench()
    assert bench.write({}) == SlaveAddress(0)
    assert bench.results == []


# Reading


@pytest.mark.parametrize("target", [SlaveAddress(0), SlaveAddress(254), BY_ID])
def test_identity_and_settings_in_the_header(target: SlaveAddress) -> None:
    bench = SessionBench(line=Line(2400))
    identity = bench.run(read_identity(target))
    assert identity == ModuleIdentity(0, "12345678", "ELV", 0x10)
    assert settings_in(TABLE.profile, identity, 2400) == {
        "baud": "2400",
        "primary_address": "0",
        "secondary_address": "12345678",
    }
    assert "baud" not in settings_in(TABLE.profile, identity, None)


def test_no_answer() -> None:
    bench = SessionBench()
    with pytest.raises(ProcedureFailed, match="no answer from address 5") as caught:
        bench.run(read_identity(SlaveAddress(5)))
    assert caught.value.code == "no_answer"
    with pytest.raises(ProcedureFailed, match="no slave answers"):
        bench.run(read_identity(SlaveAddress(selection=mask_bytes("11111111"))))


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(AnswerKind.GARBLED, raw=b"\x00"), "garbled"),
        (Answer(AnswerKind.ACK, ACK_FRAME), "no_header"),
        (Answer(AnswerKind.RESPONSE, Frame.long(8, 1, 0x99, b"\x01")), "no_header"),
    ],
)
def test_answers_without_an_identity(answer: Answer, code: str) -> None:
    procedure = read_identity(SlaveAddress(1))
    next(procedure)
    procedure.send(Answer(AnswerKind.NONE))  # the speed is set
    procedure.send(Answer(AnswerKind.ACK, ACK_FRAME))
    if answer.kind is AnswerKind.ACK:
        procedure.send(answer)  # the request is repeated
    with pytest.raises(ProcedureFailed) as caught:
        procedure.send(answer)
    assert caught.value.code == code


def test_the_meter_s_number_in_the_header_is_not_taken_for_the_module_s() -> None:
    profile = msgspec.structs.replace(TABLE.profile, secondary_priority="meter")
    found = settings_in(profile, ModuleIdentity(3, "87654321", "ELV", 0), None)
    assert found == {"primary_address": "3"}


# Values


def test_factory_values_are_the_module_s_own() -> None:
    module = SessionBench().station.module
    for row in settings(TABLE):
        text = factory_text(TABLE, row)
        if row.secret or module.settings.value(row.setting) is None:
            assert text is None
        elif row.forms:
            assert TABLE.parse(row, text or "") == module.settings.value(row.setting)
    assert factory_text(TABLE, TABLE.profile.row("baud")) == "2400"


def test_values_have_one_spelling() -> None:
    assert check_text(TABLE, TABLE.profile.row("rate_map"), "1,2, 3 4") == "1 2 3 4"
    assert check_text(TABLE, TABLE.profile.row("primary_address"), "007") == "7"
    with pytest.raises(CommandInvalid, match="must not contain any of") as caught:
        check_text(TABLE, TABLE.profile.row("p1"), "se(ret")
    assert "se(ret" not in str(caught.value)


@pytest.mark.parametrize(("firmware", "rates"), [("M27", 4), ("M29", 6), ("M99", None), ("", None)])
def test_rates_of_a_meter(firmware: str, rates: int | None) -> None:
    assert meter_rates(firmware) == rates
