"""`read`, `scan` and `set` as real processes over real sockets: slow gateways, shared wires, stored response times."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.mbus.frame import RSP_UD, Frame, Function, parse_frame
from cmi_gui.engine.mbus.frame_decoder import FrameDecoder, GoodFrame
from cmi_gui.engine.mbus.render import json_text, to_json_dict
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.buses import BusSlave, overlay
from tests.helpers.cli_process import COMMAND, TIMEOUT, run, start, stop, with_state_folder
from tests.helpers.waiting import WAIT_SECONDS, until


class TcpBus:
    """A TCP gateway to slaves that answer one request after the other, each `delay()` seconds after they begin with it.

    Simultaneous answers are overlaid. `noise`: bytes that the gateway adds to each request. `requests`: all requests
    received. `done`: number of requests that are answered, or that no slave answers.
    """

    def __init__(
        self, slaves: Sequence[BusSlave], delay: Callable[[], float] = lambda: 0.0, *, noise: bytes = b""
    ) -> None:
        self.requests: list[Frame] = []
        self.done = 0
        self._slaves = slaves
        self._delay = delay
        self._noise = noise
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._received: Queue[tuple[socket.socket, Frame]] = Queue()
        self._threads = [threading.Thread(target=self._listen), threading.Thread(target=self._answer)]

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> TcpBus:
        self._listener.settimeout(0.05)
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(WAIT_SECONDS)
        self._listener.close()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(0.05)
            with connection:
                self._receive(connection)

    def _receive(self, connection: socket.socket) -> None:
        decoder = FrameDecoder()
        while not self._stopping.is_set():
            try:
                data = connection.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                return
            if not data:
                return
            for event in decoder.feed(data):
                if isinstance(event, GoodFrame):
                    self.requests.append(event.frame)
                    self._send(connection, self._noise)
                    self._received.put((connection, event.frame))

    def _answer(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, request = self._received.get(timeout=0.05)
            except Empty:
                continue
            answers = [answer for answer in (slave.answer(request) for slave in self._slaves) if answer]
            if answers:
                self._stopping.wait(self._delay())
                self._send(connection, overlay(answers))
            self.done += 1

    def _send(self, connection: socket.socket, data: bytes) -> None:
        try:
            connection.sendall(data)
        except OSError:
            # The master has disconnected.
            return


MAKER = bytes.fromhex("96150102")
LATE = 0.7


def slave(address: int, number: str = "12345678", fabrication: str = "50100007", **more: Any) -> BusSlave:
    return BusSlave(address, bytes.fromhex(number)[::-1] + MAKER, bytes.fromhex(fabrication)[::-1], **more)


@pytest.fixture
def state(tmp_path: Path) -> dict[str, str]:
    """An environment with a state folder of its own, in which response times are stored."""
    return with_state_folder(tmp_path)


def run_json(state: dict[str, str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    code, out, err = run(*arguments, "--json", environment=state)
    return code, json.loads(out), err


def is_exact(telegrams: list[dict[str, Any]], of: BusSlave) -> bool:
    """Return whether these are all telegrams of a slave, in order."""
    numbers = [telegram["header"]["access_number"] for telegram in telegrams]
    sent = [of.telegram(number, access) for number, access in enumerate(numbers)]
    expected = [to_json_dict(decode_telegram(parse_frame(telegram)), label) for telegram in sent]
    return len(telegrams) == of.sections and set(sent) <= set(of.sent) and telegrams == json.loads(json_text(expected))


def late() -> float:
    return LATE


def test_answers_of_a_slow_gateway_are_printed_exactly(state: dict[str, str]) -> None:
    here = slave(2, sections=2)
    with TcpBus([here], late) as bus:
        for at in (("--address", "2"), ("--id", "12345678")):
            code, out, _ = run_json(state, "read", "--link", bus.url, *at)
            assert (code, out["complete"], out["warnings"]) == (0, True, [])
            assert is_exact(out["telegrams"], here)
        code, out, _ = run_json(state, "scan", "--link", bus.url, "--primary", "1-3")
        assert (code, [(each["address"], each["collision"]) for each in out["found"]]) == (0, [(2, False)])
        assert out["found"][0]["telegram"]["header"]["id"] == "12345678"
        before = len(bus.requests)
        code, out, _ = run_json(state, "scan", "--link", bus.url, "--secondary", "FFFFFFFF")
        assert (code, [each["secondary"] for each in out["found"]]) == (0, ["1234567896150102"])
        assert len(bus.requests) - before < 20
        code, out, _ = run_json(state, "set", "tag", "7", "--link", bus.url, "--address", "2")
        assert (code, out["answer"], len(here.executed)) == (0, "ack", 1)


class BreaksOff(BusSlave):
    """A slave that announces a second telegram and always sends `instead` in its place."""

    instead = b""

    def _answer(self, memory: int, fcb: bool) -> bytes:
        return super()._answer(memory, fcb) if fcb else self.instead


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        (b"\xe5", "the slave has no more"),
        (b"", "no answer"),
        (Frame.long(RSP_UD, 2, 0x99, b"\x01").to_bytes(), "holds no data"),
        (Frame.long(RSP_UD, 9, 0x72, bytes.fromhex("1122334496150102010000000413") + bytes(4)).to_bytes(), "is from"),
    ],
    ids=["E5", "silence", "unknown CI", "another slave"],
)
def test_an_incomplete_series_gets_a_warning(instead: bytes, words: str, state: dict[str, str]) -> None:
    here = BreaksOff(2, bytes.fromhex("78563412") + MAKER, sections=2)
    here.instead = instead
    with TcpBus([here]) as bus:
        code, out, err = run_json(state, "read", "--link", bus.url, "--address", "2", "--timeout", "0.2")
    assert (code, out["complete"], len(out["warnings"])) == (1, False, 1)
    assert out["telegrams"][0]["header"]["access_number"] == 1
    assert "incomplete" in out["warnings"][0]
    assert words in out["warnings"][0]
    assert out["warnings"][0] in err


def test_an_answer_of_another_address_is_reported_with_a_warning(state: dict[str, str]) -> None:
    here = slave(2)
    other = slave(7).telegram(0, 1)
    here.telegram = lambda number, access: other  # type: ignore[method-assign]
    with TcpBus([here]) as bus:
        code, out, err = run_json(state, "read", "--link", bus.url, "--address", "2", "--timeout", "0.2")
    assert (code, len(out["telegrams"]), len(out["warnings"])) == (0, 1, 1)
    assert "the request went to address 2, but the answers came from address 7" in out["warnings"][0]
    assert out["warnings"][0] in err


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_requested_number_of_telegrams_is_read(count: int, state: dict[str, str]) -> None:
    here = slave(2, sections=3)
    with TcpBus([here]) as bus:
        code, out, _ = run_json(state, "read", "--link", bus.url, "--address", "2", "--telegrams", str(count))
        assert (code, len(out["telegrams"])) == (0, count)
        assert sum(frame.function is Function.REQ_UD2 for frame in bus.requests) == count


def test_a_slave_that_ignores_commands_has_acknowledged_none(state: dict[str, str]) -> None:
    here = slave(2, ignores_commands=True)
    with TcpBus([here], late) as bus:
        code, out, _ = run_json(state, "set", "tag", "7", "--link", bus.url, "--address", "2")
    assert (code, "error" in out, here.executed) == (1, True, [])
    assert "not confirmed" in out["message"]


def test_two_modules_at_one_address_keep_their_disconnectors_closed(state: dict[str, str]) -> None:
    both = [slave(0), slave(0, fabrication="50100008")]
    with TcpBus(both) as bus:
        code, out, err = run_json(state, "set", "disconnector", "0", "--link", bus.url, "--address", "0")
        assert (code, "error" in out, [each.executed for each in both]) == (1, True, [[], []])
        assert "nothing was sent" in out["message"]
        number = "12345678, fabrication number 50100008"
        code, out, err = run_json(state, "set", "disconnector", "0", "--link", bus.url, "--id", number)
        assert (code, out.get("answer"), [len(each.executed) for each in both]) == (0, "ack", [0, 1]), err
    assert not any(frame.function is Function.SND_UD and frame.a != 253 for frame in bus.requests)


def test_what_a_search_prints_reads_that_module(state: dict[str, str]) -> None:
    modules = [slave(1), slave(2, "1234567A", "")]
    with TcpBus(modules) as bus:
        code, out, _ = run("scan", "--link", bus.url, "--secondary", "1234567F", "--timeout", "0.1", environment=state)
        masks = [line.split(": ")[0] for line in out.splitlines()]
        assert (code, len(masks)) == (0, 2)
        for module, mask in zip(modules, masks, strict=True):
            code, printed, _ = run_json(state, "read", "--link", bus.url, "--id", mask)
            assert (code, is_exact(printed["telegrams"], module)) == (0, True)


@pytest.mark.parametrize("noise", [b"\x00\x00"])
def test_a_converter_that_adds_zeros_makes_no_collisions(noise: bytes, state: dict[str, str]) -> None:
    with TcpBus([slave(2)], noise=noise) as bus:
        code, out, _ = run_json(state, "scan", "--link", bus.url, "--primary", "0-4", "--timeout", "0.1")
    assert (code, [(each["address"], each["collision"]) for each in out["found"]]) == (0, [(2, False)])


def test_the_delay_of_a_gateway_is_reported_and_stored(state: dict[str, str], tmp_path: Path) -> None:
    seconds = [1.2]
    with TcpBus([slave(2)], lambda: seconds[0]) as bus:
        code, _, err = run("read", "--link", bus.url, "--address", "2", environment=state)
        assert (code, err.count("answers are slow on this link")) == (0, 1)
        stored = next(tmp_path.rglob("response-times.toml")).read_text()
        assert bus.url in stored
        # The gateway answers one request after the other, for all clients together.
        until(lambda: bus.done == len(bus.requests))
        # Longer than the initial allowance of a link, and shorter than the learned one.
        before, seconds[0] = len(bus.requests), 0.8
        code, _, _ = run("read", "--link", bus.url, "--address", "2", environment=state)
        assert code == 0
        assert len(bus.requests) - before == 2, "nothing is asked twice any more"


@pytest.mark.parametrize("method", ["option", "link"])
def test_the_time_for_answers_can_be_set(method: str, state: dict[str, str], tmp_path: Path) -> None:
    with TcpBus([slave(2)], lambda: 1.2) as bus:
        link = bus.url if method == "option" else f"{bus.url}?timeout=2"
        arguments = ("--timeout", "2") if method == "option" else ()
        code, _, err = run("read", "--link", link, "--address", "2", *arguments, environment=state)
        assert (code, err) == (0, "")
        assert len(bus.requests) == 2
    assert not list(tmp_path.rglob("response-times.toml")), "what is set is not learned"


def test_a_stopped_scan_prints_the_slaves_found_so_far(state: dict[str, str]) -> None:
    with (
        TcpBus([slave(0)]) as bus,
        start(
            [*COMMAND, "scan", "--json", "--link", bus.url, "--primary", "0-250"],
            env=state,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        until(lambda: any(frame.a == 1 for frame in bus.requests))
        stop(process)
        out, err = process.communicate(timeout=TIMEOUT)
    printed = json.loads(out)
    assert (process.returncode, printed["error"], [each["address"] for each in printed["found"]]) == (1, "stopped", [0])
    assert "Traceback" not in err


@pytest.mark.parametrize("most", [pytest.param(float(os.environ.get("SLOWEST", "0.6")), id="")])
def test_a_series_is_read_completely_from_a_slow_slave(most: float, tmp_path: Path) -> None:
    """Times vary at random from answer to answer; with `SLOWEST=3` they are those of the slowest gateways."""

    def read(seed: int) -> bool:
        here, times = slave(2, sections=3), random.Random(seed)
        state = with_state_folder(tmp_path / str(seed))
        with TcpBus([here], lambda: times.uniform(0.1, most)) as bus:
            at = ("--address", "2") if seed % 2 else ("--id", "12345678")
            process = subprocess.run(
                [*COMMAND, "read", "--json", "--link", bus.url, *at],
                env=state,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
            )
        out = json.loads(process.stdout)
        exact = process.returncode == 0 and out["complete"] and is_exact(out["telegrams"], here)
        assert exact or process.returncode == 1, out
        return bool(exact)

    count = int(os.environ.get("READINGS", "4"))
    with ThreadPoolExecutor(4) as pool:
        exact = sum(pool.map(read, range(count)))
    print(f"{exact} of {count} readings were exact")
    assert exact >= count * 0.95
