"""`cmi-gui export`, `dissector` and `listen --pcap` as processes."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from cmi_gui.engine.traffic.dissector import dissector
from tests.commands.test_cli_listen import ANSWER, REQUEST, SECRET, Listening, Tap
from tests.commands.test_cli_listen import tap as tap
from tests.engine.traffic.test_pcapng import header_of, read
from tests.helpers.cli_process import COMMAND, TIMEOUT, run, start, stop
from tests.helpers.private import is_private
from tests.helpers.tshark import TSHARK, needs_tshark

CAPTURE = """\
# cmi_gui capture 1
# started: 2026-11-21T09:15:02.117+01:00
# secrets: masked
2026-11-21T08:15:03.402118Z mbus rx telegram tcp://127.0.0.1:10001 10 7B 00 7B 16 ; 2400 bit/s 0.022917 s
2026-11-21T08:15:03.411870Z mbus tx telegram tcp://127.0.0.1:10001 E5
# bookmark 1 2026-11-21T08:15:03.411870Z "Late answer"
2026-11-21T08:15:09.100301Z meter tx telegram sim: 01 50 31 02 ** ** ** ** ** ** ; command P1; secrets masked
"""
SECRET_BYTES = b"geheim12"[::-1]


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "capture.txt"
    path.write_text(CAPTURE, encoding="utf-8")
    return path


# Export


def test_a_capture_is_exported(capture: Path, tmp_path: Path) -> None:
    out = tmp_path / "capture.pcapng"
    assert run("export", str(capture), str(out)) == (0, f"3 rows written to {out}\n", "")
    request, answer, password = read(out.read_bytes())
    row, data = header_of(request.data)
    assert (data, row.link) == (bytes.fromhex("10 7B 00 7B 16"), request.link)
    assert (row.baud, row.took) == (2400, 0.022917)
    assert request.time == 1_795_248_903_402_118_000
    assert answer.options[1] == b"Late answer"
    assert header_of(password.data)[0].masked == ((4, 10),)


def test_the_log_of_another_tool_is_exported_with_masked_secrets(tmp_path: Path) -> None:
    log, out = tmp_path / "log.txt", tmp_path / "log.pcapng"
    log.write_text(
        f"[12:00:01.500] TX: {REQUEST.hex(' ')}\n[12:00:01.600] RX: {ANSWER.hex(' ')}\nTX: {SECRET.hex(' ')}\n"
    )
    code, text, _ = run("export", str(log), str(out), "--json")
    assert code == 0
    assert '"rows":3' in text.replace(" ", "")
    packets = read(out.read_bytes())
    assert [header_of(packet.data)[1] for packet in packets[:2]] == [REQUEST, ANSWER]
    assert header_of(packets[2].data)[0].masked
    assert SECRET_BYTES not in out.read_bytes()


def test_export_to_standard_output(capture: Path) -> None:
    done = subprocess.run([*COMMAND, "export", str(capture), "-"], capture_output=True, timeout=TIMEOUT, check=True)
    assert len(read(done.stdout)) == 3
    assert done.stderr == b""


def test_a_reader_that_ends_early_is_no_error(capture: Path) -> None:
    command = [*COMMAND, "export", str(capture), "-"]
    with start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding=None) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(TIMEOUT) == 0


@pytest.mark.parametrize(
    ("content", "file", "code", "words"),
    [
        (CAPTURE, "out.txt", 2, "give a name that ends in .pcapng"),
        (None, "out.pcapng", 2, "capture.txt: "),  # and the words of the system
        ("", "out.pcapng", 1, "contains no telegram"),
        ("# cmi_gui capture 9\n", "out.pcapng", 2, "does not support version 9"),
        ("a\0b", "out.pcapng", 2, "it is not a text file"),
        ("x\n" * 1002, "out.pcapng", 1, "more than 1000 lines cannot be read"),
        (CAPTURE, "none/../capture.txt/out.pcapng", 1, "out.pcapng: "),
    ],
)
def test_what_cannot_be_exported(content: str | None, file: str, code: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "capture.txt"
    if content is not None:
        path.write_text(content)
    found, _, err = run("export", str(path), str(tmp_path / file))
    assert (found, err.count("\n")) == (code, 1)
    assert words in err


def test_bad_lines_are_rows_and_are_counted(tmp_path: Path) -> None:
    path, out = tmp_path / "log.txt", tmp_path / "log.pcapng"
    path.write_text("TX: 10 7B 00 7B 16\nwhat is this\n")
    code, _, err = run("export", str(path), str(out))
    assert code == 0
    assert err == f"cmi-gui: 1 line of {path} cannot be read and will be shown in Wireshark as bad_line\n"
    assert len(read(out.read_bytes())) == 2


def test_json_and_pcapng_do_not_share_standard_output(capture: Path) -> None:
    for arguments in (["export", str(capture), "-"], ["listen", "--link", "pty:/none", "--pcap", "-"]):
        code, out, err = run(*arguments, "--json")
        assert code == 2
        assert "both write to standard output" in err
        assert '"wrong_use"' in out


# The dissector


def test_the_dissector_is_written(tmp_path: Path) -> None:
    path = tmp_path / "plugins" / "cmi_gui.lua"
    assert run("dissector", "--out", str(path)) == (0, "", "")
    assert path.read_text(encoding="ascii") == dissector()
    assert run("dissector") == (0, dissector(), "")


# Live


def test_listen_streams_to_standard_output(tap: Tap) -> None:
    command = [*COMMAND, "listen", "--link", tap.link, "--pcap", "-"]
    with start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding=None) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        tap.wait()
        assert process.stderr.readline().decode().rstrip() == f"cmi-gui: listening on {tap.link}; Ctrl-C stops"
        tap.give(REQUEST, ANSWER, SECRET)
        stream = b""
        for _ in range(5):  # the section, the interface, three packets
            head = process.stdout.read(8)
            stream += head + process.stdout.read(struct.unpack("<II", head)[1] - 8)
        assert [header_of(packet.data)[1] for packet in read(stream)[:2]] == [REQUEST, ANSWER]
        assert read(stream)[0].link == f"listen:{tap.link}"
        assert SECRET_BYTES not in stream
        stop(process)
        assert process.wait(TIMEOUT) == 0
        assert process.stdout.read() == b""


def test_listen_ends_when_wireshark_does(tap: Tap) -> None:
    command = [*COMMAND, "listen", "--link", tap.link, "--pcap", "-"]
    with start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding=None) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        tap.wait()
        process.stderr.readline()
        process.stdout.close()
        tap.give(REQUEST)
        assert process.wait(TIMEOUT) == 0
        assert b"Traceback" not in process.stderr.read()


def test_listen_writes_a_new_file_beside_the_lines(tap: Tap, tmp_path: Path) -> None:
    path = tmp_path / "wire.pcapng"
    with Listening("--link", tap.link, "--pcap", str(path)) as listening:
        tap.wait()
        listening.error_line()
        tap.give(REQUEST, ANSWER)
        assert "REQ_UD2" in listening.line()
        assert "RSP_UD" in listening.line()
        # Written before it is printed.
        assert [header_of(packet.data)[1] for packet in read(path.read_bytes())] == [REQUEST, ANSWER]
        assert listening.stop() == 0
    assert is_private(path)
    code, _, err = run("listen", "--link", tap.link, "--pcap", str(path))
    assert code == 1
    assert err == f"cmi-gui: {path}: {os.strerror(errno.EEXIST)}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_listen_writes_into_a_named_pipe_that_is_read(tap: Tap, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code, _, err = run("listen", "--link", tap.link, "--pcap", str(pipe))
    assert code == 1
    assert str(pipe) in err
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with Listening("--link", tap.link, "--pcap", str(pipe)) as listening:
        tap.wait()
        listening.error_line()
        tap.give(REQUEST)
        listening.line()
        assert [header_of(packet.data)[1] for packet in read(os.read(reader, 10_000))] == [REQUEST]
        os.close(reader)
        tap.give(REQUEST)
        assert listening.process.wait(TIMEOUT) == 0


@needs_tshark
def test_tshark_reads_the_stream_of_listen(tap: Tap, tmp_path: Path) -> None:
    assert TSHARK is not None
    script = tmp_path / "cmi_gui.lua"
    script.write_text(dissector(), encoding="ascii")
    with Listening("--link", tap.link, "--pcap", str(tmp_path / "out.pcapng")) as listening:
        tap.wait()
        listening.error_line()
        tap.give(REQUEST, ANSWER)
        listening.line()
        listening.line()
        listening.stop()
    command = [TSHARK, "-i", "-", "-l", "-X", f"lua_script:{script}", "-T", "fields", "-e", "mbus.text", "-c", "2"]
    stream = (tmp_path / "out.pcapng").read_bytes()
    done = subprocess.run(command, input=stream, capture_output=True, timeout=TIMEOUT, check=True)
    assert done.stdout.decode().split() == ["12.565,0.113,218370"]
