"""The window's languages: complete, up to date, spoken everywhere, and changed while the program runs."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QAbstractListModel, QEvent, QLibraryInfo, QLocale, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QHeaderView, QWidget

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.ui.frame.help_text import chapters, guide_text
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.prefs import Language
from cmi_gui.ui.text import i18n
from cmi_gui.ui.text.engine_phrases import ENGINE_PHRASES
from cmi_gui.ui.text.engine_words import engine_text, matching_phrase, meaning_text
from cmi_gui.ui.text.i18n import install_language, language_code
from tests.helpers import language_sources as sources

ROOT = sources.PACKAGE.parent
HOLE = re.compile(r"\{[^}]*\}")


def tool() -> ModuleType:
    """packaging/translations.py, which is no package."""
    spec = importlib.util.spec_from_file_location("translations_tool", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def messages() -> Iterator[tuple[str, str, str]]:
    """(context, source, Swedish) of the kept file."""
    file = ROOT / "cmi_gui" / "resources" / "translations" / "cmi_gui_sv.ts"
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name", ""), message.findtext("source", ""), message.findtext("translation", "")


@pytest.fixture(autouse=True)
def english_afterwards(qapp: QApplication) -> Iterator[None]:
    """Also where a test fails half-way: the next ones must not fail with it."""
    yield
    install_language(qapp, Language.ENGLISH)


@pytest.fixture
def swedish(qapp: QApplication) -> None:
    install_language(qapp, Language.SWEDISH)


# The file


@pytest.mark.skipif(
    shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent)) is None,
    reason="the collecting tool comes with PySide6's scripts, which are not installed here",
)
def test_translations_are_complete_and_up_to_date() -> None:
    assert tool().problems() == []


def test_the_tool_has_found_every_text_where_it_stands() -> None:
    """lupdate misreads some Python; what it makes of it must be what Python's own parser sees."""
    assert {(context, source) for context, source, _ in messages()} == sources.texts_to_translate()


def test_translations_have_what_is_put_in_and_how_a_text_ends() -> None:
    for _, source, swedish in messages():
        assert Counter(HOLE.findall(source)) == Counter(HOLE.findall(swedish)), source
        for end in ("...", "…", ":", " ", "."):
            assert source.endswith(end) == swedish.endswith(end), (source, swedish)
        assert source.count("\n") == swedish.count("\n"), source


# The source

_LATE = {
    ("engine_words.py", "translate"): "speaks the phrases of engine_phrases",
    ("profile_words.py", "translate"): "speaks the texts of PROFILE_TEXTS",
    ("telegram_words.py", "translate"): "speaks the phrases of telegram_phrases",
}
"""Where a text that is translated is no literal, and why that is right."""


def test_texts_for_translators_are_literals() -> None:
    wrong = []
    for path, tree in sources.trees(sources.PACKAGE / "ui"):
        for call, _ in sources.calls(tree):
            name = sources.called(call)
            # Painters, paths and rectangles move by what is also called translate.
            moves = name == "translate" and ast.unparse(call.func) not in ("translate", "QCoreApplication.translate")
            if name not in ("tr", "translate", "QT_TRANSLATE_NOOP") or moves:
                continue
            texts = call.args[:1] if name == "tr" else call.args[:2]
            literal = all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts)
            if not literal and (path.name, name) not in _LATE:
                wrong.append(f"{path.name}:{call.lineno}: {ast.unparse(call)}")
    assert wrong == []


_AS_IT_IS = {"serial:COM3?baud=2400": "an example of a LINK, the same in every language"}


def test_nothing_is_shown_that_translators_have_not_seen() -> None:
    wrong = []
    for path, tree in sources.trees(sources.PACKAGE / "ui"):
        for call, _ in sources.calls(tree):
            if sources.called(call) not in sources.SHOWS:
                continue
            for text in (text for arg in call.args for text in sources.pattern_of(arg)):
                # A unit or a mark is no word.
                if re.search(r"[A-Za-z]{3,}", HOLE.sub("", text)) and text not in _AS_IT_IS:
                    wrong.append(f"{path.name}:{call.lineno}: {text}")
    assert wrong == []


# What the engine says

_PASSED_ON = {"{0}: {1}", "{0}: {1}."}
"""No sentence of its own: what stands around the colon is translated for itself."""


def test_every_sentence_of_the_engine_is_known() -> None:
    said = list(sources.engine_sentences())
    assert len(said) > 100
    unknown = [
        (place, text) for place, text in said if text not in _PASSED_ON and not matching_phrase(sources.filled(text))
    ]
    assert unknown == []


def test_every_phrase_is_recognised_as_itself() -> None:
    assert len(set(ENGINE_PHRASES)) == len(ENGINE_PHRASES)
    for phrase in ENGINE_PHRASES:
        found = matching_phrase(sources.filled(phrase))
        assert found is not None
        assert found[0] == phrase


def test_the_engine_speaks_swedish_and_keeps_its_facts(swedish: None) -> None:
    assert engine_text("Nobody listens on tcp://127.0.0.1:7; start the other side or check the port.") == (
        "Ingen lyssnar på tcp://127.0.0.1:7; starta andra sidan eller kontrollera porten."
    )
    # Sentences in sentences, and a word of the profile.
    assert engine_text("rate 3 was not set: the meter refuses it (ER)") == (
        "tariff 3 sattes inte: mätaren avvisar det (ER)"
    )
    assert engine_text("the link was lost: no answer within 1500 ms (readout)") == (
        "länken förlorades: inget svar inom 1500 ms (readout)"
    )
    assert engine_text("Display text: seven segments cannot show 'W'; they can show AB") == (
        "Displaytext: sju segment kan inte visa 'W'; de kan visa AB"
    )
    assert engine_text("nobody has ever translated this") == "nobody has ever translated this"
    assert meaning_text("1.8.2") == "Aktiv energi +A tariff 2"
    assert meaning_text("52.7") == "Spänning L2"


