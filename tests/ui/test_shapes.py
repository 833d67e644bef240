"""One language of shapes: marks and buttons that differ without colour, popups in our style, contrast of every text."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QBuffer, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QTransform
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QTableView,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.ui.dialogs import confirm
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import DARK, LIGHT, Colours, Scheme, apply_theme, colours
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind, button_look
from cmi_gui.ui.widgets.plain.disclosure import Disclosure
from cmi_gui.ui.widgets.plain.fields import ChoiceField
from cmi_gui.ui.widgets.plain.marks import StateMark, paint_mark
from cmi_gui.ui.widgets.plain.style import WindowStyle
from tests.helpers.contrast import contrast
from tests.ui.conftest import scan

# The platform of the tests cannot grab the keyboard for a popup.
pytestmark = [pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True), pytest.mark.pages]
SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])


# Marks


def grey(mark: Mark, c: Colours) -> list[int]:
    """Return the lightness of each pixel of a mark on the ground of tables."""
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(c.base)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, mark, QRectF(2, 2, 16, 16), c)
    painter.end()
    grounds = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return [grounds.pixelColor(x, y).lightness() for y in range(20) for x in range(20)]


@SCHEMES
def test_marks_differ_by_shape_alone(scheme: Colours) -> None:
    ground = scheme.base.lightness()
    inked = {mark: [abs(value - ground) > 40 for value in grey(mark, scheme)] for mark in Mark}
    for one, other in itertools.combinations(Mark, 2):
        differing = sum(a != b for a, b in zip(inked[one], inked[other], strict=True))
        assert differing >= 12, (one, other)
    assert all(any(shape) for shape in inked.values())


# Recording


def test_only_the_mark_of_a_recording_pulses(qtbot: QtBot) -> None:
    mark = StateMark(Mark.OFF)
    qtbot.addWidget(mark)
    mark.show()
    assert mark.pulse is None
    mark.set_mark(Mark.RECORDING)
    assert mark.pulse is not None
    assert mark.pulse.moving
    before = mark.pulse.glow
    qtbot.waitUntil(lambda: mark.pulse is not None and mark.pulse.glow < before)
    mark.set_mark(Mark.OFF)
    assert not mark.pulse.moving
    assert mark.pulse.glow == 1


class _Still(WindowStyle):
    """The style of a system that shows no animations."""

    def styleHint(self, hint: QStyle.StyleHint, *rest: object) -> int:  # type: ignore[override]
        if hint is QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, *rest)  # type: ignore[arg-type]


@pytest.mark.skipif("sys.platform == 'win32'", reason="asks Windows itself")
def test_nothing_pulses_if_the_system_shows_no_animations(qtbot: QtBot) -> None:
    mark, style = StateMark(Mark.OFF), _Still()
    qtbot.addWidget(mark)
    mark.setStyle(style)
    mark.set_mark(Mark.RECORDING)
    assert mark.pulse is not None
    assert not mark.pulse.moving


def test_a_recording_is_red_in_header_and_page(in_contact: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    in_contact.go("pageTraffic")
    header, record = in_contact.header.recording, in_contact.findChild(QAbstractButton, "trafficRecord")
    assert header.mark.mark is Mark.OFF
    in_contact.recording.start(tmp_path / "night.txt")
    qtbot.waitUntil(lambda: in_contact.recording.active)
    assert header.mark.mark is Mark.RECORDING
    assert header.title.text() == "Recording"
    assert "night.txt" in header.toolTip()
    assert record.text() == "Stop recording"
    assert record.pulse.moving  # type: ignore[attr-defined]
    for widget in (header.mark, record):
        image = widget.grab().toImage()
        red = sum(
            (pixel := image.pixelColor(x, y)).red() > pixel.green() + 60
            for x in range(image.width())
            for y in range(image.height())
        )
        assert red > 10
    in_contact.recording.stop()
    assert header.mark.mark is Mark.OFF
    assert "no" in header.toolTip().lower()
    assert not record.pulse.moving  # type: ignore[attr-defined]


# Buttons


@SCHEMES
def test_each_rank_has_its_own_shape(scheme: Colours) -> None:
    def shape(kind: ButtonKind) -> tuple[bool, bool]:
        look = button_look(scheme, kind, enabled=True, checked=False, lift=0)
        return look.outline is not None, look.fill == scheme.accent

    assert len({shape(kind) for kind in ButtonKind}) == len(ButtonKind)


@SCHEMES
def test_the_words_of_every_button_are_readable(scheme: Colours) -> None:
    for kind, checked, lift in itertools.product(ButtonKind, (False, True), (0.0, 0.08, 0.16)):
        look = button_look(scheme, kind, enabled=True, checked=checked, lift=lift)
        assert look.fill is not None
        assert contrast(look.ink, look.fill) >= 4.5, (kind, checked, lift)
        look = button_look(scheme, kind, enabled=False, checked=checked, lift=lift)
        assert look.fill is None
        for ground in (scheme.base, scheme.window):
            assert contrast(look.ink, ground) >= 4.5


def test_every_action_with_words_has_a_shape(in_contact: MainWindow) -> None:
    """Words alone would look like a text: their button has a background or an outline, or a chevron beside them."""
    for page in in_contact.pages:
        in_contact.go(page.objectName())
        for button in page.findChildren(Button):
            if button.isVisible() and button.text():
                look = button._look(colours(button.palette()))
                assert look.fill is not None or look.outline is not None, button.text()


def test_a_page_has_one_primary_button_at_most(in_contact: MainWindow) -> None:
    for page in in_contact.pages:
        in_contact.go(page.objectName())
        primary = [each.text() for each in page.findChildren(Button) if each._kind is ButtonKind.PRIMARY]
        visible = [
            each.text() for each in page.findChildren(Button) if each._kind is ButtonKind.PRIMARY and each.isVisible()
        ]
        assert len(visible) <= 1, (page.objectName(), primary)


# Popups


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK], ids=["light", "dark"])
def themed(in_contact: MainWindow, request: pytest.FixtureRequest) -> MainWindow:
    """The window in one of the two schemes."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, request.param)
    app.processEvents()
    return in_contact


