"""Text from outside is never markup: in tooltips, labels, questions and titles of plots."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import Qt as QtText
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTableView, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

import cmi_gui
from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.configurator.session import MasterSession
from cmi_gui.engine.iec62056.message import DataMessage
from cmi_gui.engine.iec62056.reading import read_lines
from cmi_gui.engine.link.serial_ports import SerialPortInfo
from cmi_gui.engine.machine import Line
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.messages import Message
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.traffic.store import Direction, RowKind, Side
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.table_models import Value, ValuesModel
from cmi_gui.ui.pages.readings.model import ReadingsModel
from cmi_gui.ui.targets import ModuleTarget
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.tooltip import set_tooltip, tooltip
from cmi_gui.ui.widgets.link.port_list import PortList
from cmi_gui.ui.widgets.plain.buttons import Button
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.layout import Label
from cmi_gui.ui.widgets.plain.marks import Badge, Chip, ElidedLabel
from cmi_gui.ui.widgets.plain.message_list import MessageList
from cmi_gui.ui.widgets.plot.plot_stack import PlotStack

EVIL = "<img src=x.png>"
UI = Path(cmi_gui.__file__).parent / "ui"


def shown(tip: str) -> str:
    """Return the text that Qt shows for a tooltip."""
    if not QtText.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText().replace("\N{NO-BREAK SPACE}", " ")


def harmless(tip: str) -> bool:
    """Return whether Qt shows only characters and paragraphs."""
    return not QtText.mightBeRichText(tip) or "<" not in re.sub(r"</?p>|<br>", "", tip)


@pytest.mark.parametrize(
    "text",
    [
        EVIL,
        "<b>fat</b>",
        "a &lt; b",
        "R&D",
        "first\n<img src=x>",
        "1 < 2 > 0",
        "</p><img src='file:///x'>",
        "&#60;img src=x&#62;",
        "<!-- --><img src=x>",
        "<?xml?><img src=x>",
        "plain",
        "",
    ],
)
def test_a_tooltip_shows_its_characters(text: str) -> None:
    assert harmless(tooltip(text))
    assert shown(tooltip(text)) == text


@given(st.text("<>&;/!ab='\"# \n", max_size=30))
def test_no_text_becomes_markup(text: str) -> None:
    assert harmless(tooltip(text))


def test_text_without_markup_is_unchanged() -> None:
    assert tooltip("Undo Rate mapping table (Ctrl+Z)\nagain") == "Undo Rate mapping table (Ctrl+Z)\nagain"


def test_a_tree_has_a_tooltip_for_each_column(qtbot: QtBot) -> None:
    item = QTreeWidgetItem([EVIL, "<b>"])
    set_tooltip(item, EVIL)
    set_tooltip(item, "<b>", 1)
    assert [shown(item.toolTip(column)) for column in (0, 1)] == [EVIL, "<b>"]


# Parts that show text from outside


def tips_of(model: QAbstractItemModel, parent: QModelIndex = QModelIndex()) -> Iterator[str]:  # noqa: B008
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        yield from tips_of(model, model.index(row, 0, parent))


def test_tables_of_values(qtbot: QtBot) -> None:
    values = ValuesModel()
    values.show_values([Value("<b>1", EVIL, EVIL, "<i>kWh", False, (EVIL,))])
    readings = ReadingsModel(lambda: 0.0)
    readings.take({"0.0": next(iter(read_lines([f"0.0({EVIL})"])))}, 0.0, valid=True)
    for model in (values, readings):
        tips = list(tips_of(model))
        assert any(EVIL in shown(tip) for tip in tips)
        assert all(map(harmless, tips))


def test_ports(qtbot: QtBot) -> None:
    ports = PortList()
    qtbot.addWidget(ports)
    ports.show_ports([SerialPortInfo("COM7", EVIL, "A5", "A5")])
    tip = ports.item(0).toolTip()
    assert harmless(tip)
    assert EVIL in shown(tip)


def test_labels_badges_and_lists(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    elided, chip, badge = ElidedLabel(EVIL, parent), Chip("x", parent), Badge(EVIL, parent)
    elided.setFixedWidth(20)
    chip.show_status(Status(Mark.GOOD, EVIL, EVIL))
    disclosure = Disclosure("x", parent)
    disclosure.set_remark(EVIL)
    button = Button("x", parent)
    button.allow(EVIL, "")
    label = Label("x", parent, tip=EVIL)
    parent.show()
    elided.grab()
    for widget in (elided, disclosure.heading, button, label):
        assert shown(widget.toolTip()) == EVIL
        assert harmless(widget.toolTip())
    for each in parent.findChildren(QLabel):
        assert each.textFormat() is Qt.TextFormat.PlainText
    assert badge.text() == EVIL


def test_an_elided_label_sets_its_tooltip_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every further setting would cause an event and a frame."""
    label = ElidedLabel(EVIL)
    qtbot.addWidget(label)
    label.setFixedWidth(20)
    label.show()
    label.grab()
    monkeypatch.setattr(ElidedLabel, "setToolTip", lambda *_: pytest.fail("set again"))
    label.grab()


