"""Nothing from a wire or a file is written to the terminal unescaped."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

import cmi_gui.commands
from cmi_gui.commands.output import complain, emit, emit_json
from cmi_gui.commands.serve import _sentence
from cmi_gui.engine.events import LinkChanged
from cmi_gui.engine.mbus.frame import RSP_UD, Frame
from cmi_gui.engine.messages import Message
from tests.helpers.cli_process import run

RAW = "\x1b[31m\x07 \x9b2J \u202e\x7f \u2028"
SHOWN = r"\x1b[31m\x07 \x9b2J \u202e\x7f \u2028"


def test_lines_and_complaints_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert emit(f"first {RAW}\nsecond å — €")
    assert capsys.readouterr().out == f"first {SHOWN}\nsecond å — €\n"
    complain(f"a\n {RAW}b")
    err = capsys.readouterr().err
    assert err.isprintable() is False
    assert err.rstrip("\n").isprintable()


def test_escaping_leaves_json_valid(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json({"text": RAW + "å\U0001f4a1\U000e0001"})
    out = capsys.readouterr().out
    assert out.rstrip("\n").isprintable()
    assert json.loads(out) == {"text": RAW + "å\U0001f4a1\U000e0001"}


@pytest.mark.parametrize("header", ["785634129615010201000000", "785634122440010201000000"])
def test_the_text_of_a_plain_text_vif_is_escaped(header: str) -> None:
    """Of our own module the text is the OBIS code."""
    text = "\x1b[2J\n\x9b1A"
    record = bytes((0x0D, 0x7C, len(text))) + text[::-1].encode("latin-1") + b"\x01A"
    telegram = Frame.long(RSP_UD, 1, 0x72, bytes.fromhex(header) + record).to_bytes().hex()
    code, out, err = run("decode", telegram)
    assert (code, err) == (0, "")
    assert "\\x1b[2J\\n\\x9b1A" in out
    assert all(line.isprintable() for line in out.splitlines())
    assert len(out.splitlines()) == 5
    code, out, _ = run("decode", "--json", telegram)
    assert code == 0
    assert out.rstrip("\n").isprintable()
    assert json.loads(out)["records"][0]["vif_text"] == text


def test_all_output_of_commands_goes_through_one_module() -> None:
    """Only progress, which contains no text from outside, is written without it."""
    folder = Path(cmi_gui.commands.__file__).parent
    found = []
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "typer.echo", "sys.stdout.write"):
                found.append((path.name, ast.unparse(node.func)))
    assert found == [("output.py", "sys.stdout.write")]


def test_a_lost_link_is_reported_with_what_happens_next() -> None:
    lost = Message("serial:COM3 does not work; check that it is plugged in.")
    event = LinkChanged(side="mbus", url="serial:COM3", state="waiting", code="unplugged", message=lost)
    assert _sentence(event) == f"{lost} The link is reopened automatically."
