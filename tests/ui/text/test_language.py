"""The window's languages: complete and current translations, used everywhere, changed at run time."""

from __future__ import annotations

import ast
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractListModel, QEvent, QLibraryInfo, QLocale, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QHeaderView, QWidget

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.messages import Listing, Message
from cmi_gui.ui.frame.help_text import chapters, guide_text
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text import i18n
from cmi_gui.ui.text.i18n import install_language, language_code
from cmi_gui.ui.text.messages import meaning_text, text_of
from tests.helpers.packaging_scripts import translations

pytestmark = pytest.mark.pages

ROOT = Path(__file__).resolve().parents[3]
"""The checkout's file, also when an installed wheel is tested."""
HOLE = re.compile(r"\{[^}]*\}")


def messages() -> Iterator[tuple[str, str, str]]:
    """Return (context, source, Swedish) of each message in the translation file."""
    file = ROOT / "cmi_gui" / "resources" / "translations" / "cmi_gui_sv.ts"
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name", ""), message.findtext("source", ""), message.findtext("translation", "")


@pytest.fixture
def swedish(qapp: QApplication) -> None:
    install_language(qapp, Language.SWEDISH)


# The file


@pytest.mark.skipif(
    shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent)) is None,
    reason="the collecting tool comes with PySide6's scripts, which are not installed here",
)
def test_translations_are_complete_and_up_to_date() -> None:
    assert translations.problems() == []


def test_translations_have_the_same_places_and_endings() -> None:
    for _, source, swedish in messages():
        assert Counter(HOLE.findall(source)) == Counter(HOLE.findall(swedish)), source
        for end in ("...", "…", ":", " ", "."):
            assert source.endswith(end) == swedish.endswith(end), (source, swedish)
        assert source.count("\n") == swedish.count("\n"), source


# The source of the window

_SHOWS = {
    "setText",
    "setToolTip",
    "setPlaceholderText",
    "setAccessibleName",
    "setAccessibleDescription",
    "setWindowTitle",
    "setTitle",
    "setStatusTip",
    "setPlainText",
    "setHtml",
    "setPrefix",
    "setSuffix",
    "addItem",
    "addAction",
    "addMenu",
    "addTab",
    "add_message",
}
"""Methods that show a text to the user."""


def calls(node: ast.AST, owner: str = "") -> Iterator[tuple[ast.Call, str, str]]:
    """Yield each call with the name of the callee and the innermost class around it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, getattr(child.func, "attr", getattr(child.func, "id", "")), owner
        yield from calls(child, child.name if isinstance(child, ast.ClassDef) else owner)


def calls_in_window() -> Iterator[tuple[str, ast.Call, str, str]]:
    """Yield (file, call, name, class) of all calls in the window's modules."""
    for path in sorted((ROOT / "cmi_gui").rglob("*.py")):
        if "engine" not in path.parts:
            for call, name, owner in calls(ast.parse(path.read_text(encoding="utf-8"), str(path))):
                yield path.name, call, name, owner


def test_lupdate_finds_every_text_in_its_context() -> None:
    """lupdate misreads some Python, so its result is compared with Python's own parser."""
    found = {("Engine", text) for text in translations.engine_texts()}
    for _, call, name, owner in calls_in_window():
        match name, [arg.value for arg in call.args if isinstance(arg, ast.Constant)]:
            case "tr", [str(text), *_]:
                found.add((owner, text))
            case "translate" | "QT_TRANSLATE_NOOP", [str(context), str(text), *_]:
                found.add((context, text))
    assert {(context, source) for context, source, _ in messages()} == found


def test_texts_for_translators_are_literals() -> None:
    wrong = []
    for file, call, name, _ in calls_in_window():
        # Painters, paths and rectangles have a method of this name too.
        moves = name == "translate" and ast.unparse(call.func) not in ("translate", "QCoreApplication.translate")
        if name in ("tr", "translate", "QT_TRANSLATE_NOOP") and not moves:
            literal = all(isinstance(text, ast.Constant) for text in call.args[: 1 if name == "tr" else 2])
            if not literal and file != "messages.py":  # translates templates marked in the engine
                wrong.append(f"{file}:{call.lineno}: {ast.unparse(call)}")
    assert wrong == []


_AS_IT_IS = {"serial:COM3?baud=2400": "an example of a LINK, the same in every language"}


def test_every_shown_literal_is_marked_for_translation() -> None:
    wrong = []
    for file, call, name, _ in calls_in_window():
        if name in _SHOWS:
            for arg in call.args:
                pieces = arg.values if isinstance(arg, ast.JoinedStr) else [arg]
                texts = [
                    each.value for each in pieces if isinstance(each, ast.Constant) and each.value not in _AS_IT_IS
                ]
                # A unit or a mark is not a word.
                wrong += [f"{file}:{call.lineno}: {text}" for text in texts if re.search(r"[A-Za-z]{3,}", str(text))]
    assert wrong == []


