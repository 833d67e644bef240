"""The command line as real processes: commands that end, and `serve`."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryFile
from typing import IO, Any, ClassVar, Final, Self

import pytest

from tests.helpers.waiting import WAIT_SECONDS

TIMEOUT = WAIT_SECONDS
COMMAND = (sys.executable, "-m", "cmi_gui")
# On Windows a process of another group is asked to stop without the tests being asked too.
_OWN_GROUP: Final = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """Start a process that `stop` can stop; its pipes carry text, unless `encoding` is None."""
    return subprocess.Popen(command, **{"encoding": "utf-8", "creationflags": _OWN_GROUP, **options})


def stop(process: subprocess.Popen[Any], number: int = signal.SIGINT) -> None:
    """Request an orderly end: by a signal, on Windows by Ctrl-Break, which needs a console."""
    if sys.platform != "win32":
        process.send_signal(number)
        return
    try:
        process.send_signal(signal.CTRL_BREAK_EVENT)
    except OSError:
        process.kill()
        pytest.skip("without a console a process of Windows cannot be asked to stop")


def run(*arguments: str, stdin: str | bytes = "", environment: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Run a command; return exit code, standard output and standard error."""
    given = stdin if isinstance(stdin, bytes) else stdin.encode()
    if hasattr(os, "fork") and len(given) < select.PIPE_BUF:
        code, out, err = _Forker.get().run(arguments, given, environment)
    else:
        done = subprocess.run(
            [*COMMAND, *arguments], input=given, capture_output=True, timeout=TIMEOUT, check=False, env=environment
        )
        code = done.returncode
        out, err = (text.decode().replace(os.linesep, "\n") for text in (done.stdout, done.stderr))
    assert "Traceback" not in out + err
    return code, out, err


def with_state_folder(folder: Path) -> dict[str, str]:
    """Return the environment with a folder for states; platformdirs reads the second variable on Windows."""
    return {**os.environ, "XDG_STATE_HOME": str(folder), "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(folder)}


_FORKER: Final = """
import gc, importlib, json, os, pkgutil, socket, sys
import cmi_gui.commands
from cmi_gui import __main__, cli
for module in pkgutil.iter_modules(cmi_gui.commands.__path__, "cmi_gui.commands."):
    importlib.import_module(module.name)
cli.app(["decode", "E5"], standalone_mode=False)  # imports what a command imports when it runs
gc.freeze()
control = socket.socket(fileno=int(sys.argv[1]))
while True:
    request, files, _, _ = socket.recv_fds(control, 1 << 20, 3)
    child = os.fork() if request else 0
    if not child:
        break
    for file in files:
        os.close(file)
    control.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
control.close()
if request:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    arguments, folder, environment = json.loads(request)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [__main__.__file__, *arguments]
    __main__.main()
"""


class _Forker:
    """A process that has imported the program and forks for each command, because importing takes most of the time."""

    _the_one: ClassVar[_Forker | None] = None

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(TIMEOUT)
        command = [sys.executable, "-c", _FORKER, str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
        )
        theirs.close()
        atexit.register(self._end)

    @classmethod
    def get(cls) -> _Forker:
        cls._the_one = cls._the_one or cls()
        return cls._the_one

    def run(self, arguments: Sequence[str], stdin: bytes, environment: dict[str, str] | None) -> tuple[int, str, str]:
        reading, writing = os.pipe()
        with open(reading, "rb") as given, TemporaryFile() as out, TemporaryFile() as err:
            os.write(writing, stdin)
            os.close(writing)
            request = json.dumps((arguments, os.getcwd(), environment or dict(os.environ))).encode()
            socket.send_fds(self._control, [request], [file.fileno() for file in (given, out, err)])
            code = int(self._control.recv(16))
            for file in (out, err):
                file.seek(0)
            return code, out.read().decode(), err.read().decode()

    def _end(self) -> None:
        self._control.close()
        self._process.wait(TIMEOUT)


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Yield `serve --json` when it is ready, and its first document."""
    process = start(
        [*COMMAND, "serve", "--json", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=TIMEOUT)
        yield process, json.loads(line)
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT)


class ReadProcess(ABC):
    """A command that runs on while threads read its output, line by line."""

    def __init__(self, *arguments: str) -> None:
        self.process = start(
            [*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        streams = ((self.process.stdout, self._take_out), (self.process.stderr, self._take_err))
        self._readers = [threading.Thread(target=self._read, args=pair) for pair in streams]
        for reader in self._readers:
            reader.start()

    @abstractmethod
    def _take_out(self, line: str) -> None:
        """Process a line of standard output, in the thread that has read it."""

    @abstractmethod
    def _take_err(self, line: str) -> None:
        """Process a line of standard error, in the thread that has read it."""

    @staticmethod
    def _read(stream: IO[str], take: Callable[[str], None]) -> None:
        for line in stream:
            take(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Wait for the end of the process and of its output."""
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        self.process.wait(TIMEOUT)
        for reader in self._readers:
            reader.join(TIMEOUT)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


class Served(ReadProcess):
    """A served module that is operated by control lines; on a free port unless `mbus` is given."""

    def __init__(self, *arguments: str, mbus: str = "tcp://127.0.0.1:0") -> None:
        self._answers: Queue[dict[str, Any]] = Queue()
        self.notices: list[dict[str, Any]] = []
        self.out: list[str] = []
        self.err: list[str] = []
        super().__init__("serve", "--json", "--mbus", mbus, *arguments)
        try:
            self.ready = self._answers.get(timeout=TIMEOUT)
        except Empty:
            self.process.kill()
            self.end()
            raise AssertionError(f"it was never ready: {self.out} {self.err}") from None

    def _take_out(self, line: str) -> None:
        self.out.append(line)
        message = json.loads(line)
        if "notice" in message:
            self.notices.append(message)
        else:
            self._answers.put(message)

    def _take_err(self, line: str) -> None:
        self.err.append(line)

    @property
    def mbus(self) -> str:
        return str(self.ready["mbus"])

    def send_line(self, line: str) -> dict[str, Any]:
        """Send a control line and return its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """Return the next answer."""
        return self._answers.get(timeout=TIMEOUT)

    def until(self, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Request the status until the condition holds; return it."""
        give_up = time.perf_counter() + TIMEOUT
        while time.perf_counter() < give_up:
            status = self.send_line("status")
            if what(status):
                return status
            time.sleep(0.05)  # a real process has no virtual time
        raise AssertionError(f"the condition never held: {status}")

    def has_notice(self, words: str) -> bool:
        """Return whether a notice with these words has come or comes soon."""
        give_up = time.perf_counter() + TIMEOUT
        while time.perf_counter() < give_up:
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
