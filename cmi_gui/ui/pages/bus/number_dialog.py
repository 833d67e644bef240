"""The question before a command that cuts or restores power or destroys settings: the meter's last digits are typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton
from cmi_gui.ui.widgets.plain.fields import TextField
from cmi_gui.ui.widgets.plain.layout import Label, Stretch, column_of, row_of

DIGITS = 4
"""How many digits are typed."""


class NumberDialog(QDialog):
    """A question that is answered by the last four digits of a meter's number.

    `text`: what the command does, to which module and meter. `button`: verb and object. `confirmed` gets the digits.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        button: str,
        meter: str,
        confirmed: Callable[[str], object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._digits = meter[-DIGITS:]
        ask = self.tr("Type the last four digits of the number on the meter:")
        self.field = TextField(self, name=ask, object_name="lastDigits")
        self.field.setMaxLength(DIGITS)
        self.field.setFixedWidth(em(self, 10))
        self.go = PrimaryButton(button, self)
        self.go.setAutoDefault(False)
        self.cancel = Button(self.tr("Cancel"), self, on_click=self.reject)
        self.cancel.setAutoDefault(False)
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self.go.click)
        self.go.clicked.connect(self.accept)
        self.accepted.connect(lambda: confirmed(self.field.text()))
        column_of(
            Label(text, self, wrap=True),
            Label(ask, self),
            row_of(self.field, Stretch()),
            row_of(Stretch(), self.cancel, self.go),
            within=self,
            margins=SPACE.l,
            spacing=SPACE.m,
        )
        self.setMinimumWidth(em(self, 60))
        self._check("")

    def _check(self, typed: str) -> None:
        right = len(self._digits) == DIGITS and typed == self._digits
        self.go.allow("" if right else self.tr("These are not the last four digits of the meter's number"), "")


def ask_number(
    parent: QWidget, title: str, text: str, button: str, meter: str, confirmed: Callable[[str], object]
) -> NumberDialog:
    """Open the question; `meter` is the meter's whole number. Raises ValueError if it is not known."""
    if len(meter) < DIGITS:
        raise ValueError("the number of the meter is not known")
    dialog = NumberDialog(parent, title, text, button, meter, confirmed)
    dialog.open()
    return dialog
