"""Where the window was and what it showed, kept in one JSON file; nothing is kept without a state folder."""

from __future__ import annotations

import base64
import json
import logging
import os
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter, QTableView

__all__ = ["Prefs"]

_log = logging.getLogger(__name__)


class Prefs:
    """`window.json` in a folder: geometry, page, widths of named tables."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / "window.json"

    def restore(self, window: QMainWindow, pages: int) -> int:
        """Put the window as it was; returns the page to show, 0 where nothing is known.

        A file that cannot be read is worth a log line and nothing more: it holds no data of the user's.
        """
        if self._path is None or not self._path.exists():
            return 0
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            window.restoreGeometry(QByteArray(base64.b64decode(kept["geometry"])))
            for name, state in kept["tables"].items():
                table = window.findChild(QTableView, name)
                if table is not None:
                    table.horizontalHeader().restoreState(QByteArray(base64.b64decode(state)))
            page = int(kept["page"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.info("%s is not as it was written: %s", self._path, error)
            return 0
        return page if 0 <= page < pages else 0

    def save(self, window: QMainWindow, page: int) -> None:
        """Keep it, whole or not at all."""
        if self._path is None:
            return
        tables = {
            table.objectName(): _text(table.horizontalHeader())
            for table in window.findChildren(QTableView)
            if table.objectName()
        }
        kept = {"geometry": _base64(window.saveGeometry()), "page": page, "tables": tables}
        draft = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            os.replace(draft, self._path)
        except OSError as error:
            _log.info("the window's place cannot be kept: %s", error)


def _base64(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _text(part: QHeaderView | QSplitter) -> str:
    return _base64(part.saveState())
