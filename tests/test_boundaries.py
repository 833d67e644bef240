"""Limits of what the engine, the protocol packages and the window may import and use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cmi_gui

IMPORT_ALL = """
import importlib, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "qasync", "pyqtgraph", "numpy"} or name == "cmi_gui.ui":
            raise ImportError(f"the engine must not import {name}")

sys.meta_path.insert(0, Blocked())
import cmi_gui.engine
for module in pkgutil.walk_packages(cmi_gui.engine.__path__, "cmi_gui.engine."):
    importlib.import_module(module.name)
    print(module.name)
"""

IMPORT_ONE = """
import importlib, pkgutil, sys

package = importlib.import_module("cmi_gui.engine." + sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.startswith("cmi_gui.")), sep="\\n")
"""


def run(code: str, *arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_engine_imports_without_qt_and_numpy() -> None:
    imported = run(IMPORT_ALL)
    assert {"cmi_gui.engine.driver", "cmi_gui.engine.link.serial", "cmi_gui.engine.link.tcp"} <= set(imported)


def test_the_window_does_not_reach_into_module_and_meter() -> None:
    """The window shows the states that the engine sends, and calls methods of the station."""
    reaching = [
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for path in (Path(cmi_gui.__file__).parent / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("module", "meter")
        and ast.unparse(node.value).rpartition(".")[2].endswith("station")
    ]
    assert not reaching


@pytest.mark.parametrize("package", ["mbus", "iec62056"])
def test_protocol_packages_could_be_published_alone(package: str) -> None:
    """Apart from their own modules they may import only the modules of the seam."""
    allowed = {"cmi_gui.engine", "cmi_gui.engine.machine", "cmi_gui.engine.messages"}
    own = f"cmi_gui.engine.{package}"
    foreign = [
        name for name in run(IMPORT_ONE, package) if name not in allowed and not f"{name}.".startswith(f"{own}.")
    ]
    assert not foreign


LINK_NAMES = {
    "cmi_gui.engine.link.kind": {"ECHO", "LinkKind", "Role"},
    "cmi_gui.engine.link.memory": {"SIM"},
    "cmi_gui.engine.link.serial": {"SERIAL", "USB"},
    "cmi_gui.engine.link.serial_ports": {"SerialPortInfo", "list_serial_ports"},
    "cmi_gui.engine.link.tcp": {"LOOPBACK", "TCP"},
    "cmi_gui.engine.link.url": {"KINDS", "LinkSpec", "parse_link"},
    "cmi_gui.engine.link_protocol": {"LinkError"},
    "cmi_gui.engine.station.link_trial": {"LISTEN_SECONDS", "Trial", "TrialResult", "TrialVerdict"},
}
"""The names of links that the window may import: values, and the kinds with their abilities."""
MAKERS = {"MasterSession", "connect_master", "make", "record_master"}
"""Functions that create a link, or a master on one, which only the engine may call."""


def test_the_window_creates_no_links() -> None:
    for file in sorted(Path(cmi_gui.__file__).parent.joinpath("ui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not any(name.name.startswith("cmi_gui.engine.link") for name in node.names), file
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("cmi_gui.engine.link", *LINK_NAMES)
            ):
                names = {name.name for name in node.names}
                assert names <= LINK_NAMES.get(node.module or "", set()), (file, names)
            elif isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert called not in MAKERS, (file, node.lineno, called)


def window_calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Yield every call in the window: its file below `ui`, the node, and the name that is called."""
    ui = Path(cmi_gui.__file__).parent / "ui"
    for path in sorted(ui.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield path.relative_to(ui).as_posix(), node, name


TAKEN_FOR_MARKUP = {
    "setToolTip": "text/tooltip.py",
    "showText": "text/tooltip.py",
    "setWhatsThis": "",
    "setHtml": "frame/help.py",
    "insertHtml": "",
    "setMarkdown": "frame/help.py",
    "QLabel": "",
    "QMessageBox": "dialogs.py",
    "QErrorMessage": "",
    "QTextBrowser": "frame/help.py",
    "LabelItem": "",
    "TextItem": "",
    "setLabel": "",
    "addLegend": "",
}
"""Functions of Qt and pyqtgraph that interpret markup, and the one file that may call each."""


def test_only_one_module_sets_text_that_qt_could_take_for_markup() -> None:
    """`Label` shows plain text, `tooltip` escapes, `confirm` asks in plain text."""
    loose = [
        f"{file}:{call.lineno} {name}"
        for file, call, name in window_calls()
        if name in TAKEN_FOR_MARKUP and file != TAKEN_FOR_MARKUP[name]
    ]
    assert not loose


def test_no_item_of_a_layout_becomes_an_object_of_python() -> None:
    """PySide keeps it after Qt has deleted the item, and takes what comes to its address for it: a crash."""
    assert not [(file, call.lineno) for file, call, name in window_calls() if name in ("itemAt", "itemAtPosition")]


def test_the_title_of_a_plot_is_escaped() -> None:
    titles = [call for _, call, name in window_calls() if name == "setTitle"]
    assert titles
    assert all(ast.unparse(call.args[0]).startswith("escape(") for call in titles)


def test_a_model_returns_no_tooltip_that_is_not_escaped() -> None:
    found = 0
    for path in (Path(cmi_gui.__file__).parent / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.If) and "ToolTipRole" in ast.unparse(node.test):
                found += 1
                (returned,) = node.body
                assert isinstance(returned, ast.Return), (path, node.lineno)
                assert ast.unparse(returned).startswith("return tooltip("), (path, node.lineno)
    assert found >= 7


def test_only_plain_labels_are_created() -> None:
    """A QLabel would interpret markup; `Label` does not."""
    for path in (Path(cmi_gui.__file__).parent / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "QLabel" in map(ast.unparse, node.bases):
                assert (path.name, node.name) == ("layout.py", "Label")


def test_the_button_of_every_question_names_its_action() -> None:
    """Verb and object: `confirm(parent, title, text, button, confirmed)`."""
    buttons = [call.args[3] for file, call, name in window_calls() if name == "confirm"]
    literals = [
        node.value
        for button in buttons
        for node in ast.walk(button)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(buttons) >= 6
    assert {"Delete history", "Record passwords in clear text"} <= set(literals)
    assert all(len(words.split()) > 1 for words in literals), literals
