"""The command line with closed and full streams, pipes, folders, endless lines and faulty slaves."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.cli_process import COMMAND, TIMEOUT, run

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="there are neither shells nor such files")

HEADER = "78563412 9615 01 02 00 00 0000"


def shell(command: str) -> tuple[int, str]:
    """Return exit code and standard error of a shell command; `$CMI` is the program."""
    environment = os.environ | {"CMI": " ".join(COMMAND)}
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, timeout=TIMEOUT, env=environment, check=False
    )
    error = done.stderr.decode()
    assert "Traceback" not in error
    assert "Exception ignored" not in error
    return done.returncode, error


@contextlib.contextmanager
def slave(*answers: bytes) -> Iterator[str]:
    """A TCP slave that acknowledges SND_NKE and gives `answers` to requests, the last one again and again."""

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                waiting = list(answers)
                while request := connection.recv(5):
                    if request[1] == 0x40:
                        connection.sendall(b"\xe5")
                    else:
                        connection.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.close()
            thread.join(TIMEOUT)


def response(records: str, *, a: int = 5, ci: int = 0x72) -> bytes:
    return Frame.long(0x08, a, ci, bytes.fromhex(HEADER + records if ci == 0x72 else records)).to_bytes()


@posix_only
@pytest.mark.parametrize(
    ("command", "exit_code", "words"),
    [
        ("$CMI decode <&-", 1, "standard input contains no telegram"),
        ("$CMI decode e5 >&-", 0, ""),
        ("$CMI decode e5 2>&-", 0, ""),
        ("$CMI decode e5 >/dev/full", 1, "No space left on device"),
        ("echo e5 | $CMI decode --json - >/dev/full", 1, "No space left on device"),
        ("$CMI serve --mbus tcp://127.0.0.1:0 >/dev/full", 1, "No space left on device"),
        ("$CMI decode /tmp", 2, "Is a directory"),
    ],
)
def test_closed_and_full_streams_are_no_traceback(command: str, exit_code: int, words: str) -> None:
    if ">/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    code, error = shell(command)
    assert code == exit_code
    assert words in error
    assert len(error.splitlines()) == bool(words)


@posix_only
def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("e5\n",))
    writer.start()
    assert run("decode", str(pipe)) == (0, "acknowledge\n", "")
    writer.join(TIMEOUT)


def test_an_endless_line_is_refused_and_the_next_one_is_read(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_bytes(b"68" * 5_000_000 + b"\ne5\n")
    code, out, _ = run("decode", str(file))
    assert code == 1
    assert out.splitlines() == [
        "error: a telegram has at most 261 bytes; this line has more than 4096 characters",
        "acknowledge",
    ]


def test_an_application_error_is_reported_as_a_refusal() -> None:
    with slave(response("08", ci=0x70)) as link:
        code, out, error = run("read", "--json", "--link", link, "--address", "5")
    assert code == 1
    assert json.loads(out)["telegrams"][0]["application_error"]
    assert "the slave reported an error" in error


def test_a_record_that_cannot_be_decoded_loses_neither_telegrams_nor_records() -> None:
    with slave(response("01FD1B02 1F"), response("01FD1A01 0DFD0F F8")) as link:
        code, out, error = run("read", "--json", "--link", link, "--address", "5")
    assert code == 1
    good, bad = json.loads(out)["telegrams"]
    assert good["records"][0]["value"] == 2
    assert (bad["records"][0]["value"], bad["rest"], bad["error"]) == (1, "0DFD0FF8", "reserved_lvar")
    assert "cannot decode part of a telegram: the length byte F8 is reserved" in error


def test_an_answer_from_another_address_is_printed_with_a_warning() -> None:
    with slave(response("01FD1B02", a=9)) as link:
        code, out, error = run("read", "--json", "--link", link, "--address", "5")
    assert code == 0
    assert json.loads(out)["telegrams"][0]["a"] == 9
    assert "the request went to address 5, but the answers came from address 9" in error


@posix_only
@pytest.mark.parametrize("kind", ["pipe", "/dev/zero"])
@pytest.mark.parametrize(
    "command",
    [
        ("profile", "check", "FILE"),
        ("serve", "--module-profile", "FILE"),
        ("serve", "--meter-profile", "FILE"),
        ("set", "rate", "1", "--link", "tcp://127.0.0.1:1", "--address", "0", "--module-profile", "FILE"),
        ("listen", "--link", "tcp://127.0.0.1:1", "--record", "FILE"),
    ],
)
def test_a_path_that_is_no_file_is_refused_at_once(tmp_path: Path, command: tuple[str, ...], kind: str) -> None:
    path = tmp_path / "pipe" if kind == "pipe" else Path(kind)
    if kind == "pipe":
        os.mkfifo(path)
    code, _, error = run(*(str(path) if word == "FILE" else word for word in command))
    assert code in (1, 2)
    assert "not a regular file" in error or "is not a file" in error
    assert len(error.splitlines()) == 1