def test_in_english_the_engine_is_quoted(qapp: QApplication) -> None:
    install_language(qapp, Language.ENGLISH)
    said = "Nobody listens on tcp://127.0.0.1:7; start the other side or check the port."
    assert engine_text(said) == said
    assert meaning_text("1.8.2") == "Active energy +A rate 2"


# Which language


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["sv-SE", "en-GB"], "sv"),
        (["fi-FI", "sv-FI"], "sv"),
        (["de-DE", "en-US", "sv"], "en"),
        (["de-DE"], "en"),
        (["svx-SE"], "en"),
        ([], "en"),
    ],
)
def test_the_desktop_chooses(monkeypatch: pytest.MonkeyPatch, wanted: list[str], spoken: str) -> None:
    class Desktop(QLocale):
        @staticmethod
        def system() -> Desktop:
            return Desktop()

        def uiLanguages(self) -> list[str]:  # type: ignore[override]
            return wanted

    monkeypatch.setattr(i18n, "QLocale", Desktop)
    assert language_code(Language.SYSTEM) == spoken
    assert language_code(Language.SWEDISH) == "sv"


def test_dialogs_of_qt_speak_too_where_their_words_are_installed(qapp: QApplication, swedish: None) -> None:
    there = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), "qtbase_sv.qm").is_file()
    assert (qapp.translate("QPlatformTheme", "Cancel") == "Avbryt") == there


# The window


def flush(app: QApplication) -> None:
    """Have Qt delete what was given up."""
    app.processEvents()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """(who, text) of everything that is shown or read out in a widget and below."""
    for widget in [root, *root.findChildren(QWidget)]:
        who = f"{type(widget).__name__} {widget.objectName()}"
        for getter in ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle"):
            ask = getattr(widget, getter, None)
            if callable(ask):
                yield f"{who} {getter}", str(ask())
        if isinstance(widget, QComboBox):
            yield from ((f"{who} item", widget.itemText(place)) for place in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
            yield from ((f"{who} cell", text) for text in _cells(widget))


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        yield from (str(model.index(row, column).data() or "") for row in range(min(30, model.rowCount())))


def english_only() -> tuple[set[str], list[re.Pattern[str]]]:
    """Texts that only English has, and patterns of those with something put in."""
    spoken: dict[str, set[str]] = {}
    for _, source, swedish in messages():
        spoken.setdefault(source, set()).add(swedish)
    all_swedish = set().union(*spoken.values())
    only = {source for source, swedish in spoken.items() if source not in swedish and source not in all_swedish}
    long = [
        source for source in only if HOLE.search(source) and len(re.sub(r"[^A-Za-z]", "", HOLE.sub("", source))) > 5
    ]
    return only, [re.compile(".+?".join(map(re.escape, HOLE.split(source))), re.DOTALL) for source in long]


_FILTER_WORDS = {"error"}
"""On a button of Traffic: the filter language is the same everywhere."""


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
        # Events after the change reach the pages of now, and none of those that are gone.
        window.station.press_button()
        clock.run_until(clock.now() + 1)
        window.bridge.drain()
        flush(app)
        left = [
            (who, text)
            for who, text in texts(window)
            if text not in _FILTER_WORDS and (text in only or any(pattern.fullmatch(text) for pattern in patterns))
        ]
        assert left == [], page.objectName()
    assert all(not re.match(r"(The|Asking|Reading|Contact) ", message.text) for message in window.messages.last(50))

    readings = next(page for page in window.pages if page.objectName() == "pageReadings")
    assert "1.8.0" in readings.model.plotted
    names = Counter(child.objectName() for child in window.findChildren(QWidget))
    for name in ("navigation", "readingsTable", "trafficTable", "configForm", "diagnosticsList", "ledRed", "busTable"):
        assert names[name] == 1, name

    window.set_language(Language.ENGLISH)
    flush(app)
    assert [text for _, text in texts(window.navigation)] == before


def test_what_was_typed_stays(in_contact: MainWindow) -> None:
    window = in_contact
    field = window.findChild(QWidget, "trafficFilter")
    field.setText("type:RSP_UD")
    window.set_language(Language.SWEDISH)
    assert window.findChild(QWidget, "trafficFilter").text() == "type:RSP_UD"
    window.set_language(Language.ENGLISH)


def test_ten_changes_leave_nothing_behind(in_contact: MainWindow, clock: VirtualClock) -> None:
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
    # What the two name in code is the program's, not a language's.
    code = [re.findall(r"`[^`]+`", guide_text(language)) for language in ("en", "sv")]
    assert Counter(code[0]) == Counter(code[1])
    known = {chapter.slug for chapter in swedish}
    assert set(re.findall(r"\]\(#([^)]+)\)", guide_text("sv"))) <= known


def test_the_language_can_be_changed_before_anything_was_said(make_window: Callable[..., MainWindow]) -> None:
    window = make_window(mbus=())
    assert not window.messages.last(1)
    window.set_language(Language.SWEDISH)
    assert window.strip.text == "Startar"
