"""A null-modem cable between two pseudo-terminals; a program opens each end like a serial port.

    with Cable(folder, char_bits=11) as cable:
        ...  # one program opens cable.a.path, another cable.b.path

A thread transfers the characters. Each takes the time that a UART needs for it at the sender's speed (`char_bits` bit
times: 11 on the M-Bus, 10 at a meter). The receiver gets it unchanged only if its speed is the same from first to last
bit; at another speed it gets what a UART would read. What is sent to an end that is not open is lost. A
pseudo-terminal has neither parity nor break, so the format is not compared.

`chars` has everything that was on the line, with its times by `time.perf_counter`.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from tests.helpers.cable_end import UPDATE_SECONDS, Char, End


class Cable:
    """The two ends `a` and `b`, whose ports are at `folder/NAME-a` and `folder/NAME-b`; see the module."""

    def __init__(self, folder: Path, *, char_bits: int, name: str = "tty") -> None:
        self.a = End("a", folder / f"{name}-a", char_bits)
        self.b = End("b", folder / f"{name}-b", char_bits)
        self.chars: list[Char] = []
        self._char_bits = char_bits
        self._steps: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._stopping = False
        self._waking, self._waker = socket.socketpair()
        self._relay = threading.Thread(target=self._run, name=f"cable {name}")

    def __enter__(self) -> Cable:
        for end in (self.a, self.b):
            end.plug_in()
        self._relay.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._waker.send(b"\0")
        self._relay.join()
        for end in (self.a, self.b):
            end.unplug()
        self._waking.close()
        self._waker.close()

    # Operations

    def unplug(self, end: End) -> None:
        """Unplug the adapter at this end: its port disappears, and characters on the line are lost."""
        self._do(end.unplug)

    def plug_in(self, end: End) -> None:
        """Plug the adapter in again: a new port appears at the same path."""
        self._do(end.plug_in)

    def noise(self, end: End, data: bytes) -> None:
        """Deliver characters to `end` that were not sent, as a UART may read them from a disturbed line."""

        def arrive() -> None:
            at = time.perf_counter()
            self.chars.extend(Char("noise", byte, at, at, at, end.baud, bytes((byte,))) for byte in data)
            end.give(data, at)

        self._do(arrive)

    def _do(self, step: Callable[[], None]) -> None:
        """Run a step on the relay's thread, which owns the ports, and wait until it is done."""
        done = threading.Event()
        self._steps.append((step, done))
        self._waker.send(b"\0")
        done.wait()

    # What was on the line

    def sent_by(self, end: End, since: int = 0) -> bytes:
        """Return what this end has sent, beginning with character `since` of `chars`."""
        return bytes(char.byte for char in self.chars[since:] if char.sender == end.name)

    # The relay

    def _run(self) -> None:
        timeout = 0.0
        while not self._stopping:
            watched = [end.master for end in (self.a, self.b) if end.master is not None and end.in_use]
            ready, _, _ = select.select([self._waking, *watched], [], [], timeout)
            if self._waking in ready:
                self._waking.recv(4096)
            while self._steps:
                step, done = self._steps.popleft()
                step()
                done.set()
            timeout = self._carry(time.perf_counter())

    def _carry(self, now: float) -> float:
        """Do everything that is due; return the seconds until the next step."""
        for end in (self.a, self.b):
            end.update(now)
            end.take_in(now)
        for sender, receiver in ((self.a, self.b), (self.b, self.a)):
            sender.begin(receiver)
            while (char := sender.finish(receiver, now)) is not None:
                self.chars.append(char)
                sender.sent += 1
                sender.begin(receiver)
        for end in (self.a, self.b):
            end.hand_over(now)
        due = now + UPDATE_SECONDS
        for end in (self.a, self.b):
            for at in (end.on_the_line.end if end.on_the_line is not None else None, end.lump_due):
                due = due if at is None else min(due, at)
        return max(0.0, due - now)
