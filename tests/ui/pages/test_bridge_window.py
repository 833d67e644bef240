"""The window between a real bus and a real meter: pyMeterBus reads through it, and it shows that both are real."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import meterbus
from pytestqt.qtbot import QtBot

from cmi_gui.ui.frame.main_window import MainWindow
from tests.helpers.bridge import BUS_BITS, METER_BITS, Master, RealMeter
from tests.helpers.cable import Cable
from tests.helpers.cable_end import LATE_SECONDS
from tests.helpers.meter_telegrams import SHORT


@pytest.mark.real_time(LATE_SECONDS)
def test_pymeterbus_reads_a_real_meter_through_the_window(
    qtbot: QtBot, make_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    with (
        Cable(tmp_path, char_bits=BUS_BITS, name="bus") as bus,
        Cable(tmp_path, char_bits=METER_BITS, name="meter") as line,
        RealMeter(line, SHORT) as meter,
        Master(bus) as master,
        ThreadPoolExecutor(1) as thread,
    ):
        window = make_window(mbus=(f"serial:{bus.a.path}",), meter=f"serial:{line.a.path}")
        window.show()
        window.go("pageReadings")
        qtbot.waitUntil(lambda: window.station.module.contact)

        def read() -> meterbus.TelegramLong:
            master.port.timeout = 3.0
            meterbus.send_ping_frame(master.port, 0)
            assert isinstance(meterbus.load(meterbus.recv_frame(master.port)), meterbus.TelegramACK)
            meterbus.send_request_frame(master.port, 0)
            return meterbus.load(meterbus.recv_frame(master.port))

        reading = thread.submit(read)
        qtbot.waitUntil(reading.done)
        values = [record.interpreted["value"] for record in reading.result().records]
        assert values[0] == 12345678
        assert int(values[-2]) == 61561289
        assert values[-1] == "0401"

        # The window shows what is on the two lines.
        table = window.stack.currentWidget().findChild(object, "readingsTable")
        shown = {table.model().index(row, column).data() for row in range(4) for column in range(5)}
        assert "1.8.0" in shown
        assert any("61" in str(text) and "561.289" in str(text) for text in shown)
        window.go("pageTraffic")
        traffic = window.stack.currentWidget().findChild(object, "trafficTable")
        qtbot.waitUntil(lambda: traffic.model().rowCount() >= 8)
        assert meter.complaints == []
        # Before the cables are pulled.
        window.close()
