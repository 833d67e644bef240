"""The command line as real processes with real sockets: output, exit codes, errors in one line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.cli_process import TIMEOUT, run, serving, start, stop
from tests.helpers.tcp import free_ports

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

EXAMPLE = (
    "68 1F 1F 68 08 02 72 78 56 34 12 24 40 01 07 55 00 00 00 03 13 15 31 00 DA 02 3B 13 01 8B 60 04 37 18 02 18 16"
)


def until_read(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["message"] == "contact with the meter established":
            return


# decode


def test_decode_one_telegram_as_text() -> None:
    code, out, err = run("decode", *EXAMPLE.split())
    assert (code, err) == (0, "")
    assert "12.565 m3" in out
    assert "storage 5, maximum: 0.113 m3/h" in out
    assert "tariff 2, subunit 1: 218370 Wh" in out


def test_decode_json_has_the_documented_fields() -> None:
    code, out, _ = run("decode", "--json", EXAMPLE)
    assert code == 0
    telegram = json.loads(out)
    assert (telegram["frame"], telegram["c"], telegram["a"], telegram["ci"]) == ("long", 8, 2, 0x72)
    assert telegram["header"] == {
        "id": "12345678",
        "manufacturer": "PAD",
        "version": 1,
        "device_type": 7,
        "access_number": 0x55,
        "status": 0,
        "signature": 0,
    }
    record = telegram["records"][0]
    expected = {
        "function": "instantaneous",
        "storage": 0,
        "tariff": 0,
        "subunit": 0,
        "quantity": "volume",
        "unit": "m3",
        "qualifiers": [],
        "obis": None,
        "value": 12.565,
        "dib": "03",
        "vib": "13",
        "raw": "153100",
    }
    assert {name: record[name] for name in expected} == expected
    assert '"value":12.565' in out.replace(" ", "")  # exact, not a binary fraction
    assert telegram["more_follows"] is False
    assert telegram["manufacturer_data"] == ""


def test_decode_answers_each_line_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "telegrams.txt"
    file.write_bytes(b"E5\r\n# a comment\r\n\r\n10 40 01 41 16\n10:5b:fe:59:16\nzz\n105B\n\xff\xfe\n6\n")
    code, out, err = run("decode", "--json", str(file))
    assert (code, err) == (1, "")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer.get("error") for answer in answers] == [
        None,
        None,
        None,
        "bad_hex",
        "truncated",
        "bad_hex",
        "odd_hex",
    ]
    code, out, _ = run("decode", "-", stdin=file.read_bytes())
    assert code == 1
    assert len(out.splitlines()) == 7


@pytest.mark.parametrize(
    ("arguments", "stdin", "exit_code", "words"),
    [
        (["123"], "", 1, "an odd number of hex digits (3)"),
        (["10 40 01 42 16"], "", 1, "the checksum is 42, but the bytes add up to 41"),
        (["no-such-file.hex"], "", 2, "neither hex nor an existing file"),
        ([], "", 1, "standard input contains no telegram"),
        (["-"], "\n\n", 1, "standard input contains no telegram"),
        (["68" * 5000], "", 1, "at most 261 bytes"),
    ],
)
def test_decode_reports_bad_input_in_one_line(arguments: list[str], stdin: str, exit_code: int, words: str) -> None:
    code, out, err = run("decode", *arguments, stdin=stdin)
    assert code == exit_code
    assert out == ""
    assert len(err.splitlines()) == 1
    assert words in err
    code, out, _ = run("decode", "--json", *arguments, stdin=stdin)
    assert code == exit_code
    assert set(json.loads(out)) >= {"error", "message"}


# serve


def test_serve_reports_ready_and_stops_cleanly_on_each_signal() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with serving("--mbus", "tcp://127.0.0.1:0") as (process, ready):
            assert ready["ready"] is True
            assert str(ready["mbus"]).startswith("tcp://127.0.0.1:")
            stop(process, number)
            assert process.wait(TIMEOUT) == 0
            _, err = process.communicate()
            assert "Traceback" not in err


def test_serve_as_text_prints_a_line_per_link() -> None:
    with start(
        [sys.executable, "-m", "cmi_gui", "serve", "--mbus", "tcp://127.0.0.1:0"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        stop(process)
        assert process.wait(TIMEOUT) == 0
        process.stdout.close()
        assert lines[0].startswith("M-Bus: tcp://127.0.0.1:")
        assert lines[1] == "meter: sim:\n"
        assert lines[2].startswith("ready: serial number 12345678, primary address 0, 2400 bit/s")


def test_a_link_that_is_not_open_is_named_once_in_its_line() -> None:
    (port,) = free_ports(1)
    meter = f"tcp://127.0.0.1:{port}"
    with start(
        [sys.executable, "-m", "cmi_gui", "serve", "--mbus", "tcp://127.0.0.1:0", "--meter", meter],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines_out = [process.stdout.readline() for _ in range(3)]
        # The first readout fails at once, because its link is not open.
        failure = process.stderr.readline()
        stop(process)
        out, err = process.communicate(timeout=TIMEOUT)
        assert (
            lines_out[1] == f"meter: waiting: {meter} refused the connection; start the other side or check the port.\n"
        )
        assert "the meter was not reached: the link did not send the message; it is read again" in failure
        lines = [*lines_out, failure, *out.splitlines(), *err.splitlines()]
        assert max(line.count(meter) for line in lines) == 1
        assert not [line for line in lines if "page" in line or "aborted" in line]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--mbus", "tcp://127.0.0.1:0?max_baud=2400"],
            "max_baud= applies only to the LINK of a meter. Remove it here.",
        ),
        (
            ["--mbus", "pty:?timeout=2"],
            "timeout= applies only to a LINK on which this program waits for answers. Remove it",
        ),
        (["--mbus", "pty:", "--listen-meter", "pty:?max_baud=300"], "max_baud= applies only to the LINK of a meter"),
        (["--mbus", "pty:", "--meter", "tcp://h:1?max_baud=500"], "max_baud must be 300, 600, 1200, 2400, 4800"),
        (["--mbus", "pty:", "--meter", "tcp://h:1?timeout=90"], "timeout must be 0 to 60, not 90"),
    ],
)
def test_options_that_a_link_cannot_have_are_refused(arguments: list[str], words: str) -> None:
    code, out, err = run("serve", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_a_master_has_no_highest_speed() -> None:
    code, out, err = run("read", "--link", "tcp://127.0.0.1:1?max_baud=300", "--address", "1")
    assert (code, out) == (2, "")
    assert "max_baud= applies only to the LINK of a meter. Remove it here." in err


def test_a_port_in_use_is_named_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        link = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        code, _, err = run("serve", "--mbus", link)
    assert code == 1
    assert err.startswith("cmi-gui: Port ")
    assert link not in err


def test_read_gives_every_line_of_the_meter_exactly() -> None:
    with serving("--mbus", "tcp://127.0.0.1:0", "--variant", "full", "--interval", "3600") as (process, ready):
        until_read(process)
        by_address = run("read", "--json", "--link", str(ready["mbus"]), "--address", "0")
        by_id = run("read", "--json", "--link", str(ready["mbus"]), "--id", "12345678")
        assert by_address[0] == by_id[0] == 0
        document = json.loads(by_address[1])
        assert len(document["telegrams"]) == 4
        assert document["lines"] == json.loads(by_id[1])["lines"]
        # The meter counts on until it is read.
        assert any(re.fullmatch(r"1\.8\.1\(042951\.7\d\d\*kWh\)", line) for line in document["lines"])
        assert len(document["lines"]) == 79
        energy = next(
            record for telegram in document["telegrams"] for record in telegram["records"] if record["obis"] == "1.8.2"
        )
        assert (energy["value"], energy["unit"], energy["tariff"]) == (18609568, "Wh", 2)


def test_scan_finds_the_module() -> None:
    with serving("--mbus", "tcp://127.0.0.1:0") as (_, ready):
        code, out, _ = run("scan", "--json", "--link", str(ready["mbus"]), "--primary", "0-1", "--timeout", "0.05")
        assert code == 0
        (found,) = json.loads(out)["found"]
        assert (found["address"], found["telegram"]["header"]["id"]) == (0, "12345678")


def test_scan_by_secondary_address_finds_the_module_once() -> None:
    with serving("--mbus", "tcp://127.0.0.1:0") as (_, ready):
        link = ("--link", str(ready["mbus"]), "--timeout", "0.05")
        code, out, err = run("scan", "--json", *link, "--secondary", "FFFFFFFF")
        assert (code, err) == (0, "")
        (found,) = json.loads(out)["found"]
        assert (found["secondary"], found["fabrication"], found["collision"]) == ("1234567896150102", None, False)
        assert found["telegram"]["header"]["manufacturer"] == "ELV"
        assert run("read", *link, "--id", found["secondary"])[0] == 0
        code, out, _ = run("scan", *link, "--secondary", "1FFFFFFF", "--primary", "0")
        assert code == 0
        assert [line.split(":")[0] for line in out.splitlines()] == ["0", "12345678 9615 01 02"]
        code, out, err = run("scan", "--json", *link, "--secondary", "2FFFFFFF")
        assert (code, json.loads(out)) == (1, {"found": []})
        assert "no slave answers to the mask 2FFFFFFF" in err


def test_a_port_in_use_is_reported_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = run("serve", "--mbus", f"tcp://127.0.0.1:{port}")
        assert (code, out) == (1, "")
        assert len(err.splitlines()) == 1
        assert f"Port {port} on 127.0.0.1 is already in use" in err


def test_a_second_serve_takes_the_next_free_port() -> None:
    with serving() as (_, first), serving() as (_, second):
        assert first["mbus"] != second["mbus"]
        assert str(first["mbus"]).startswith("tcp://127.0.0.1:100")


def test_without_a_display_the_module_is_served_with_a_notice() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems always have a display")
    process = start(
        [sys.executable, "-m", "cmi_gui"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert "there is no display" in process.stderr.readline()
    assert process.stdout.readline().startswith("M-Bus: tcp://127.0.0.1:")
    stop(process, signal.SIGTERM)
    assert process.wait(TIMEOUT) == 0
    process.stdout.close()
    process.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["serve", "--mbus", "tcp:127.0.0.1:5"], 2, "two slashes must follow tcp:"),
        (["serve", "--mbus", "tcp://127.0.0.1:99999"], 2, "the port must be 0 to 65535"),
        (["serve", "--mbus", "gopher://x"], 2, "is not a LINK"),
        (["serve", "--meter", "serial:"], 2, "the device is missing"),
        (["serve", "--variant", "M99"], 2, "M99"),
        (["serve", "--serial", "1234"], 2, "8 decimal digits"),
        (["serve", "--interval", "0"], 2, "1 to 86400 seconds"),
        (["read", "--link", "tcp://127.0.0.1:1", "--address", "1"], 1, "refused the connection"),
        (["read", "--link", "sim:"], 2, "--address N or --id MASK"),
        (["read", "--link", "sim:", "--address", "1", "--id", "12345678"], 2, "--address N or --id MASK"),
        (["read", "--link", "sim:", "--address", "251"], 2, "0 to 250"),
        (["read", "--link", "sim:", "--id", "12"], 2, "8 digits"),
        (["read", "--link", "sim:", "--id", "1234567G"], 2, "8 hexadecimal digits (F for any)"),
        (["read", "--link", "serial:/dev/no-such-port", "--address", "1"], 1, "no serial port"),
        (["scan", "--link", "sim:", "--primary", "5-3"], 2, "the lower one first"),
        (["scan", "--link", "sim:", "--primary", "x"], 2, "not a range of primary addresses"),
        (["scan", "--link", "sim:", "--secondary", "12"], 2, "8 digits"),
        (["serve", "--module-profile", "no-such.toml"], 2, "no-such.toml: cannot be read"),
        (["serve", "--meter-profile", "no-such.toml"], 2, "no-such.toml: cannot be read"),
        (["serve", "--control", "tcp://0.0.0.0:0"], 2, "on loopback only"),
        (["serve", "--control", "pty:"], 2, "on loopback only"),
        (["serve", "--control", "gopher:"], 2, "is not a LINK"),
    ],
)
def test_mistakes_are_reported_in_one_line(arguments: list[str], exit_code: int, words: str) -> None:
    code, out, err = run(*arguments)
    assert code == exit_code
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert words in err


def test_a_scan_without_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        link = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        code, out, err = run("read", "--json", "--link", link, "--address", "7", "--timeout", "0.01")
        assert code == 1
        assert json.loads(out)["error"] == "no_answer"
        assert "no answer from address 7 after 3 tries" in err


def test_garbage_from_a_meter_is_reported_and_serving_continues() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with serving("--mbus", "tcp://127.0.0.1:0", "--meter", link) as (process, ready):
            meter, _ = listener.accept()
            with meter:
                assert meter.recv(100) == b"/?!\r\n"
                meter.sendall(b"\x00\x11rubbish\xff\r\n")
                assert process.stdout is not None
                for line in process.stdout:
                    if "cannot be read" in json.loads(line)["message"]:
                        break
                code, out, _ = run("read", "--json", "--link", str(ready["mbus"]), "--address", "0")
                assert code == 0
                assert json.loads(out)["telegrams"][0]["header"]["status"] == 0x10


def test_version_and_help() -> None:
    assert run("--version")[1].startswith("cmi-gui ")
    code, out, _ = run("--help")
    assert code == 0
    for command in ("serve", "decode", "read", "scan", "set", "profile"):
        assert command in out
