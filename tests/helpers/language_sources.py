"""What the source says about texts: read by Python's own parser, so that the translators' tool can be checked by it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "cmi_gui"
"""The checkout's, also where an installed wheel is tested."""

SHOWS = {
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
    "say",
}
"""Methods that put a text before the user."""


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every module under a folder."""
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def calls(tree: ast.AST, owner: str = "") -> Iterator[tuple[ast.Call, str]]:
    """Each call, and the innermost class it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield node, owner
        yield from calls(node, node.name if isinstance(node, ast.ClassDef) else owner)


def texts_to_translate() -> set[tuple[str, str]]:
    """(context, source) of every text that goes to the translators."""
    found = set()
    for _, tree in trees(PACKAGE):
        for call, owner in calls(tree):
            match called(call), [arg.value for arg in call.args if isinstance(arg, ast.Constant)]:
                case "tr", [str(text), *_]:
                    found.add((owner, text))
                case "translate" | "QT_TRANSLATE_NOOP", [str(context), str(text), *_]:
                    found.add((context, text))
    return found


def pattern_of(node: ast.expr) -> list[str]:
    """The sentences that an expression can be, `{0}`, `{1}` for what is put in; none for what is not spelled there."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in values]
            holes = iter(range(len(parts)))
            return ["".join(f"{{{next(holes)}}}" if part is None else str(part) for part in parts)]
        case ast.IfExp(body=body, orelse=orelse):
            return pattern_of(body) + pattern_of(orelse)
    return []


_MESSAGE_AT = {
    "LinkError": 1,
    "ProcedureFailed": 1,
    "ProfileError": 1,
    "SettingsFileError": 1,
    "MBusError": 1,
    "Iec62056Error": 1,
    "tell": 2,
}
_MESSAGE_AT |= {"CommandInvalid": 0, "_wrong": 2, "Failed": 1, "_failure": 1, "_fault": 2, "_warn": 1}


def engine_sentences() -> Iterator[tuple[str, str]]:
    """(place, sentence) of what the engine tells people through errors with a code, notices and ends of actions."""
    for path, tree in trees(PACKAGE / "engine"):
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            local: dict[str, list[str]] = {}
            for node in ast.walk(function):
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value):
                        local.setdefault(name, []).extend(pattern_of(value))
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    for message in _messages(node):
                        said = local.get(message.id, []) if isinstance(message, ast.Name) else pattern_of(message)
                        for sentence in said:
                            yield f"{path.relative_to(PACKAGE)}:{node.lineno}", sentence


def _messages(call: ast.Call) -> Iterator[ast.expr]:
    name = called(call)
    if name in _MESSAGE_AT and len(call.args) > _MESSAGE_AT[name]:
        yield call.args[_MESSAGE_AT[name]]
    elif name in ("emit", "_emit") and any(isinstance(arg, ast.Name) and arg.id == "Notice" for arg in call.args):
        yield from (keyword.value for keyword in call.keywords if keyword.arg == "message")


def filled(pattern: str) -> str:
    """A sentence with something in each of its places."""
    return re.sub(r"\{(\d+)\}", r"<\1>", pattern)
