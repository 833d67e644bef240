"""The pages of a window."""

from typing import TypeVar

from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.page import Page

AnyPage = TypeVar("AnyPage", bound=Page)


def go_to(window: MainWindow, kind: type[AnyPage]) -> AnyPage:
    """Go to the page of a class, such as `TrafficPage`, and return it."""
    window.go(f"page{kind.__name__.removesuffix('Page')}")
    page = window.stack.currentWidget()
    assert isinstance(page, kind)
    return page
