"""Update the translations: `python packaging/translations.py [--check]`.

Collects the texts of the window, the messages of the engine and the texts of the built-in profile into
cmi_gui/resources/translations/*.ts (Qt Linguist format; new texts are marked unfinished) and compiles each into the .qm
file that the program loads. `--check` changes nothing and exits with 1 if a file is out of date or a text is not
translated. The Qt tools for both steps come with PySide6.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "cmi_gui" / "resources" / "translations"
PROFILE = ROOT / "cmi_gui" / "resources" / "profiles" / "cmi1020.toml"

NOT_TRANSLATED = ('type="unfinished"', "<translation></translation>", "<numerusform></numerusform>")
"""What a .ts file has where a translation is missing; Qt's tools take an empty one for finished."""


def tool(name: str) -> str:
    """Return the program beside this Python, or on the path."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name) or name


def templates(source: str, name: str) -> Iterator[str]:
    """Yield the templates of the messages in a module of the engine: see cmi_gui/engine/messages.py.

    Raises SyntaxError for a template that is put together when the program runs.
    """
    for call in ast.walk(ast.parse(source, name)):
        match call:
            case ast.Call(func=ast.Name(id="Message"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Name(id="Message"), args=[ast.JoinedStr() | ast.BinOp() | ast.IfExp() as wrong, *_]):
                raise SyntaxError(f"{name}:{wrong.lineno}: a message's template is a literal; facts are its arguments")
            case ast.Call(func=ast.Name(id="marked")):
                yield from _texts(call)


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts of a table; of a call only the first, as behind the name of a quantity stands its unit."""
    texts = 0
    for child in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
        if not isinstance(child, ast.Constant):
            yield from _texts(child)
        elif isinstance(child.value, str):
            texts += 1
            if texts == 1 or not isinstance(node, ast.Call):
                yield child.value


def profile_texts() -> Iterator[str]:
    """Yield the texts of the built-in profile's commands that the window shows: those in a group."""
    for row in tomllib.loads(PROFILE.read_text(encoding="utf-8"))["command"]:
        if "group" in row:
            yield from (row.get(key, "") for key in ("group", "title", "effect", "unit", "basis"))
            for choice in row.get("choices", ()):
                yield from (choice["text"], choice.get("ask", ""), choice.get("button", ""))
            for field in row.get("fields", ()):
                yield from (field["text"], *field.get("choices", ()))


def engine_texts() -> list[str]:
    """Return every text of the engine to translate, sorted."""
    found = set(profile_texts())
    for path in (ROOT / "cmi_gui" / "engine").rglob("*.py"):
        found.update(templates(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))))
    return sorted(text for text in found if any(char.isalpha() for char in text))


def collect(ts: Path) -> None:
    """Bring a .ts file up to the texts of the source; sorted and without places, so that only texts change it."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "cmi_gui").rglob("*.py"))
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en"]
    with tempfile.TemporaryDirectory() as folder:
        # The collecting tool knows Qt's ways to mark a text only.
        engine = Path(folder, "engine.py")
        engine.write_text("".join(f'QT_TRANSLATE_NOOP("Engine", {text!r})\n' for text in engine_texts()), "utf-8")
        command = [tool("pyside6-lupdate"), *options, *sources, str(engine), "-ts", str(ts)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode or "warning" in done.stderr.lower():
        sys.exit(done.stdout + done.stderr)


def release(ts: Path, qm: Path) -> None:
    command = [tool("pyside6-lrelease"), "-silent", str(ts), "-qm", str(qm)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def problems() -> list[str]:
    """Return a sentence for each file that is out of date and each text that is not translated; change nothing."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for ts in sorted(TRANSLATIONS.glob("*.ts")):
            fresh, qm = Path(folder, ts.name), Path(folder, ts.with_suffix(".qm").name)
            shutil.copy(ts, fresh)
            collect(fresh)
            release(fresh, qm)
            if fresh.read_bytes() != ts.read_bytes():
                wrong.append(f"{ts.name} is out of date: its texts are not those of the source")
            if any(mark in fresh.read_text(encoding="utf-8") for mark in NOT_TRANSLATED):
                wrong.append(f"{ts.name} has texts that are not translated")
            if qm.read_bytes() != ts.with_suffix(".qm").read_bytes():
                wrong.append(f"{qm.name} was not compiled from {ts.name}")
    return wrong


def check() -> int:
    wrong = problems()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only report what is out of date; change nothing")
    if parser.parse_args().check:
        return check()
    for ts in sorted(TRANSLATIONS.glob("*.ts")):
        collect(ts)
        release(ts, ts.with_suffix(".qm"))
        missing = sum(ts.read_text(encoding="utf-8").count(mark) for mark in NOT_TRANSLATED)
        print(f"{ts.name}: {missing or 'no'} texts to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
