"""The help for the filter language: a card with examples that can be clicked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from cmi_gui.ui.theme import SPACE, em, font, monospace
from cmi_gui.ui.widgets.plain.buttons import QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, column_of, grid_of, least_height
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_WIDTH = 112
"""The width of the card in average characters."""


class FilterHelp(QFrame):
    """A card that closes with Escape or a click beside it.

    Signals: `chosen(str)`, an example that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(self.tr("The filter language"))
        self._inside = QWidget(self)
        grid = grid_of(within=self._inside, margins=(SPACE.l, SPACE.m), across=SPACE.l, down=SPACE.xs, stretched=(1,))
        title = Label(self.tr("Filter terms"), self, look=font(strong=True))
        grid.addWidget(title, 0, 0, 1, 2)
        for row, (example, meaning) in enumerate(self._language(), 1):
            button = QuietButton(example, self, on_click=lambda _=False, example=example: self._choose(example))
            button.setFont(monospace())
            button.setAccessibleName(self.tr("Use the example {0}").format(example))
            button.setAccessibleDescription(meaning)
            grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignLeft)
            words = Label(meaning, self, wrap=True)
            grid.addWidget(words, row, 1)
        rules = DimLabel(
            self.tr(
                "Separate terms by spaces; a telegram must match all of them. If a key is repeated, or has several"
                " values with commas between them, one match is enough. A minus in front excludes. Quotes allow spaces"
                " in a value and make error, silence, retry, masked and bookmark ordinary words."
            ),
            wrap=True,
        )
        grid.addWidget(rules, grid.rowCount(), 0, 1, 2)
        # Scrolls on a screen that is too low.
        scroll = ScrollColumn(self)
        scroll.setWidget(self._inside)
        self._inside.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        column_of(scroll, within=self, margins=1)

    def _language(self) -> list[tuple[str, str]]:
        return [
            ("1.8.0 energy", self.tr("both words, in the summary, type or bytes")),
            ("side:mbus", self.tr("the side: mbus or meter")),
            ("dir:rx", self.tr("received (rx) or sent (tx) by the module")),
            ("addr:5,10-20", self.tr("addresses and ranges; none for telegrams without an address")),
            ("type:REQ*,RSP_UD", self.tr("types of telegrams; an asterisk stands for the rest of a name")),
            ('text:"L1 voltage"', self.tr("this text, spaces included")),
            ('hex:"68 .. * 72"', self.tr("bytes: .. is any byte, * any number of bytes")),
            ("link:tcp", self.tr("links whose name contains this")),
            ("since:5m until:30s", self.tr("a time before now (ms, s, m, h, d), or a time of today such as 14:05")),
            ("answer:>50ms", self.tr("answers that began later than this; < for sooner; in ms, s or bit times (bit)")),
            ("error", self.tr("damaged, refused or unanswered telegrams; also silence, retry, masked")),
            ("bookmark note:late", self.tr("telegrams with a bookmark, and with a note that has this text")),
            ("-type:ACK", self.tr("everything except this")),
        ]

    def open_below(self, field: QWidget) -> None:
        """Show the card under a field."""

        room = self.screen().availableGeometry()
        width = min(em(self, _WIDTH), round(room.width() * 0.9))
        self.resize(width, min(least_height(self._inside, width - 2) + 2, round(room.height() * 0.9)))
        corner = field.mapToGlobal(QPoint(0, field.height() + SPACE.xs))
        left = min(corner.x(), room.x() + room.width() - self.width())
        top = min(corner.y(), room.y() + room.height() - self.height())
        self.move(max(room.x(), left), max(room.y(), top))
        self.show()

    def _choose(self, example: str) -> None:
        self.close()
        self.chosen.emit(example)
