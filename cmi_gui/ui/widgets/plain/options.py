"""Constructor options that our widgets share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from cmi_gui.ui.text.tooltip import set_tooltip

Slot = Callable[..., object] | SignalInstance
"""Anything a signal can be connected to."""


class Options(TypedDict, total=False):
    """The options of a widget: object name, tooltip, and font if it is not the ordinary one."""

    object_name: str
    tip: str
    look: QFont


def take_options(widget: QWidget, options: Options) -> None:
    """Apply the options to a widget."""
    widget.setObjectName(options.get("object_name", ""))
    set_tooltip(widget, options.get("tip", ""))
    if "look" in options:
        widget.setFont(options["look"])
