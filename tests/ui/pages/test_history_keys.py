"""The keys of readings: one for each module and world, whatever port the bus is on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveIdentity
from cmi_gui.engine.history.values import GapCause, Series
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.messages import Message
from cmi_gui.engine.site.model import Found, Site, SiteModule
from cmi_gui.engine.site.read_many import ReadResult
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.models.bus import BusLine, _history_key
from cmi_gui.ui.targets import ModuleTarget

MODULE = SlaveIdentity("00000012", "ELV", 1, 2, "50100007")
FOREIGN = SlaveIdentity("12345678", "ABC", 3, 2, "")


def line(link: str, *, practice: bool = False) -> BusLine:
    return BusLine(link, cast(Any, None), practice)


def slave(identity: SlaveIdentity | None) -> ListedSlave:
    return ListedSlave(2400, 5, 1, identity=identity)


@pytest.mark.parametrize(
    ("identity", "real", "practice"),
    [
        (MODULE, "ELV 50100007", "practice:seed 7 ELV 50100007"),
        (FOREIGN, "ABC 12345678 3 2", "practice:seed 7 ABC 12345678 3 2"),
        (None, "serial:COM3?baud=2400 5 2400", "practice:seed 7 5 2400"),
    ],
)
def test_a_key_is_of_module_and_world(identity: SlaveIdentity | None, real: str, practice: str) -> None:
    assert _history_key(line("serial:COM3?baud=2400"), slave(identity)) == real
    assert _history_key(line("practice:seed 7", practice=True), slave(identity)) == practice
    if identity is not None:
        assert _history_key(line("tcp://gateway:10001"), slave(identity)) == real


def test_two_slaves_of_one_identity_have_two_keys() -> None:
    bus = line("serial:COM3?baud=2400")
    keys: list[str] = []
    for _ in range(3):
        one = slave(FOREIGN)
        keys.append(_history_key(bus, one))
        bus.modules[one] = ModuleTarget(keys[-1], "", "", cast(Any, None), cast(Any, None), history_key=keys[-1])
    assert keys == ["ABC 12345678 3 2", "ABC 12345678 3 2 #2", "ABC 12345678 3 2 #3"]


def result(row: SiteModule, at: datetime, *lines: str) -> ReadResult:
    failure = None if lines else Message("silent")
    return ReadResult(row, at, failure, "" if lines else "no_answer", tuple(read_lines(lines)))


def test_readings_of_a_site_go_to_the_same_keys_and_can_be_forgotten(window: MainWindow, qtbot: QtBot) -> None:
    history = window.history
    at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    found = Found(id=MODULE.id, manufacturer="ELV", version=1, device_type=2, fabrication="50100007", at=at)
    row = SiteModule(found=found)
    site = Site(modules=[row, SiteModule(serial="50100008")])
    grown: list[str] = []
    history.grown.connect(grown.append)
    history.take_result(result(row, at, "1.8.0(000012.345*kWh)"), "", 1.0)
    history.take_result(result(row, at, "1.8.0(000099.000*kWh)"), "practice:seed 7", 1.0)
    history.take_result(result(row, at.replace(minute=15)), "", 2.0)
    history.take_result(result(site.modules[1], at), "", 2.0)
    assert set(grown) == {"ELV 50100007", "practice:seed 7 ELV 50100007"}

    def texts(key: str) -> list[str]:
        samples = history.history.samples(Series(key, "1.8.0", "kWh"), 0, 2**60, 9).result(5)
        return [sample.text for sample in samples]

    assert texts("ELV 50100007") == ["000012.345"]
    assert texts("practice:seed 7 ELV 50100007") == ["000099.000"]
    absence = history.history.absence([Series("ELV 50100007", "1.8.0", "kWh")], 2**60).result(5)
    assert absence.cause is GapCause.NO_ANSWER
    replaced: list[None] = []
    history.replaced.connect(cast(Callable[[], object], lambda: replaced.append(None)))
    forgotten: list[str] = []
    history.forget_site(site, "", lambda: forgotten.append("done"), lambda error: forgotten.append(str(error)))
    assert replaced
    qtbot.waitUntil(lambda: bool(forgotten))
    assert forgotten == ["done"]
    assert texts("ELV 50100007") == []
    assert texts("practice:seed 7 ELV 50100007") == ["000099.000"]
