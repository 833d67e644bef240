"""Rows of a caption and what it is for, with the captions of all such columns on a page equally wide."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QWidget

from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.layout import DimLabel

CAPTION_EMS = 19
"""Room for the longest caption, in average characters."""


def captioned_rows() -> QFormLayout:
    """A column of rows; a row without a caption takes the whole width."""
    rows = QFormLayout()
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setHorizontalSpacing(SPACE.m)
    rows.setVerticalSpacing(SPACE.s)
    rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return rows


def caption(words: str, field: QWidget, parent: QWidget) -> DimLabel:
    """The words in front of a field, in the middle of its first line; a click on a mnemonic goes to the field."""
    label = DimLabel(words, parent)
    label.setBuddy(field)
    label.setMinimumHeight(32)
    label.setFixedWidth(max(em(parent, CAPTION_EMS), label.sizeHint().width()))
    return label
