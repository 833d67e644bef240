"""The view of a link's state: shape and words, cause and remedy, byte counts, and buttons to connect or disconnect."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.ui.text.link_words import bytes_words, facts_words, late_words, link_words, shown_link
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.theme import SPACE, font, tabular
from cmi_gui.ui.widgets.plain.buttons import Button, QuietButton
from cmi_gui.ui.widgets.plain.captioned import caption, captioned_rows
from cmi_gui.ui.widgets.plain.copy_line import CopyLine
from cmi_gui.ui.widgets.plain.layout import Label, WarningLine, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import ElidedLabel, StateMark


class LinkStateView(QWidget):
    """The state of one link.

    Signals: `connect_requested()`: open it now; `disconnect_requested()`: release its port.
    """

    connect_requested = Signal()
    disconnect_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = StateMark(parent=self)
        self.title = ElidedLabel(parent=self, object_name="linkState")
        # It takes the width of its words if there is room, but must not make the card wider than its neighbour.
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.title.setFont(font(strong=True))
        self.detail = Label("", self, object_name="linkCause", wrap=True)
        self.bytes = ElidedLabel(parent=self, dim=True, object_name="linkBytes", look=tabular(font()))
        self.facts = ElidedLabel(parent=self, dim=True, object_name="linkFacts", look=tabular(font()))
        self.late = WarningLine(self, object_name="linkLate")
        self.url = CopyLine(self.tr("{0}: LINK").format(name), self, object_name="linkUrl")
        self.reconnect = Button(self.tr("Reconnect now"), self, icon="refresh", object_name="linkReconnect")
        self.reconnect.clicked.connect(self.connect_requested)
        self.disconnect_link = QuietButton(self.tr("Disconnect"), self, object_name="linkDisconnect")
        set_tooltip(self.disconnect_link, self.tr("Close this link so that other programs can use its port"))
        self.disconnect_link.clicked.connect(self.disconnect_requested)
        self.tools = row_of()
        """A layout for a side's own buttons, before the common ones."""
        head = row_of(self.mark, self.title, (self.bytes, 1), self.tools, self.reconnect, self.disconnect_link)
        under = column_of(self.facts, self.late, self.detail, margins=(self.mark.width() + SPACE.s, 0, 0, 0))
        self.rows = captioned_rows()
        """A layout for a side's own rows about an open link."""
        self.rows.addRow(caption(self.tr("LINK"), self.url.button, self), self.url)
        column_of(head, under, self.rows, within=self, margins=0)

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets that take the keyboard focus, in visible order."""
        return [self.reconnect, self.disconnect_link, *(copy.button for copy in self.findChildren(CopyLine))]

    def show_link(self, link: LinkStatus, *, running: bool) -> None:
        """Show the state of a link; unchanged parts are not repainted."""
        words = link_words(link, running=running)
        self.mark.set_mark(words.mark)
        self.title.setText(words.title)
        is_open = link.state is LinkState.OPEN
        # For an open link the byte counts say more than words.
        cause = "" if is_open else words.detail
        self.detail.setText(cause)
        self.detail.setVisible(bool(cause))
        facts = facts_words(link)
        self.facts.setText(facts)
        self.facts.setVisible(bool(facts))
        self.late.show_text(late_words(link))
        self.url.set_text(shown_link(link), "")
        # While the link is not open, its cause is shown instead.
        self.bytes.setText(bytes_words(link) if is_open else "")
        closed = link.state is LinkState.CLOSED
        self.reconnect.set_words(self.tr("Connect") if closed else self.tr("Reconnect now"))
        self.reconnect.setVisible(not is_open)
        self.reconnect.setEnabled(running and link.state is not LinkState.OPENING)
        set_tooltip(
            self.reconnect,
            self.tr("The link is being opened")
            if link.state is LinkState.OPENING
            else self.tr("Try to open it now, without waiting"),
        )
        # A link that has failed for good holds no port to release.
        holds_port = link.state not in (LinkState.CLOSED, LinkState.FAILED)
        if self.disconnect_link.hasFocus() and not holds_port:
            self.reconnect.setFocus()
        self.disconnect_link.setVisible(holds_port)
