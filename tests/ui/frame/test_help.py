"""The help window and its guide: links, search, and no access to files or addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.traffic.filter import parse_filter
from cmi_gui.ui.frame.help import HelpWindow, open_help
from cmi_gui.ui.frame.help_text import chapters, guide_text, slug
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.makers import page_entries
from cmi_gui.ui.theme import DARK, LIGHT, Scheme, apply_theme
from tests.helpers.contrast import contrast
from tests.helpers.scripts import load_script

make_user_guide = load_script("docs/make_user_guide")
GUIDE = make_user_guide.SOURCE.read_text(encoding="utf-8")


@pytest.fixture
def guide(qtbot: QtBot) -> Iterator[HelpWindow]:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    window = open_help(owner)
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: bool(window._blocks))
    yield window
    # A window without an owner is deleted with its last reference; this one must exist until here.
    owner.close()


# The text


def test_the_copy_beside_the_pictures_is_up_to_date() -> None:
    pages = make_user_guide.pages()
    assert {page.name for page in pages} == {path.name for path in make_user_guide.SOURCE.parent.glob("user-guide*.md")}
    for page, text in pages.items():
        assert page.read_text(encoding="utf-8") == text, "run python -m docs.make_user_guide"
        for picture in re.findall(r"\]\((images/[^)]+)\)", text):
            assert (page.parent / picture).is_file(), picture


def test_every_link_in_the_guide_leads_to_a_heading() -> None:
    slugs = [chapter.slug for chapter in chapters(GUIDE)]
    assert len(set(slugs)) == len(slugs)
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", GUIDE)
    assert len(links) >= 8
    assert [link for link in links if link.removeprefix("#") not in slugs or not link.startswith("#")] == []


def test_every_page_has_its_chapter_and_its_picture() -> None:
    second = [chapter.title for chapter in chapters(GUIDE) if chapter.level == 2]
    assert [second[page.chapter] for page in page_entries()] == [page.title for page in page_entries()]
    pictures = re.findall(r"!\[[^\]]+\]\(images/(\w+)-light\.png\)", GUIDE)
    of_pages = [page.icon for page in sorted(page_entries(), key=lambda page: page.chapter)]
    assert [picture for picture in pictures if picture in of_pages] == of_pages
    assert set(pictures) - set(of_pages) == {"site", "review", "report"}, "further pictures of the page Site"


def test_the_packaged_guide_needs_no_pictures() -> None:
    text = guide_text("en")
    assert "![" not in text
    assert text.count("\n## ") == GUIDE.count("\n## ")
    assert guide_text("xx") == text, "English if there is no other"


def test_links_and_filters_in_the_guide_are_valid() -> None:
    links = set(re.findall(r"`((?:sim|tcp|serial|pty):[^`]*)`", GUIDE))
    assert len(links) > 5
    for link in links:
        parse_link(link)
    rows = GUIDE.partition("### The filter")[2].partition("### Captures")[0]
    examples = re.findall(r"`(-?\w+:[^`]+)`", rows)
    assert len(examples) > 12
    for example in examples:
        parse_filter(example)


@pytest.mark.parametrize(
    ("title", "expected"),
    [("The window", "the-window"), ("What is kept, and where", "what-is-kept-and-where"), ("Läsning 2", "läsning-2")],
)
def test_slugs_are_those_of_the_forges(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_sentences_are_short() -> None:
    prose = re.sub(r"```.*?```|^\|.*$|^#.*$|^!\[.*$", "", GUIDE, flags=re.MULTILINE | re.DOTALL)
    sentences = re.split(r"(?<=[.:!?])\s+", prose.replace("\n", " "))
    assert max(len(sentence.split()) for sentence in sentences) <= 40


# The window


def shown_chapter(guide: HelpWindow) -> str:
    """Return the title of the chapter marked in the contents."""
    return guide.chapters[max(0, guide.contents.currentRow())].title


def test_the_guide_opens_at_the_chapter_of_a_page(guide: HelpWindow) -> None:
    for page in page_entries():
        guide.show_topic(page.name)
        second = [chapter for chapter in guide.chapters if chapter.level == 2]
        assert shown_chapter(guide) == second[page.chapter].title
    guide.show_topic("link")
    assert shown_chapter(guide) == "LINK"
    guide.show_topic("nonsense")
    assert shown_chapter(guide) == "User guide"


def test_a_topic_requested_before_rendering_is_shown_afterwards(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    window = open_help(owner, "pageTraffic")
    qtbot.waitUntil(lambda: bool(window._blocks))
    assert shown_chapter(window) == "Traffic"


def test_a_click_in_the_contents_shows_the_chapter(guide: HelpWindow, qtbot: QtBot) -> None:
    contents = guide.findChild(QListWidget, "helpContents")
    place = [chapter.title for chapter in guide.chapters].index("Keyboard")
    item = contents.item(place)
    contents.scrollToItem(item)
    qtbot.mouseClick(contents.viewport(), Qt.MouseButton.LeftButton, pos=contents.visualItemRect(item).center())
    assert shown_chapter(guide) == "Keyboard"
    assert guide.browser.verticalScrollBar().value() > 0


def test_only_internal_links_are_followed(guide: HelpWindow) -> None:
    guide.browser.anchorClicked.emit(QUrl("#wiring"))
    assert shown_chapter(guide) == "Wiring"
    guide.browser.anchorClicked.emit(QUrl("file:///etc/hostname"))
    guide.browser.anchorClicked.emit(QUrl("https://example.invalid/#module"))
    assert shown_chapter(guide) == "Wiring"
    assert guide.browser.loadResource(2, QUrl("file:///etc/hostname")) is None


def test_search_counts_and_steps(guide: HelpWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(guide, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(guide.search, "DISCONNECTOR")
    total = guide_text("en").lower().count("disconnector")
    assert guide.count.text() == f"1 of {total}"
    qtbot.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.count.text() == f"2 of {total}"
    qtbot.mouseClick(guide.before, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(guide.before, Qt.MouseButton.LeftButton)
    assert guide.count.text() == f"{total} of {total}"
    guide.search.setText("no such word")
    assert guide.count.text() == "No matches"
    assert not guide.after.isEnabled()
    guide.search.clear()
    assert guide.count.text() == ""


def test_enter_in_the_search_does_not_close_the_window(guide: HelpWindow, qtbot: QtBot) -> None:
    guide.search.setFocus()
    qtbot.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.isVisible()
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
    assert not guide.isVisible()


def test_the_guide_follows_the_theme_and_keeps_its_position(guide: HelpWindow, qapp: QApplication) -> None:
    guide.show_topic("pageTraffic")
    at = guide.browser.verticalScrollBar().value()
    for scheme, expected in ((Scheme.DARK, DARK), (Scheme.LIGHT, LIGHT)):
        apply_theme(qapp, scheme)
        qapp.processEvents()
        image = guide.browser.viewport().grab().toImage()
        assert image.pixelColor(3, image.height() // 2) == expected.base
        link = next(colour for colour in _link_colours(guide))
        assert contrast(link, expected.base) >= 4.5
        assert guide.browser.verticalScrollBar().value() == at


def _link_colours(guide: HelpWindow) -> list[QColor]:
    found = []
    block = guide.browser.document().begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            look = walk.fragment().charFormat()
            if look.isAnchor():
                found.append(look.foreground().color())
            walk += 1
        block = block.next()
    return found


def test_each_window_has_one_help_window(in_contact: MainWindow, qtbot: QtBot) -> None:
    first = open_help(in_contact.stack.currentWidget(), "pageModule")
    qtbot.waitUntil(lambda: bool(first._blocks))
    first.close()
    assert open_help(in_contact, "pageReadings") is first
    assert first.isVisible()
    assert shown_chapter(first) == "Readings"
    first.close()