def test_messages(in_contact: MainWindow) -> None:
    in_contact.station.emit_notice("error", "x", Message("{0} was said", (EVIL,)))
    in_contact.bridge.drain()
    assert in_contact.strip.text == f"{EVIL} was said"
    lists = in_contact.findChildren(MessageList)
    assert lists
    assert all(EVIL in shown(each.toolTip()) and harmless(each.toolTip()) for each in lists)


def test_a_question_shows_its_characters(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    box = confirm(parent, EVIL, EVIL, "Go", lambda: None)
    assert box.textFormat() is Qt.TextFormat.PlainText
    box.close()


def test_the_title_of_a_plot(qtbot: QtBot) -> None:
    """The unit of a reading comes from the meter."""
    stack = PlotStack(lambda _code: EVIL, "plots")
    qtbot.addWidget(stack)
    stack.show()
    stack.arrange(["1.8.0"])
    (plot,) = stack._plots.values()
    assert plot.titleLabel.item.toPlainText() == EVIL


# The whole window


def file_name(name: str) -> str:
    """Return a name of a file, without angle brackets on Windows, which refuses them."""
    return re.sub("[<>]", "", name) if sys.platform == "win32" else name


def evil_profile(tmp_path: Path) -> Path:
    built_in = UI.parent / "resources" / "profiles" / "cmi1020.toml"
    text = built_in.read_text(encoding="utf-8")
    for key in ("title", "effect", "source", "manual", "group"):
        text = re.sub(rf'^{key} = "', f'{key} = "<img src=x>', text, flags=re.M)
    path = tmp_path / file_name("<b>own.toml")
    path.write_text(text.replace('text = "', 'text = "<b>'), encoding="utf-8")
    return path


def customer_text(text: str) -> bytes:
    """A telegram with a text of the customer, as an M-Bus meter sends it."""
    header = bytes.fromhex("78563412 A815 01 02 00 00 0000")
    record = bytes.fromhex("0D FD 11") + bytes((len(text),)) + text.encode("ascii")[::-1]
    return Frame.long(0x08, 1, 0x72, header + record).to_bytes()


def test_nothing_in_the_window_is_markup(qtbot: QtBot, clock: VirtualClock, tmp_path: Path) -> None:
    folder = tmp_path / file_name("<img src=state>")
    folder.mkdir()
    window = build(StationConfig(mbus=(), state_dir=folder, module_profile=evil_profile(tmp_path)), clock=clock)
    window.resize(1280, 800)
    window.show()
    window.start()
    station = window.station
    assert clock.run_until(clock.now() + 30, lambda: station.module.contact)
    station.emit_notice("error", "x", Message("{0}", (EVIL,)))
    session = MasterSession(station.connect_master(), Line(2400), clock)
    target = ModuleTarget("evil", EVIL, EVIL, session, lambda: SlaveAddress(1), [f"0.0({EVIL})"], clock.now())
    window.targets.add(target)
    window.targets.choose("evil")
    window.targets.read.emit(target)
    telegrams = (Side.MBUS, customer_text(EVIL)), (Side.METER, DataMessage(f"0.0({EVIL})\r\n!\r\n").to_bytes())
    for side, data in telegrams:
        index = len(station.traffic)
        station.traffic.append(clock.now(), side, Direction.RECEIVED, RowKind.TELEGRAM, None, f"tcp://{EVIL}", data)
        station._events.emit_row(index, clock.now())
    window.bridge.drain()
    seen: set[str] = set()
    for page in window.pages:
        window.go(page.objectName())
        table = page.findChild(QTableView, "trafficTable")
        for row in range(table.model().rowCount()) if table is not None else (0,):
            if table is not None:
                table.selectRow(row)
            page.grab()
            seen |= set(walked(window))
    assert all(map(harmless, seen)), [tip for tip in seen if not harmless(tip)]
    evil = [shown(tip) for tip in seen if "img" in tip]
    assert any(EVIL in tip and "0.0" not in tip for tip in evil)
    window.close()
    window.deleteLater()


def walked(window: MainWindow) -> Iterator[str]:
    """Return all present tooltips, and all texts that a label treats as markup."""
    for widget in window.findChildren(QWidget):
        yield widget.toolTip()
        if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
            yield widget.text()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from tips_of(widget.model())
