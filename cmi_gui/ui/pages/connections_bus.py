"""The card of the M-Bus side: every link on which masters reach the module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from cmi_gui.engine.link.base import Link
from cmi_gui.engine.link.url import LinkSpec, make_link, parse_link
from cmi_gui.engine.link_status import LinkStatus
from cmi_gui.engine.link_trial import LISTEN_SECONDS, OpenTrial, TrialResult
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station import DEFAULT_MBUS
from cmi_gui.engine.wiring import Wiring
from cmi_gui.ui.link_words import link_words
from cmi_gui.ui.pages.connections_card import LinkCard, Trial
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.theme import SPACE, colours
from cmi_gui.ui.widgets.buttons import Button, Kind, focus_shows, paint_focus
from cmi_gui.ui.widgets.captioned import caption
from cmi_gui.ui.widgets.copy_line import CopyLine
from cmi_gui.ui.widgets.layout import WarningLine
from cmi_gui.ui.widgets.line_options import Purpose
from cmi_gui.ui.widgets.marks import Mark, Status, paint_mark

__all__ = ["BusCard"]


class _LinkRow(QPushButton):
    """One of several links: shape, LINK, state in words; checked while the card is about it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._status = Status(Mark.OFF, "")

    def sizeHint(self) -> QSize:
        """A line that is easily hit."""
        return QSize(120, max(32, QFontMetrics(self.font()).height() + SPACE.m))

    minimumSizeHint = sizeHint

    def show_row(self, text: str, status: Status) -> None:
        """Show how a link is doing."""
        if (text, status) == (self.text(), self._status):
            return
        self._status = status
        self.setText(text)
        self.setAccessibleName(f"{text}: {status.title}" if status.title else text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground while chosen or under the pointer, shape, LINK, state."""
        c = colours(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(c.selection if self.isChecked() else c.stripe)
            painter.drawRoundedRect(rect, 6, 6)
        metrics = QFontMetrics(self.font())
        side = metrics.ascent() + 2
        paint_mark(painter, self._status.mark, QRectF(SPACE.s, (rect.height() - side) / 2, side, side), c)
        left = 2 * SPACE.s + side
        state = metrics.elidedText(self._status.title, Qt.TextElideMode.ElideRight, self.width() // 2)
        wide = metrics.horizontalAdvance(state)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(c.dim)
        painter.drawText(QRectF(rect.right() - wide - SPACE.s, 0, wide + 2, rect.height()), middle, state)
        painter.setPen(c.text)
        room = rect.width() - left - wide - 2 * SPACE.s
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, round(room))
        painter.drawText(QRectF(left, 0, room, rect.height()), middle, text)
        if focus_shows(self):
            paint_focus(painter, rect, 6, c.accent)


class BusCard(LinkCard):
    """Where masters reach the module; several links may listen at a time, each with a slave of its own."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self._chosen: LinkStatus | None = None
        self._adding = False
        super().__init__(
            context,
            "mbus",
            Purpose.MODULE,
            self.tr("M-Bus side"),
            self.tr("Where masters reach the module."),
            self.tr("No link to the outside: only the pages of this program reach the module."),
            parent,
        )
        self.setObjectName("connectionsMbus")
        self.add = Button(self.tr("Add a link"), self, kind=Kind.QUIET, icon="add")
        self.add.setObjectName("linkAdd")
        self.add.setToolTip(self.tr("Listen on one more port, beside those there are"))
        self.add.clicked.connect(self._add)
        self.head.addWidget(self.add)
        self._rows: list[_LinkRow] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._row_clicked)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.top.addLayout(self._list)
        self.remove = Button(self.tr("Remove"), self, kind=Kind.QUIET)
        self.remove.setObjectName("linkRemove")
        self.remove.setToolTip(self.tr("Close this link and forget it"))
        self.remove.clicked.connect(self._remove)
        self.view.tools.addWidget(self.remove)
        self.command = CopyLine(self.tr("Command that reads the module"), self)
        self.command.setObjectName("linkCommand")
        row = caption(self.tr("Read it by"), self.command.button, self)
        self.view.rows.insertRow(1, row, self.command)
        self._all_go = WarningLine(self)
        self.form.extra.addRow(self._all_go)
        self.reset()

    def tab_chain(self) -> list[QWidget]:
        """See `LinkCard`."""
        return [self.add, self.remove, *super().tab_chain()]

    # What this side is

    def _links(self) -> list[LinkStatus]:
        return [link for link in self.station.link_status if link.side == "mbus"]

    def _apply_words(self) -> str:
        return self.tr("Add the link") if self._adding else self.tr("Connect the M-Bus side")

    @property
    def status(self) -> LinkStatus | None:
        """The link that is chosen in the list; the first where the one that was is gone."""
        links = self._links()
        if self._adding or not links:
            return None
        if not any(link is self._chosen for link in links):
            self._chosen = links[0]
        return self._chosen

    @property
    def wired(self) -> str:
        """See `LinkCard`."""
        status = self.status
        return "sim:" if status is None else status.link

    @property
    def dirty(self) -> bool:
        """A link that is being added is one of its own, whatever the form holds."""
        return self._adding or super().dirty

    def wiring(self, link: str) -> Wiring:
        """See `LinkCard`."""
        links = [each.link for each in self._links()]
        if link == "sim:":
            links = []
        elif self._adding or self.status is None:
            links.append(link)
        else:
            links[self._links().index(self.status)] = link
        return replace(self.station.config.wiring, mbus=tuple(links))

    def chosen(self, wiring: Wiring) -> dict[str, object]:
        """See `LinkCard`."""
        return {"mbus": wiring.mbus}

    def make_link(self, spec: LinkSpec) -> Link:
        """See `LinkCard`."""
        return make_link(spec, self.station.clock, "listen", self.station.module.line)

    def make_test(self, spec: LinkSpec, told: Callable[[TrialResult], None]) -> Trial:
        """A serial port is listened to; elsewhere nobody can speak before it is wired."""
        seconds = LISTEN_SECONDS if spec.scheme == "serial" else 0.0
        return OpenTrial(self.make_link(spec), self.station.clock, told, listen=seconds)

    def test_wired(self) -> Status:
        """See `LinkCard`."""
        status = self.status
        return (
            link_words(status, running=self.station.running) if status is not None else Status(self.view.mark.mark, "")
        )

    def _no_test(self) -> str:
        return self.tr("There is no link to test") if self.form.scheme == "sim" else ""

    def _test_tip(self) -> str:
        if self.form.scheme == "serial":
            return self.tr("Opens the port and listens for {0} s whether a master speaks").format(round(LISTEN_SECONDS))
        return self.tr("Looks whether the module could listen there, without changing anything")

    # Showing it

    def refresh(self) -> None:
        """The list too."""
        links = self._links()
        rows = len(links) + self._adding
        # One link needs no list.
        shown = rows if rows > 1 else 0
        while len(self._rows) > shown:
            row = self._rows.pop()
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < shown:
            row = _LinkRow(self)
            row.setObjectName("linkRow")
            self._group.addButton(row, len(self._rows))
            self._list.addWidget(row)
            QWidget.setTabOrder(self._rows[-1] if self._rows else self.add, row)
            self._rows.append(row)
        current = self.status
        for place, row in enumerate(self._rows):
            if place < len(links):
                link = links[place]
                row.show_row(link.url, link_words(link, running=self.station.running))
                row.setChecked(link is current)
            else:
                row.show_row(self.tr("New link"), Status(Mark.OFF, ""))
                row.setChecked(True)
        self.add.setEnabled(not self._adding)
        many = self.tr("All {0} links are taken away.").format(len(links)) if len(links) > 1 else ""
        self._all_go.show_text(many)
        self._show_command(current)
        super().refresh()

    def _show_command(self, status: LinkStatus | None) -> None:
        # On a serial port the master is at the other end of a cable; what it is called there, nobody here knows.
        reachable = status is not None and status.state is LinkState.OPEN and not status.url.startswith("serial:")
        if self.command.isHidden() is reachable:
            self.view.rows.setRowVisible(self.command, reachable)
        if status is not None and reachable:
            spec = parse_link(status.url)
            address = self.station.module.primary_address
            self.command.set_text(f"cmi-gui read --link {replace(spec, paced=False)} --address {address}", "")

    def reset(self) -> None:
        """Back to what is wired; a link that was being added is none."""
        self._adding = False
        super().reset()

    # What the user does

    def _row_clicked(self, place: int) -> None:
        links = self._links()
        if place < len(links) and links[place] is not self.status:
            self._chosen = links[place]
            self.reset()
        self.refresh()

    def _add(self) -> None:
        self._adding = True
        self._shown = self.wired
        self.form.show_link(self._next_tcp())
        self.refresh()
        self.form.port.setFocus()
        self.form.port.selectAll()
        self.edited.emit()

    def _next_tcp(self) -> str:
        """A port that none of ours has; whether others have it, the trial tells."""
        ports = [parse_link(link.url).port for link in self._links() if link.url.startswith("tcp:")]
        default = parse_link(DEFAULT_MBUS)
        return str(replace(default, port=min(max([default.port - 1, *ports]) + 1, 65_535)))

    def _remove(self) -> None:
        status = self.status
        if status is None:
            return
        wiring = self.station.config.wiring
        rest = tuple(link.link for link in self._links() if link is not status)
        after = replace(wiring, mbus=rest)
        self.station.rewire(after)
        self._keep(after)
        self.reset()
        self.refresh()
        self.edited.emit()

    def _wired(self, link: str) -> None:
        """The card goes on with the link that has been wired."""
        self._adding = False
        self._chosen = next((each for each in self._links() if each.link == link), None)
