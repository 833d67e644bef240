"""Rows of a caption and a field; the captions of all such columns on a page are equally wide."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QWidget

from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.layout import DimLabel

CAPTION_EMS = 19
"""The width for the longest caption, in average characters."""


def captioned_rows() -> QFormLayout:
    """Return a column of rows; a row without a caption takes the whole width."""
    rows = QFormLayout()
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setHorizontalSpacing(SPACE.m)
    rows.setVerticalSpacing(SPACE.s)
    rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return rows


def caption(words: str, field: QWidget, parent: QWidget) -> DimLabel:
    """Return the caption of a field, centred on its first line; its mnemonic moves the focus to the field."""
    label = DimLabel(words, parent)
    label.setBuddy(field)
    label.setMinimumHeight(SPACE.target)
    label.setFixedWidth(max(em(parent, CAPTION_EMS), label.sizeHint().width()))
    return label
