"""Writing several settings one after the other, each with its own result, following the module where it goes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.configurator.plan import in_order, prepared
from cmi_gui.engine.configurator.session import Cancelled, MasterSession
from cmi_gui.engine.configurator.writing import (
    Target,
    Writing,
    find_again,
    is_silence,
    read_status,
    send,
    stays_at_its_speed,
)
from cmi_gui.engine.mbus.master import Answer, Exchange, ProcedureFailed
from cmi_gui.engine.messages import Argument, reason_of

Value = TypeVar("Value")


class Outcome(StrEnum):
    """How writing a row ended."""

    TAKEN = "taken"
    """Acknowledged, and the status after it says nothing against it."""
    REFUSED = "refused"
    """Acknowledged, and then reported as an application error; or never sent because nothing can carry the value."""
    NO_ANSWER = "no answer"
    """Not acknowledged: most likely not done."""
    UNSURE = "unsure"
    """Acknowledged, but the module does not answer since, or it was stopped on its way: it may be done."""
    NOT_SENT = "not sent"
    """Something before it went wrong, or it was cancelled in time."""


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one row.

    `message`: one sentence of the engine's, empty where there is nothing to say. `status`: the status byte, if told.
    """

    row: str
    outcome: Outcome
    message: Argument = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module is reached: its target, and the speed in bit/s (None: the session's own)."""

    target: Target
    baud: int | None = None


class WriteRun:
    """Sends `changes` (texts by row id) in the order of `in_order`. Callbacks, all on the thread of the session:

    `begun(row id, number, of how many)` before a row; `ended(result)` after it, also for rows that were not sent;
    `over(place)` at the very end, with where the module is reached from now on. A refused row does not keep the others
    back; a module that does not answer does, for it would not hear them either. After a change of speed it is looked
    for once at the other speed too: what got lost may have been its acknowledgement, or it may not have this speed.
    """

    def __init__(
        self,
        session: MasterSession,
        table: CommandTable,
        changes: Mapping[str, str],
        place: Place,
        *,
        begun: Callable[[str, int, int], object],
        ended: Callable[[Result], object],
        over: Callable[[Place], object],
    ) -> None:
        self._session = session
        self._table = table
        self._changes = dict(changes)
        self._rows = [row.id for row in in_order(table.profile.row(name) for name in changes)]
        self._at = -1
        self._place = place
        self._begun, self._ended, self._over = begun, ended, over
        self._stop: Callable[[], None] | None = None
        self._sending = False
        self._acknowledged = False

    def start(self) -> None:
        """Begin; the first callback may come before this returns."""
        self._next()

    def cancel(self) -> None:
        """Stop: the row under way is told as not sent, or as unsure once its command went out; harmless at the end."""
        if self._stop is not None:
            self._stop()

    def _next(self) -> None:
        self._at += 1
        if self._at >= len(self._rows):
            self._changes.clear()
            self._over(self._place)
            return
        name = self._rows[self._at]
        self._sending = self._acknowledged = False
        self._begun(name, self._at + 1, len(self._rows))
        try:
            writing = prepared(self._table, self._table.profile.row(name), self._changes[name], self._place.target)
        except CommandInvalid as error:
            self._end(Outcome.REFUSED, error.message)
            return
        self._run(
            self._watched(writing),
            lambda _: self._sent(writing),
            lambda error: self._not_acknowledged(writing, error),
            self._place.baud,
        )

    def _watched(self, writing: Writing) -> Generator[Exchange, Answer, None]:
        """Send it, and see when the command itself goes out: who stops then cannot know whether it was heard."""
        procedure = send(writing)
        try:
            exchange = next(procedure)
            while True:
                self._sending = self._sending or exchange.frame is writing.frame
                exchange = procedure.send((yield exchange))
        except StopIteration:
            return

    def _place_after(self, writing: Writing) -> Place:
        # A speed is only worth following where the link has one.
        moved = writing.baud is not None and self._session.has_speed
        return Place(writing.then, writing.baud if moved else self._place.baud)

    def _changes_speed(self, writing: Writing) -> bool:
        return (self._place_after(writing).baud or self._session.baud) != (self._place.baud or self._session.baud)

    def _sent(self, writing: Writing) -> None:
        self._acknowledged = True
        place = self._place_after(writing)

        def not_there(error: Exception) -> None:
            if self._changes_speed(writing) and is_silence(error):
                stayed = Place(writing.then, self._place.baud)
                self._read(find_again(writing), stayed, lambda _: self._stayed(writing), lambda _: self._failed(error))
            else:
                self._failed(error)

        self._read(read_status(writing), place, self._taken, not_there)

    def _not_acknowledged(self, writing: Writing, error: Exception) -> None:
        if self._sending and self._changes_speed(writing) and is_silence(error):
            place = self._place_after(writing)
            self._read(find_again(writing), place, self._taken, lambda _: self._failed(error))
        else:
            self._failed(error)

    def _read(
        self,
        procedure: Generator[Exchange, Answer, int],
        place: Place,
        answered: Callable[[int], None],
        not_there: Callable[[Exception], None],
    ) -> None:
        """Read the status byte at `place`: wherever it comes from, there the module is from now on."""

        def done(status: int) -> None:
            self._place = place
            answered(status)

        def failed(error: Exception) -> None:
            if _code(error) == "refused":
                self._place = place
            if is_silence(error):
                not_there(error)
            else:
                self._failed(error)

        self._run(procedure, done, failed, place.baud)

    def _taken(self, status: int) -> None:
        self._end(Outcome.TAKEN, status=status)

    def _stayed(self, writing: Writing) -> None:
        self._end(Outcome.REFUSED, stays_at_its_speed(writing))

    def _run(
        self,
        procedure: Generator[Exchange, Answer, Value],
        done: Callable[[Value], None],
        failed: Callable[[Exception], None],
        baud: int | None,
    ) -> None:
        job = self._session.run(procedure, done, failed, baud=baud)
        if not job.over:
            self._stop = lambda: self._session.cancel(job)

    def _failed(self, error: Exception) -> None:
        self._stop = None
        message = "" if isinstance(error, Cancelled) else reason_of(error)
        if _code(error) == "refused":
            self._end(Outcome.REFUSED, message)
        elif self._acknowledged:
            self._give_up(Outcome.UNSURE, message)
        else:
            in_time = Outcome.UNSURE if self._sending else Outcome.NOT_SENT
            self._give_up(in_time if isinstance(error, Cancelled) else Outcome.NO_ANSWER, message)

    def _give_up(self, outcome: Outcome, message: Argument) -> None:
        """End this row and all that wait behind it."""
        waiting, self._rows = self._rows[self._at + 1 :], self._rows[: self._at + 1]
        self._ended(Result(self._rows[self._at], outcome, message))
        for name in waiting:
            self._ended(Result(name, Outcome.NOT_SENT))
        self._next()

    def _end(self, outcome: Outcome, message: Argument = "", status: int | None = None) -> None:
        self._stop = None
        self._ended(Result(self._rows[self._at], outcome, message, status))
        self._next()


def _code(error: Exception) -> str:
    return error.code if isinstance(error, ProcedureFailed) else ""
