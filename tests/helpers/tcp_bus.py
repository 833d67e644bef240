"""A gateway over TCP with scripted slaves behind it, in real time: slow, noisy, and shared wires of several slaves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from queue import Empty, Queue

from cmi_gui.engine.mbus.frame import Frame, FrameDecoder, GoodFrame
from tests.helpers.lossy_bus import BusSlave
from tests.helpers.waiting import WAIT_SECONDS


class TcpBus:
    """Slaves that answer one request after the other, each `delay()` seconds after it has begun with it.

    What several say to one request is one overlay, in which a space of any slave wins. `noise`: what is added to each
    request. `requests`: all that came; `done`: how many of them are answered, or are for nobody.
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
        self._heard: Queue[tuple[socket.socket, Frame]] = Queue()
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
                self._hear(connection)

    def _hear(self, connection: socket.socket) -> None:
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
                    self._heard.put((connection, event.frame))

    def _answer(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, request = self._heard.get(timeout=0.05)
            except Empty:
                continue
            answers = [answer for answer in (slave.hear(request) for slave in self._slaves) if answer]
            if answers:
                self._stopping.wait(self._delay())
                self._send(connection, _overlay(answers))
            self.done += 1

    def _send(self, connection: socket.socket, data: bytes) -> None:
        try:
            connection.sendall(data)
        except OSError:
            # The master has gone.
            return


def _overlay(answers: Sequence[bytes]) -> bytes:
    overlay = bytearray(b"\xff" * max(map(len, answers)))
    for answer in answers:
        for index, byte in enumerate(answer):
            overlay[index] &= byte
    return bytes(overlay)
