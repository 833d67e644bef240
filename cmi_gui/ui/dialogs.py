"""Dialogs that do not block: each function opens one, returns at once, and calls back when the user has answered.

`exec()` is never used: under qasync a nested loop breaks the coroutines that are waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from cmi_gui.ui.theme import SPACE


def ask_open_file(parent: QWidget, title: str, filters: str, chosen: Callable[[Path], object]) -> QFileDialog:
    """Ask for a file to read; `filters` in Qt's form: `Captures (*.txt);;All files (*)`."""
    dialog = _file_dialog(parent, title, filters, chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def ask_save_file(
    parent: QWidget, title: str, filters: str, name: str, chosen: Callable[[Path], object]
) -> QFileDialog:
    """Ask for a file to write; `name` is proposed, its suffix is the default. Qt asks before a file is overwritten."""
    dialog = _file_dialog(parent, title, filters, chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.selectFile(name)
    dialog.open()
    return dialog


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file type in a dialog: its name, and the suffix of its files without a dot."""

    name: str
    suffix: str

    @property
    def filter(self) -> str:
        """The type in Qt's form."""
        return f"{self.name} (*.{self.suffix})"


def ask_save_as(
    parent: QWidget,
    title: str,
    kinds: Sequence[FileKind],
    first: int,
    stem: str,
    chosen: Callable[[Path, int], object],
) -> QFileDialog:
    """Ask for a file to write and its type.

    `first`: the index of the type that is proposed. `stem`: the proposed name without its suffix. `chosen` gets the
    index of the type: the chosen one, or the first one with the suffix of the name if they differ.
    """

    def selected(path: Path) -> None:
        name = dialog.selectedNameFilter()
        # A dialog of the desktop may not tell the type.
        kind = filters.index(name) if name in filters else first
        suffix = path.suffix.lower().lstrip(".")
        suffixes = [each.suffix for each in kinds]
        if suffix != suffixes[kind] and suffix in suffixes:
            kind = suffixes.index(suffix)
        chosen(path, kind)

    def filter_selected(name: str) -> None:
        if name in filters:
            dialog.setDefaultSuffix(kinds[filters.index(name)].suffix)

    filters = [kind.filter for kind in kinds]
    dialog = _file_dialog(parent, title, ";;".join(filters), selected)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.filterSelected.connect(filter_selected)
    dialog.selectNameFilter(filters[first])
    filter_selected(filters[first])
    dialog.selectFile(f"{stem}.{kinds[first].suffix}")
    dialog.open()
    return dialog


def _file_dialog(parent: QWidget, title: str, filters: str, chosen: Callable[[Path], object]) -> QFileDialog:
    dialog = QFileDialog(parent, title, "", filters)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, QCoreApplication.testAttribute(_NO_NATIVE))
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    return dialog


_NO_NATIVE = Qt.ApplicationAttribute.AA_DontUseNativeDialogs


def confirm(parent: QWidget, title: str, text: str, button: str, confirmed: Callable[[], object]) -> QMessageBox:
    """Ask before something that cannot be undone; `button` names it (`Restore factory values`), Escape cancels."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, text, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    go = box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    for choice in (go, cancel):
        choice.setMinimumHeight(SPACE.target)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    # Fusion puts an icon on it that does not match the style of ours.
    cancel.setIcon(QIcon())
    go.clicked.connect(lambda: confirmed())
    box.open()
    return box
