"""`send` as a real process: answers, silence, and telegrams that are sent only with `--yes`."""

from __future__ import annotations

import json

import pytest

from cmi_gui.engine.mbus.frame import Frame
from tests.helpers.cli_process import Served, run
from tests.helpers.module_bench import text_command

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

QUICK = ("--interval", "1", "--variant", "M55", "--no-paced")
ADDRESS_7 = Frame.long(0x73, 0, 0x51, bytes.fromhex("01 7A 07")).to_bytes().hex(" ")
P1 = Frame.long(0x73, 0, 0x51, text_command("p1", "geheim12")).to_bytes().hex()


def test_a_served_module_answers_and_changes_only_with_yes() -> None:
    with Served(*QUICK) as served:
        served.until(lambda status: status["contact"])
        link = ("--link", served.mbus)
        code, out, err = run("send", "--json", *link, "10 7B 00 7B 16")
        document = json.loads(out)
        assert (code, err, document["kind"]) == (0, "", "response")
        assert document["telegrams"][0]["header"]["id"] == "12345678"
        assert document["seconds"] > 0
        code, out, err = run("send", *link, ADDRESS_7)
        assert (code, out) == (2, "")
        assert err == "cmi-gui: This changes Primary address to 7. If you want that, add --yes.\n"
        assert served.send_line("status")["primary_address"] == 0
        code, out, err = run("send", "--yes", *link, *ADDRESS_7.split())
        assert (code, out, err) == (0, "acknowledge\n", "")
        served.until(lambda status: status["primary_address"] == 7)
        code, out, err = run("send", *link, "1040004116")
        assert (code, out) == (1, "")
        assert err.startswith("cmi-gui: no answer within ")


@pytest.mark.parametrize(
    ("telegram", "words"),
    [
        ("xyz", "no telegram in hex"),
        ("10 4", "an odd number of hex digits"),
        ("68 ** 16", "are never sent"),
        ("68 07 07 68 73 FD 51 01 FD 1F 00 DE 16", "This opens the disconnector."),
        (P1, "This changes P1 password."),
        ("10 40 FF 3F 16", "It reaches every slave on the bus"),
    ],
)
def test_what_is_not_sent_is_reported_in_one_line(telegram: str, words: str) -> None:
    code, out, err = run("send", "--link", "tcp://127.0.0.1:1", telegram)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert words in err
    assert "geheim12" not in err


def test_the_simulation_needs_no_yes() -> None:
    code, out, err = run("send", "--json", "--link", "sim:", ADDRESS_7)
    assert (code, err) == (0, "")
    assert json.loads(out)["answer"] == "E5"