def assert_panel(popup: QWidget) -> None:
    """Assert that a popup has our surface with an outline and rounded corners."""
    c = colours(popup.palette())
    image = popup.grab().toImage()
    assert image.pixelColor(0, 0).alpha() == 0, "the corner shows what is behind"
    assert image.pixelColor(image.width() // 2, 0).name() == c.border.name()
    assert image.pixelColor(image.width() // 2, 2).name() == c.base.name()


def test_menus_lists_and_tooltips_have_one_surface(themed: MainWindow, qtbot: QtBot) -> None:
    themed.go("pageTraffic")
    page = themed.stack.currentWidget()
    themed.header.target.open_menu()
    assert_panel(themed.header.target._menu)
    themed.header.target._menu.close()

    field = themed.findChild(QLineEdit, "trafficFilter")
    context = field.createStandardContextMenu()
    context.popup(QPoint(10, 10))
    assert_panel(context)
    assert min(context.actionGeometry(each).height() for each in context.actions() if not each.isSeparator()) >= 32
    context.close()

    choice = next(each for each in page.findChildren(ChoiceField) if each.isVisible())
    choice.showPopup()
    assert_panel(choice.view().window())
    assert choice.view().visualRect(choice.model().index(0, 0)).height() >= 32
    choice.hidePopup()

    themed.strip.history.click()
    assert_panel(themed.strip.popup)
    themed.strip.popup.close()

    QToolTip.showText(QPoint(20, 20), "Some words", themed)
    (tip,) = [each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel") and each.isVisible()]
    assert_panel(tip)
    QToolTip.hideText()


def test_the_chosen_entry_of_a_menu_has_the_colour_of_selection(themed: MainWindow) -> None:
    menu = QMenu(themed)
    menu.addAction("First")
    ticked = menu.addAction("Second\tCtrl+S")
    ticked.setCheckable(True)
    ticked.setChecked(True)
    menu.popup(QPoint(10, 10))
    menu.setActiveAction(ticked)
    c = colours(menu.palette())
    image = menu.grab().toImage()
    place = menu.actionGeometry(ticked)
    assert image.pixelColor(place.right() - 2, place.center().y()).name() == c.selection.name()
    inks = {image.pixelColor(x, y).name() for x in range(place.left(), 30) for y in range(place.top(), place.bottom())}
    assert c.accent.name() in inks, "the tick"
    menu.close()


def test_a_question_has_our_buttons(themed: MainWindow) -> None:
    box = confirm(themed, "Clear", "Clear the list?", "Clear the list", lambda: None)
    c = colours(box.palette())
    for button in box.buttons():
        image = button.grab().toImage()
        assert button.height() >= 32
        assert image.pixelColor(6, image.height() // 2).name() in (c.raised.name(), c.selection.name())
        assert image.pixelColor(image.width() // 2, 0).name() == c.border.name()
    assert box.iconPixmap().toImage().pixelColor(0, 0).alpha() == 0
    box.reject()


def test_icons_of_fields_follow_the_theme(themed: MainWindow) -> None:
    icon = themed.style().standardIcon(QStyle.StandardPixmap.SP_LineEditClearButton)
    image = icon.pixmap(QSize(32, 32)).toImage()
    inks = Counter(
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    )
    assert inks.most_common(1)[0][0] == colours(themed.palette()).dim.name()


# Contrast of every text


def texts(widget: QWidget) -> list[tuple[str, QColor, QRect]]:
    """Return each text that a widget paints, with its colour and place in device-independent pixels."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(widget.size())
    drawing.setViewBox(widget.rect())
    drawing.setResolution(widget.logicalDpiX())
    widget.render(drawing)
    buffer.close()
    found: list[tuple[str, QColor, QRect]] = []
    root = ElementTree.fromstring(bytes(buffer.data().data()))
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+(?:e-?\d+)?", group.get("transform", ""))]
        where = QTransform(*numbers) if len(numbers) == 6 else QTransform()
        for element in group.findall("{http://www.w3.org/2000/svg}text"):
            words = (element.text or "").strip()
            size = float(element.get("font-size", "12"))
            place = QRectF(float(element.get("x", "0")), float(element.get("y", "0")) - size, size * len(words), size)
            ink = QColor(element.get("fill", "#000000"))
            ink.setAlphaF(float(element.get("fill-opacity", "1")))
            if words:
                found.append((words, ink, where.mapRect(place).toAlignedRect()))
    return found


def faint_texts(widget: QWidget) -> list[tuple[str, str, str, float]]:
    """Return the texts with less contrast than 4.5 to the most frequent colour around them."""
    image = widget.grab().toImage()
    faint = []
    for words, ink, place in texts(widget):
        # The width of a text is only estimated, so the ground is taken from its beginning.
        room = place.adjusted(-1, 0, 0, 2) & image.rect()
        room.setWidth(min(room.width(), 24))
        pixels = Counter(
            image.pixel(x, y)
            for x in range(room.left(), room.right() + 1)
            for y in range(room.top(), room.bottom() + 1)
        )
        if not pixels:
            continue
        ground = QColor(pixels.most_common(1)[0][0])
        ratio = contrast(ink, ground)
        # The parts of the liquid crystal that are not lit are no text.
        if (ratio < 4.5 or ink.alphaF() < 1) and ink != LIGHT.lcd_off:
            faint.append((words, ink.name(QColor.NameFormat.HexArgb), ground.name(), round(ratio, 2)))
    return faint


def test_the_walker_finds_texts_and_faint_ones(qtbot: QtBot) -> None:
    button = Button("Words")
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    assert [words for words, _, _ in texts(button)] == ["Words"]
    assert faint_texts(button) == []
    label = QLabel("Faint")
    qtbot.addWidget(label)
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, LIGHT.border)
    label.setPalette(palette)
    label.resize(label.sizeHint())
    assert [words for words, *_ in faint_texts(label)] == ["Faint"]


def test_every_text_of_every_page_is_readable(themed: MainWindow, clock: VirtualClock) -> None:
    themed.resize(1366, 1600)
    themed.messages.add_message(1.0, Level.ERROR, "A result")
    themed.configuration.edit("tag", "7")
    themed.bus.connect_to("sim:")
    scan(themed.bus, clock)
    for page in themed.pages:
        themed.go(page.objectName())
        for each in page.findChildren(Disclosure):
            each.set_open(True)
        for heading in page.findChildren(QAbstractButton):
            if heading.objectName().startswith("symptom_") and not heading.isChecked():
                heading.click()
        for table in page.findChildren(QTableView):
            table.selectRow(0)
        QApplication.processEvents()
        assert len(texts(themed)) > 20, "the walker sees the page"
        assert faint_texts(themed) == [], page.objectName()
    themed.open_settings()
    settings = themed._settings
    assert settings is not None
    assert faint_texts(settings) == []
    settings.close()