# Messages of the engine


def test_templates_are_found_in_the_source() -> None:
    source = """
raise LinkError("gone", Message("{0} is " "gone", (url,)))
TABLE = marked({1: Quantity("energy", "Wh"), 2: "key"})
NAMES = marked(("one", "two"))
"""
    assert set(translations.templates(source, "x.py")) == {"{0} is gone", "energy", "key", "one", "two"}


@pytest.mark.parametrize("template", ['f"{url} is gone"', '"gone: " + url', '"gone" if url else "there"'])
def test_a_computed_template_is_refused(template: str) -> None:
    with pytest.raises(SyntaxError, match="a message's template is a literal"):
        list(translations.templates(f"Message({template})", "x.py"))


def test_arguments_are_never_translated(swedish: None) -> None:
    assert text_of(Message("The host {0} was not found; check the name, or give its IP address.", ("bus",))) == (
        "Värden bus hittades inte; kontrollera namnet eller ange dess IP-adress."
    )
    # Nested messages, and a word of the profile.
    refused = Message("the meter refuses the command ({0})", ("power",))
    assert (
        text_of(Message("setting rate {0} failed: {1}", (3, refused)))
        == "inställningen av tariff 3 misslyckades: mätaren avvisar kommandot (power)"
    )
    segments = Message("seven segments cannot show {0}; they can show {1}", ("'W'", "AB"))
    assert text_of(Listing(": ", (Message("Display text"), segments))) == (
        "Displaytext: sjusegmentsdisplayen kan inte visa 'W'; den kan visa AB"
    )
    assert text_of("power") == "power"
    assert text_of(Message("of a profile nobody has translated: {x}")) == "of a profile nobody has translated: {x}"
    assert meaning_text("1.8.2") == "Aktiv energi +A tariff 2"
    assert meaning_text("52.7") == "Spänning L2"
    assert meaning_text("99.99") == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.integers())
def test_any_argument_is_unchanged(swedish: None, fact: str, number: int) -> None:
    message = Message("{0} and {1} more", (Listing(", ", (fact, Message("power"))), number))
    assert text_of(message) == f"{fact}, effekt och {number} till"


def test_english_messages_are_unchanged(qapp: QApplication) -> None:
    install_language(qapp, Language.ENGLISH)
    assert text_of(Message("Cannot open {0}: {1}.", ("COM3", "no"))) == "Cannot open COM3: no."
    assert meaning_text("1.8.2") == "Active energy +A rate 2"


# Choice of the language


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (["sv-SE", "en-GB"], "sv"),
        (["fi-FI", "sv-FI"], "sv"),
        (["xx-DE", "en-US", "sv"], "en"),
        (["xx-DE"], "en"),
        (["svx-SE"], "en"),
        ([], "en"),
    ],
)
def test_the_system_setting_selects_the_language(monkeypatch: pytest.MonkeyPatch, wanted: list[str], code: str) -> None:
    class Desktop(QLocale):
        @staticmethod
        def system() -> Desktop:
            return Desktop()

        def uiLanguages(self) -> list[str]:  # type: ignore[override]
            return wanted

    monkeypatch.setattr(i18n, "QLocale", Desktop)
    assert language_code(Language.SYSTEM) == code
    assert language_code(Language.SWEDISH) == "sv"


def test_qt_dialogs_are_translated_if_qt_has_the_translation(qapp: QApplication, swedish: None) -> None:
    there = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), "qtbase_sv.qm").is_file()
    assert (qapp.translate("QPlatformTheme", "Cancel") == "Avbryt") == there


# The window


def flush(app: QApplication) -> None:
    """Let Qt delete discarded objects."""
    app.processEvents()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Yield (widget, text) of everything shown or read out in a widget and its children."""
    for widget in [root, *root.findChildren(QWidget)]:
        widget_name = f"{type(widget).__name__} {widget.objectName()}"
        for getter in ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle"):
            ask = getattr(widget, getter, None)
            if callable(ask):
                yield f"{widget_name} {getter}", str(ask())
        if isinstance(widget, QComboBox):
            yield from ((f"{widget_name} item", widget.itemText(place)) for place in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
            yield from ((f"{widget_name} cell", text) for text in _cells(widget))


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        yield from (str(model.index(row, column).data() or "") for row in range(min(30, model.rowCount())))


def english_only() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the texts that differ in Swedish, and patterns of those with arguments."""
    translations_of: dict[str, set[str]] = {}
    for _, source, swedish in messages():
        translations_of.setdefault(source, set()).add(swedish)
    all_swedish = set().union(*translations_of.values())
    only = {
        source for source, swedish in translations_of.items() if source not in swedish and source not in all_swedish
    }
    long = [
        source for source in only if HOLE.search(source) and len(re.sub(r"[^A-Za-z]", "", HOLE.sub("", source))) > 5
    ]
    return only, [re.compile(".+?".join(map(re.escape, HOLE.split(source))), re.DOTALL) for source in long]


