"""The card of listeners: ports whose traffic is recorded and decoded, and where nothing is ever sent."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from cmi_gui.engine.events import Side
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import LISTEN_SECONDS, TrialResult
from cmi_gui.engine.station.wiring import Listening, Use
from cmi_gui.ui.pages.connections.listener_words import listener_lines
from cmi_gui.ui.pages.connections.many import LinkListCard
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.link_words import listening_words
from cmi_gui.ui.text.mark import Status
from cmi_gui.ui.theme import SPACE, font, tabular
from cmi_gui.ui.widgets.plain.buttons import Button, Segments
from cmi_gui.ui.widgets.plain.captioned import caption
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, column_of

ListenedSide = Literal["mbus", "meter"]
_USES: dict[Side, Use] = {"mbus": Use.LISTEN_BUS, "meter": Use.LISTEN_METER}


class ListenCard(LinkListCard):
    """The listeners' card, as wide as both sides: list and state on the left, the form on the right.

    Without a listener it is one line with a button.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            context,
            "mbus",
            Use.LISTEN_BUS,
            (
                self.tr("Listen only"),
                self.tr("Records and decodes the traffic on a wire. Nothing is ever sent there."),
                "",
            ),
            (
                self.tr("Listen on a port"),
                self.tr("A tap on a bus, or an optical head beside the one that reads the meter"),
            ),
            parent,
            part="listen",
            fewest=1,
        )
        self.setObjectName("connectionsListen")
        self.add.setObjectName("listenAdd")
        self.remove.setObjectName("listenRemove")
        self.add.set_icon("listen")
        self.received = Label("", self, object_name="listenHeard", look=tabular(font()))
        self.received.setMinimumHeight(SPACE.target)
        self.view.rows.addRow(caption(self.tr("Received"), self.received, self), self.received)
        self.protocol.chosen.connect(self._side_chosen)
        self.reset()

    def _lay_out(self, words: QWidget) -> None:
        self.protocol = Segments[ListenedSide](
            [(self.tr("M-Bus telegrams"), "mbus"), (self.tr("Meter messages"), "meter")],
            self.tr("Protocol"),
            self,
        )
        self.protocol.setObjectName("listenSide")
        policy = words.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        words.setSizePolicy(policy)
        self.head.setStretch(0, 0)
        self.head.addWidget(words, 1)
        left = column_of(self.top, self.view, Stretch(1), spacing=SPACE.m)
        self._wiring = QWidget(self)
        column_of(
            (self.protocol, 0, Qt.AlignmentFlag.AlignLeft),
            self.form,
            *self._rows_below_form(),
            Stretch(1),
            within=self._wiring,
            margins=0,
            spacing=SPACE.m,
        )
        both = QGridLayout()
        # The columns are aligned with the cards of the two sides.
        both.setHorizontalSpacing(3 * SPACE.l)
        both.addLayout(left, 0, 0)
        both.addWidget(self._wiring, 0, 1)
        both.setColumnStretch(0, 1)
        both.setColumnStretch(1, 1)
        column_of(self.head, both, within=self, margins=(SPACE.l, SPACE.m), spacing=SPACE.m)

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets in tab order."""
        first, *rest = super().tab_chain()
        view = [self.remove, *self.view.tab_chain()]
        return [first, *view, *self.protocol.findChildren(Button), *(each for each in rest if each not in view)]

    # Properties of this side

    def links(self) -> list[LinkStatus]:
        """Return the links that only listen."""
        return [link for link in self.station.link_status if link.listens]

    def _apply_words(self) -> str:
        return self.tr("Start listening")

    @property
    def wired(self) -> str:
        """The LINK of the chosen listener; empty if there is none."""
        status = self.status
        return "" if status is None else status.link

    @property
    def dirty(self) -> bool:
        """True if the form, including the side, differs from the present wiring; False while the form is hidden."""
        status = self.status
        if status is None:
            return self._adding
        return super().dirty or self.side != status.side

    @property
    def side(self) -> ListenedSide:
        """The chosen side: M-Bus telegrams or messages of a meter."""
        return self.protocol.value()

    def entry(self, link: str, side: Side) -> Listening:
        """Return LINK and side."""
        return Listening(link, "mbus" if side == "mbus" else "meter")

    def form_text(self) -> str:
        """Return the side and the form's LINK for `restore_text`; empty if the LINK is not valid."""
        link = super().form_text()
        return f"{self.side} {link}" if link else ""

    def restore_text(self, text: str) -> None:
        """Fill the form with a text from `form_text`. Raises LinkError if it is invalid."""
        side, _, link = text.partition(" ")
        super().restore_text(link)
        self._adding = self.status is None
        self.protocol.show_value(side)
        self.form.set_use(self.use)
        self.refresh()

    @property
    def use(self) -> Use:
        """The use of the link, which follows from the chosen side."""
        return _USES[self.side]

    def trial_words(self, result: TrialResult) -> Status:
        """Return a trial's result in words, for the chosen side."""
        return listening_words(result, self.side)

    def _test_tip(self) -> str:
        return self.tr("Opens the port and waits {0} s for traffic").format(round(LISTEN_SECONDS))

    # Display

    def refresh(self) -> None:
        """Update the card; the form is shown only for a listener that exists or is being added."""
        super().refresh()
        port = next((port for port in self.station.listening if port.status is self.status), None)
        lines = [] if port is None else listener_lines(port, self.station.anchor.local)
        self.received.setText("\n".join(lines))
        self._wiring.setVisible(self._adding or self.status is not None)

    def _fill_form(self) -> None:
        status = self.status
        if status is not None:
            self.protocol.show_value(status.side)
            self.form.set_use(_USES[status.side])
            super()._fill_form()

    # User actions

    def _side_chosen(self, side: object) -> None:
        self.form.set_use(self.use)
        self._edited()

    def _fill_new(self) -> QLineEdit:
        self.protocol.show_value("mbus")
        self.form.set_use(Use.LISTEN_BUS)
        self.form.show_new()
        return self.form.device
