"""The words on the origin of the meter's rate, at every moment of a change that the module itself causes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cmi_gui.ui.text.activity import rate_text
from tests.helpers.module_bench import ModuleBench


def texts_during(bench: ModuleBench, seconds: float) -> list[str]:
    """Return the different texts of the next `seconds`, in order, looked at ten times a second."""
    texts: list[str] = []
    for _ in range(round(seconds * 10)):
        bench.clock.advance(0.1)
        text = rate_text(bench.station.module_state())
        if not texts or texts[-1] != text:
            texts.append(text)
    return texts


def by_inputs(bench: ModuleBench) -> None:
    bench.set_inputs(a=True, b=False)


def by_bus(bench: ModuleBench) -> None:
    bench.send("01 FF 13 03")


def by_table(bench: ModuleBench) -> None:
    bench.send("04 7C 03 70 61 6D 04 02 03 04")


def by_button(bench: ModuleBench) -> None:
    bench.station.press_button()


@pytest.mark.parametrize(
    ("change", "last"),
    [
        (by_inputs, "2, from inputs B=0 A=1"),
        (by_bus, "3, set over the bus"),
        (by_table, "4, from inputs B=0 A=0"),
        (by_button, "1, from inputs B=0 A=0"),
    ],
)
def test_a_change_by_the_module_is_never_said_to_come_from_the_meter(
    change: Callable[[ModuleBench], None], last: str
) -> None:
    bench = ModuleBench()
    change(bench)
    texts = texts_during(bench, 20)
    assert not [text for text in texts if "by the meter" in text], texts
    assert texts[-1] == last


def test_a_rate_without_an_answer_is_requested_until_the_module_gives_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = ModuleBench()
    monkeypatch.setattr(bench.meter, "operand", lambda now: None)
    by_bus(bench)
    assert texts_during(bench, 20) == ["1, rate 3 requested"]


def test_after_power_up_no_origin_is_named_before_the_inputs_count() -> None:
    bench = ModuleBench(settled=False)
    assert texts_during(bench, 10) == ["—", "1", "1, from inputs B=0 A=0"]


def test_a_change_by_another_device_comes_from_the_meter() -> None:
    bench = ModuleBench()
    bench.meter.set_rate(4, bench.clock.now())
    bench.station.read_now()
    assert texts_during(bench, 5)[-1] == "4, set by the meter"