_COMMAND_WORDS = {"error", "busy"}
"""Words of the filter language and of control lines, which are not translated."""


@pytest.mark.no_cover
def test_the_window_changes_its_language_while_it_runs(in_contact: MainWindow, clock: VirtualClock) -> None:
    window, app = in_contact, QApplication.instance()
    assert isinstance(app, QApplication)
    before = [text for _, text in texts(window.navigation)]
    readings = next(page for page in window.pages if page.objectName() == "pageReadings")
    readings.model.set_plotted("1.8.0", True)
    window.go("pageReadings")
    window.station.pause_reading(True)
    clock.run_until(clock.now() + 1)
    window.bridge.drain()

    window.set_language(Language.SWEDISH)
    flush(app)

    assert window.stack.currentWidget().objectName() == "pageReadings"
    assert "Avläsningar" in {text for _, text in texts(window.navigation)}
    only, patterns = english_only()
    for page in window.pages:
        window.go(page.objectName())
        # Events after the change reach the new pages, and none of the deleted ones.
        window.station.press_button()
        clock.run_until(clock.now() + 1)
        window.bridge.drain()
        flush(app)
        left = [
            (name, text)
            for name, text in texts(window)
            if text not in _COMMAND_WORDS and (text in only or any(pattern.fullmatch(text) for pattern in patterns))
        ]
        assert left == [], page.objectName()
    assert all(
        not re.match(r"(The|Setting|Opening|Closing|Showing|Erasing|Reading|Contact) ", message.text)
        for message in window.messages.last(50)
    )

    readings = next(page for page in window.pages if page.objectName() == "pageReadings")
    assert "1.8.0" in readings.model.plotted
    names = Counter(child.objectName() for child in window.findChildren(QWidget))
    for name in ("navigation", "readingsTable", "trafficTable", "configForm", "diagnosticsList", "ledRed", "busTable"):
        assert names[name] == 1, name

    window.set_language(Language.ENGLISH)
    flush(app)
    assert [text for _, text in texts(window.navigation)] == before


def test_typed_text_survives_a_change_of_language(in_contact: MainWindow) -> None:
    window = in_contact
    field = window.findChild(QWidget, "trafficFilter")
    field.setText("type:RSP_UD")
    window.set_language(Language.SWEDISH)
    assert window.findChild(QWidget, "trafficFilter").text() == "type:RSP_UD"


@pytest.mark.no_cover
def test_ten_changes_of_language_leak_nothing(in_contact: MainWindow, clock: VirtualClock) -> None:
    window, app = in_contact, QApplication.instance()
    assert isinstance(app, QApplication)

    def change() -> tuple[int, int]:
        for language in (Language.SWEDISH, Language.ENGLISH):
            window.set_language(language)
            clock.run_until(clock.now() + 1)
            window.bridge.drain()
            flush(app)
        return len(window.findChildren(QObject)), len(app.allWidgets())

    first = change()
    for _ in range(4):
        last = change()
    assert last == first


def test_the_guide_is_the_same_in_both_languages() -> None:
    english, swedish = chapters(guide_text("en")), chapters(guide_text("sv"))
    assert [chapter.level for chapter in swedish] == [chapter.level for chapter in english]
    assert [chapter.title for chapter in swedish] != [chapter.title for chapter in english]
    # Code in the two guides does not depend on the language.
    code = [re.findall(r"`[^`]+`", guide_text(language)) for language in ("en", "sv")]
    assert Counter(code[0]) == Counter(code[1])
    known = {chapter.slug for chapter in swedish}
    assert set(re.findall(r"\]\(#([^)]+)\)", guide_text("sv"))) <= known


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_name_in_italics_in_the_guide_is_a_text_of_the_window(language: str) -> None:
    """So that a renamed button is not forgotten in the guide; `n` stands for a number."""

    def name(text: str) -> str:
        text = re.sub(r" \(Ctrl\+[^)]+\)$|\.\.\.$|:$", "", text.replace("&", ""))
        return " ".join(text.replace("{0}", "n").split())

    known = {
        name(text) for _, source, translation in messages() for text in (source if language == "en" else translation,)
    }
    prose = re.sub(r"`[^`\n]*`|\*\*", "", guide_text(language))
    named = {name(found) for found in re.findall(r"\*([^*]+)\*", prose)}
    assert len(named) > 30
    assert named - known == set()


def test_the_language_can_be_changed_before_the_first_message(make_window: Callable[..., MainWindow]) -> None:
    window = make_window(mbus=())
    assert not window.messages.last(1)
    window.set_language(Language.SWEDISH)
    assert window.strip.text == "Startar"
