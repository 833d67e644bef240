"""The command line as real processes: run to the end, or served and spoken to."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from typing import Any

from tests.helpers.waiting import WAIT_SECONDS

TIMEOUT = WAIT_SECONDS
COMMAND = (sys.executable, "-m", "cmi_gui")


def run(*arguments: str, stdin: str | bytes = "", environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
        env=environment,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    return done.returncode, out, err


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """`serve --json` once it is ready, and what it said."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--json", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=TIMEOUT)
        yield process, json.loads(line)
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT)


class Served:
    """A served module, on a free port unless `mbus` says otherwise, operated by control lines."""

    def __init__(self, *arguments: str, mbus: str = "tcp://127.0.0.1:0") -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--json", "--mbus", mbus, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._answers: Queue[dict[str, Any]] = Queue()
        self.notices: list[dict[str, Any]] = []
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_out),
            threading.Thread(target=self._read_err),
        ]
        for reader in self._readers:
            reader.start()
        try:
            self.ready = self._answers.get(timeout=TIMEOUT)
        except Empty:
            self.process.kill()
            self.end()
            raise AssertionError(f"it never got ready: {self.out} {self.err}") from None

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *unused: object) -> None:
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Wait for the process, and for all that it has said."""
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(TIMEOUT)
        for reader in self._readers:
            reader.join(TIMEOUT)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _read_out(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out.append(line)
            message = json.loads(line)
            if "notice" in message:
                self.notices.append(message)
            else:
                self._answers.put(message)

    def _read_err(self) -> None:
        assert self.process.stderr is not None
        self.err.extend(self.process.stderr)

    @property
    def mbus(self) -> str:
        return str(self.ready["mbus"])

    def say(self, line: str) -> dict[str, Any]:
        """A control line, and its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next answer."""
        return self._answers.get(timeout=TIMEOUT)

    def until(self, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask for the status until it is so."""
        give_up = time.monotonic() + TIMEOUT
        while time.monotonic() < give_up:
            status = self.say("status")
            if what(status):
                return status
            time.sleep(0.05)  # a real process has no virtual time
        raise AssertionError(f"it never came: {status}")

    def told(self, words: str) -> bool:
        """Whether a notice with these words comes, now or soon."""
        give_up = time.monotonic() + TIMEOUT
        while time.monotonic() < give_up:
            if any(words in notice["message"] for notice in self.notices):
                return True
            time.sleep(0.05)
        return False

    def no_more_answers(self) -> bool:
        try:
            self._answers.get(timeout=0.2)
        except Empty:
            return True
        return False
