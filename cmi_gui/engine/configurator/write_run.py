"""Writing of several settings, each with its own result, at the address and speed that the module has by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cmi_gui.engine.cmi1020.commands import CommandInvalid, CommandTable
from cmi_gui.engine.configurator.plan import in_order
from cmi_gui.engine.configurator.session import Cancelled
from cmi_gui.engine.configurator.slaves import SlaveIdentity
from cmi_gui.engine.configurator.writing import WriteStage, prepare, write
from cmi_gui.engine.mbus.exchange import Procedure, ProcedureFailed
from cmi_gui.engine.mbus.slave_address import SlaveAddress
from cmi_gui.engine.messages import Argument, reason_of


class WriteOutcome(StrEnum):
    """The outcome of writing a row."""

    TAKEN = "taken"
    """Acknowledged, and the status after it shows no error."""
    REFUSED = "refused"
    """Acknowledged, and then reported as an application error; or never sent because nothing can carry the value."""
    NO_ANSWER = "no answer"
    """Not confirmed: it was not sent, or not acknowledged. The message says which."""
    UNSURE = "unsure"
    """Acknowledged with no answer since then, or cancelled after it was sent: it may have been carried out."""
    NOT_SENT = "not sent"
    """An earlier row failed, or the row was cancelled in time."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """The result of writing one row.

    `message`: one sentence, or empty. `status`: the status byte, None if it was not read.
    """

    row: str
    outcome: WriteOutcome
    message: Argument = ""
    status: int | None = None


class WriteRun:
    """One write of `changes` (texts by row id) to the module at `at`, in the order of `in_order`.

    `own_baud`, `expected`: as in `write`. `on_begun(row id, number, count)` is called before each row, and
    `on_ended(result)` after it, also for rows that were not sent. `on_sending(row id)` is called just before a row's
    command is sent; if it raises ProcedureFailed, nothing is sent. After a refused row the others are still sent; after
    any other failure, such as no answer, they are not. Attribute `at`: the module's present address.
    """

    def __init__(
        self,
        table: CommandTable,
        changes: Mapping[str, str],
        at: SlaveAddress,
        own_baud: int | None,
        *,
        expected: SlaveIdentity | None = None,
        on_begun: Callable[[str, int, int], object],
        on_ended: Callable[[RowResult], object],
        on_sending: Callable[[str], object] = lambda name: None,
    ) -> None:
        self.at = at
        self._table = table
        self._changes = dict(changes)
        self._own_baud = own_baud
        self._expected = expected
        self._rows = [row.id for row in in_order(table.profile.row(name) for name in changes)]
        self._on_begun, self._on_ended, self._on_sending = on_begun, on_ended, on_sending
        self._stage = WriteStage.BEGUN

    def procedure(self) -> Procedure[None]:
        """Write all rows. Never raises ProcedureFailed; the caller passes any other error to `stop`."""
        count = len(self._rows)
        alone: SlaveAddress | None = None
        while self._rows:
            name = self._rows[0]
            self._on_begun(name, count - len(self._rows) + 1, count)
            try:
                writing = prepare(self._table, self._table.profile.row(name), self._changes.pop(name), self.at)
                written = yield from write(
                    writing, self._own_baud, self._on_stage, expected=self._expected, alone=alone
                )
            except CommandInvalid as error:
                # No request was sent, so the module is still selected.
                self._end(WriteOutcome.REFUSED, reason_of(error))
            except ProcedureFailed as error:
                alone = None
                if error.code == "refused":
                    self._end(WriteOutcome.REFUSED, reason_of(error))
                else:
                    self.stop(error)
            else:
                alone = written.alone
                self._end(WriteOutcome.TAKEN, status=written.status)

    def stop(self, error: Exception) -> None:
        """End the row in progress and all waiting rows, because of an `error` or `Cancelled`."""
        cancelled = isinstance(error, Cancelled)
        if self._stage is WriteStage.ACKNOWLEDGED or (cancelled and self._stage is not WriteStage.BEGUN):
            outcome = WriteOutcome.UNSURE
        else:
            outcome = WriteOutcome.NOT_SENT if cancelled else WriteOutcome.NO_ANSWER
        self._changes.clear()
        if self._rows:
            self._end(outcome, "" if cancelled else reason_of(error))
        while self._rows:
            self._end(WriteOutcome.NOT_SENT)

    def _on_stage(self, stage: WriteStage, at: SlaveAddress) -> None:
        if stage is WriteStage.SENT:
            self._on_sending(self._rows[0])
        self._stage = stage
        if stage is WriteStage.ANSWERED:
            self.at = at

    def _end(self, outcome: WriteOutcome, message: Argument = "", status: int | None = None) -> None:
        self._stage = WriteStage.BEGUN
        self._on_ended(RowResult(self._rows.pop(0), outcome, message, status))
