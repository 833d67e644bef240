"""`cmi-gui listen` and `serve --listen` as processes: lines, documents, captures, unplugged ports."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.iec62056.message import Command, DataMessage, Identification, OptionSelect, Request
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.traffic.masking import MbusMask
from cmi_gui.engine.traffic.store import Direction, RowKind
from tests.helpers.cli_process import COMMAND, TIMEOUT, ReadProcess, run, serving, start, stop
from tests.helpers.module_bench import text_command
from tests.helpers.tapped_wire import read_capture

if sys.platform != "win32":
    import pty
    import tty

REQUEST = Frame.short(0x5B, 7).to_bytes()
ANSWER = bytes.fromhex(
    "68 1F 1F 68 08 07 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 01 8B 60 04 37 18 02 1D 16"
)
SECRET = Frame.long(0x73, 7, 0x51, text_command("p1", "geheim12")).to_bytes()
READING = (
    Request().to_bytes(),
    Identification("LGZ", "4", "ZMF100AC.M26").to_bytes(),
    OptionSelect(speed="4").to_bytes(),
    DataMessage("F.F(00)\r\n1.8.0(061561.289*kWh)\r\n!\r\n").to_bytes(),
)


class Listening(ReadProcess):
    """A `listen` process whose lines are read as they are printed."""

    def __init__(self, *arguments: str) -> None:
        self._out: Queue[str] = Queue()
        self._err: Queue[str] = Queue()
        super().__init__("listen", *arguments)

    def _take_out(self, line: str) -> None:
        self._out.put(line.rstrip("\n"))

    def _take_err(self, line: str) -> None:
        self._err.put(line.rstrip("\n"))

    def line(self) -> str:
        """The next line on standard output."""
        return self._out.get(timeout=TIMEOUT)

    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.line()))

    def error_line(self) -> str:
        """The next line on standard error."""
        return self._err.get(timeout=TIMEOUT)

    def stop(self) -> int:
        """Send Ctrl-C and return the exit code."""
        stop(self.process)
        return self.process.wait(TIMEOUT)


class Tap:
    """A TCP server that sends the bytes of a wire to its client, and fails if the client sends anything."""

    def __init__(self, port: int = 0) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self._server.settimeout(TIMEOUT)
        self.port = self._server.getsockname()[1]
        self.link = f"tcp://127.0.0.1:{self.port}"
        self._peer: socket.socket | None = None

    def wait(self) -> None:
        """Wait for a client, and disconnect the previous one."""
        if self._peer is not None:
            self._peer.close()
        self._peer, _ = self._server.accept()

    def give(self, *telegrams: bytes) -> None:
        assert self._peer is not None
        for telegram in telegrams:
            self._peer.sendall(telegram)

    def was_sent(self) -> bytes:
        """Return what the listener has sent, after it has disconnected."""
        assert self._peer is not None
        self._peer.settimeout(TIMEOUT)
        return self._peer.recv(100)

    def close(self) -> None:
        if self._peer is not None:
            self._peer.close()
        self._server.close()


@pytest.fixture
def tap() -> Iterator[Tap]:
    made = Tap()
    yield made
    made.close()


def rows_of(path: Path) -> list[tuple[Direction, RowKind, bytes, str]]:
    capture = read_capture(path, MbusMask(load_module_profile()))
    assert capture.own
    assert capture.bad_lines == 0
    store = capture.store
    return [(row.direction, row.kind, row.data, row.link) for row in map(store.row, range(len(store)))]


# Lines


def test_one_line_per_telegram_and_a_count_at_the_end(tap: Tap) -> None:
    with Listening("--link", tap.link) as listening:
        tap.wait()
        assert listening.error_line() == f"cmi-gui: listening on {tap.link}; Ctrl-C stops"
        tap.give(REQUEST, ANSWER)
        first, second = listening.line().split(maxsplit=2), listening.line().split(maxsplit=2)
        assert first[1:] == ["master", "REQ_UD2 FCB=0 to 7"]
        assert second[1:] == ["slave", "RSP_UD 12345678 PAD, 3 records"]
        assert listening.stop() == 0
        assert listening.error_line() == "cmi-gui: 2 telegrams, 1 slave answered"
        assert tap.was_sent() == b""


def test_documents_have_the_fields_of_decode_and_no_password(tap: Tap) -> None:
    with Listening("--link", tap.link, "--json") as listening:
        tap.wait()
        assert listening.document() == {"listening": tap.link, "side": "mbus"}
        tap.give(REQUEST, ANSWER, SECRET, b"\xe5")
        request, answer, secret, ack = (listening.document() for _ in range(4))
        assert [each["from"] for each in (request, answer, secret, ack)] == ["master", "slave", "master", "slave"]
        assert request["kind"] == "telegram"
        assert bytes.fromhex(request["hex"]) == REQUEST
        _, decoded, _ = run("decode", "--json", ANSWER.hex())
        assert answer["telegram"] == json.loads(decoded)
        assert "**" in secret["hex"]
        assert "telegram" not in secret
        assert "geheim12"[::-1].encode().hex(" ").upper() not in secret["hex"]
        assert listening.stop() == 0
        assert listening.document() == {
            "ended": {
                "telegrams": 4,
                "damaged": 0,
                "slaves": [
                    {
                        "address": 7,
                        "answers": 1,
                        "id": "12345678",
                        "manufacturer": "PAD",
                        "version": 1,
                        "device_type": 7,
                    }
                ],
            }
        }


def test_unreadable_bytes_are_reported(tap: Tap) -> None:
    with Listening("--link", tap.link, "--json") as listening:
        tap.wait()
        listening.document()
        tap.give(REQUEST, ANSWER[:-2] + b"\x00\x16")
        assert listening.document()["kind"] == "telegram"
        damaged = listening.document()
        assert (damaged["kind"], damaged["from"], damaged["summary"]) == (
            "bad_checksum",
            "slave",
            f"wrong checksum: {len(ANSWER)} bytes",
        )
        assert "telegram" not in damaged


def test_a_meter_and_its_reader(tap: Tap) -> None:
    with Listening("--link", tap.link, "--side", "meter", "--json") as listening:
        tap.wait()
        assert listening.document()["side"] == "meter"
        tap.give(*READING)
        tap.give(Command("P", "1", "(geheim12)").to_bytes())
        documents = [listening.document() for _ in range(5)]
        assert [each["from"] for each in documents] == ["reader", "meter", "reader", "meter", "reader"]
        assert documents[3]["lines"] == ["F.F(00)", "1.8.0(061561.289*kWh)"]
        assert documents[4]["summary"] == "command P1; secrets masked"
        assert b"geheim12".hex(" ").upper() not in documents[4]["hex"]


# Captures


def test_a_capture_is_written_and_continued(tap: Tap, tmp_path: Path) -> None:
    path = tmp_path / "heard.txt"
    for _ in range(2):
        with Listening("--link", tap.link, "--record", str(path)) as listening:
            tap.wait()
            tap.give(REQUEST, ANSWER, SECRET)
            for _ in range(3):
                listening.line()
            # Killed; the file must have everything that was printed.
            listening.process.kill()
            listening.process.wait(TIMEOUT)
    rows = rows_of(path)
    assert [(direction, kind) for direction, kind, *_ in rows] == [
        (Direction.RECEIVED, RowKind.TELEGRAM),
        (Direction.SENT, RowKind.TELEGRAM),
        (Direction.RECEIVED, RowKind.TELEGRAM),
    ] * 2
    assert [row[2] for row in rows[:2]] == [REQUEST, ANSWER]
    assert {row[3] for row in rows} == {f"listen:{tap.link}"}
    text = path.read_text()
    assert "geheim12"[::-1].encode().hex(" ").upper() not in text
    assert text.count("# continued: ") == 1


def test_an_incomplete_last_line_of_a_capture_stays_separate(tap: Tap, tmp_path: Path) -> None:
    path = tmp_path / "heard.txt"
    path.write_text(
        "# cmi_gui capture 1\n# secrets: masked\n2026-11-21T08:15:03.402118Z mbus rx telegram tcp://x 10 7B"
    )
    with Listening("--link", tap.link, "--record", str(path)) as listening:
        tap.wait()
        tap.give(REQUEST)
        listening.line()
        listening.stop()
    assert path.read_text().splitlines()[2].endswith("tcp://x 10 7B")
    assert REQUEST.hex(" ").upper() in path.read_text().splitlines()[-1]


def test_a_file_that_is_no_capture_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir")
    code, out, err = run("listen", "--link", "tcp://127.0.0.1:9", "--record", str(path))
    assert (code, out) == (2, "")
    assert "is not a capture of version" in err
    assert path.read_text() == "Dear Sir"
    code, _, err = run("listen", "--link", "tcp://127.0.0.1:9", "--record", str(tmp_path / "no" / "file"))
    assert code == 1
    assert "No such file" in err


# Unplugged ports


def test_a_lost_connection_is_reported_and_restored() -> None:
    tap = Tap()
    with Listening("--link", tap.link) as listening:
        tap.wait()
        assert "listening on" in listening.error_line()
        tap.give(REQUEST)
        listening.line()
        tap.close()
        assert "Listening resumes when it is available." in listening.error_line()
        back = Tap(tap.port)
        back.wait()
        error_line = listening.error_line()
        while "again" not in error_line:
            error_line = listening.error_line()
        back.give(REQUEST)
        assert "master" in listening.line()
        back.close()
        assert listening.stop() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals")
def test_a_serial_port_that_is_unplugged_and_plugged_in(tmp_path: Path) -> None:
    path = tmp_path / "port"

    def plug() -> int:
        master, slave = pty.openpty()
        tty.setraw(slave)
        path.unlink(missing_ok=True)
        path.symlink_to(os.ttyname(slave))
        os.close(slave)
        return master

    master = plug()
    with Listening("--link", f"serial:{path}?baud=2400") as listening:
        assert "listening on" in listening.error_line()
        os.write(master, REQUEST)
        assert "master" in listening.line()
        path.unlink()
        os.close(master)
        assert "Listening resumes" in listening.error_line()
        master = plug()
        error_line = listening.error_line()
        while "again" not in error_line:
            error_line = listening.error_line()
        os.write(master, REQUEST)
        assert "master" in listening.line()
        assert listening.stop() == 0
    os.close(master)


def test_listen_stops_when_its_output_is_closed(tap: Tap) -> None:
    process = start([*COMMAND, "listen", "--link", tap.link], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    tap.wait()
    assert process.stdout is not None
    tap.give(REQUEST)
    assert process.stdout.readline()
    process.stdout.close()
    tap.give(REQUEST)
    assert process.wait(TIMEOUT) == 0


# Wrong use


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--link", "sim:"), "sim: cannot be used here"),
        (("--link", "nonsense"), "is not a LINK"),
        (("--link", "serial:/dev/ttyX?baud=auto", "--side", "meter"), "Remove baud=auto"),
        (("--link", "serial:/dev/ttyX", "--side", "bus"), "--side must be mbus or meter"),
    ],
)
def test_wrong_use_is_reported_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run("listen", *arguments, "--json")
    assert code == 2
    assert words in err
    assert words in json.loads(out)["message"]
    assert err.count("\n") == 1


def test_serve_also_listens(tap: Tap) -> None:
    listened = "tcp://127.0.0.1:1" if sys.platform == "win32" else "pty:"
    with serving("--mbus", "tcp://127.0.0.1:0", "--listen", tap.link, "--listen-meter", listened) as (process, ready):
        tap.wait()
        assert [(link["side"], link["listens"]) for link in ready["links"]] == [
            ("mbus", False),
            ("meter", False),
            ("mbus", True),
            ("meter", True),
        ]
        assert len(ready["mbus_links"]) == 1
        assert ready["links"][2]["url"] == tap.link
        stop(process)
        assert process.wait(TIMEOUT) == 0


def test_serve_refuses_the_same_port_twice() -> None:
    code, _, err = run("serve", "--mbus", "serial:/dev/ttyX", "--listen", "serial:/dev/ttyX?baud=300")
    assert code == 2
    assert "use the same port" in err
