"""Standard streams that are pipes: UTF-8 on every system, readers that go away, and requests to stop."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from cmi_gui.commands import output
from cmi_gui.commands.output import emit
from cmi_gui.commands.signals import on_stop_signal, run_until_signal
from tests.helpers.cli_process import COMMAND, TIMEOUT

OLD_ENCODING = os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
"""The environment of a program whose pipes would have the encoding of old Windows programs."""


def piped(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, timeout=TIMEOUT, check=False, env=OLD_ENCODING
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_what_is_piped_out_is_utf_8() -> None:
    name = "mätare Ω 中"
    code, out, err = piped("decode", "--json", name)
    assert code == 2
    assert name in json.loads(out)["message"]
    assert err == f"cmi-gui: '{name}' is neither hex nor an existing file\n".replace("\n", os.linesep)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_is_piped_in_is_utf_8_with_or_without_a_mark(mark: bytes) -> None:
    code, out, _ = piped("decode", "-", stdin=mark + b"e5\r\n")
    assert (code, out.splitlines()) == (0, ["acknowledge"])


def test_a_pipe_of_windows_whose_reader_has_gone_does_not_end_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    silenced: list[bool] = []

    def write(_: str) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(output, "silence_stdout", lambda: silenced.append(True))
    monkeypatch.setattr(output, "sys", SimpleNamespace(platform="linux", stdout=SimpleNamespace(write=write)))
    with pytest.raises(OSError, match="Invalid argument"):
        emit("lost")
    assert not silenced
    monkeypatch.setattr(output, "sys", SimpleNamespace(platform="win32", stdout=SimpleNamespace(write=write)))
    assert not emit("lost")
    assert silenced


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_loop_without_signal_handlers(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loops of Windows have none."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    ended: list[str] = []

    def refuse(*_: object) -> None:
        raise NotImplementedError

    async def serve() -> None:
        stop = asyncio.Event()
        monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", refuse, raising=False)
        on_stop_signal(stop.set)
        asyncio.get_running_loop().call_soon(signal.raise_signal, number)
        await stop.wait()
        ended.append("in order")

    try:
        run_until_signal(serve())
        assert ended == ["in order"]
        signal.raise_signal(number)  # after the end of the loop it has no effect
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@pytest.mark.skipif(sys.platform != "win32", reason="the events of a console of Windows")
@pytest.mark.parametrize("event", [1, 2])
def test_the_end_of_a_console_is_an_orderly_end(event: int) -> None:
    """Ctrl-Break and the console closed; a thread of the program calls the handler, not Windows."""
    program = f"""
import sys, threading
from cmi_gui import __main__
from cmi_gui.commands import serve, signals
ready = serve._Reporter.ready
def on_ready(*arguments):
    ready(*arguments)
    threading.Thread(target=signals._console_handler(), args=({event},), daemon=True).start()
serve._Reporter.ready = on_ready
sys.argv = ["cmi-gui", "serve", "--json", "--mbus", "tcp://127.0.0.1:0"]
__main__.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], input="", capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[0])["ready"] is True
