"""A null-modem cable between two pseudo-terminals: each end is opened by a program as it would open a serial port.

    with Cable(folder, char_bits=11) as cable:
        ...  # one program opens cable.a.path, another cable.b.path

A thread carries the characters across. Each takes its time at the speed that its sender has set (`char_bits` bit times:
11 on the M-Bus, 10 at a meter), as a UART would need it, however many the sender wrote at once. The receiver gets it
whole only if it has set the same speed from its first bit to its last; at another speed it gets what a UART would read
there. What is sent to an end that nobody has open is lost. A pseudo-terminal keeps no parity and shows no break, so the
format is not compared.

All that was on the line is in `chars`, with its times by `time.monotonic`.
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

    # What can be done to it

    def unplug(self, end: End) -> None:
        """Take the adapter at this end out of its computer: the port is gone, what is under way is lost."""
        self._do(end.unplug)

    def plug_in(self, end: End) -> None:
        """Put it back: a new port at the same path."""
        self._do(end.plug_in)

    def noise(self, end: End, data: bytes) -> None:
        """Characters arrive at `end` that nobody sent, all at once: a UART may read them from a disturbed line."""

        def arrive() -> None:
            at = time.monotonic()
            self.chars.extend(Char("noise", byte, at, at, at, end.baud, bytes((byte,))) for byte in data)
            end.give(data, at)

        self._do(arrive)

    def _do(self, step: Callable[[], None]) -> None:
        """Have the relay do it, because the ports are its own; returns when it is done."""
        done = threading.Event()
        self._steps.append((step, done))
        self._waker.send(b"\0")
        done.wait()

    # What was on the line

    def sent_by(self, end: End, since: int = 0) -> bytes:
        """What this end has sent, from the `since`-th character of `chars` on."""
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
            timeout = self._carry(time.monotonic())

    def _carry(self, now: float) -> float:
        """Do all that is due; returns how long there is nothing to do."""
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
