"""One write to many modules: the differences between what they have and what is wanted of them.

Per module: identity read, a snapshot before the first write of the visit, settings, addresses, all of it read back, and
the speed last, confirmed at the new speed before the next module. A module in trouble is named with its cause, and the
batch goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.secrets import Secret
from cmi_gui.engine.mbus.exchange import Procedure
from cmi_gui.engine.messages import Argument, Message
from cmi_gui.engine.site.journal import Journal
from cmi_gui.engine.site.model import Site, SiteModule


class ModuleOutcome(StrEnum):
    """The outcome of a batch for one module."""

    DONE = "done"
    """It has everything that was wanted of it."""
    FAILED = "failed"
    """Something was not written; the message says why. The row shows what it has."""
    UNSURE = "unsure"
    """Something may have been written; the message says what."""
    NOT_BEGUN = "not begun"
    """The batch was stopped before it."""


@dataclass(frozen=True, slots=True)
class ModuleResult:
    """The result of a batch for one module; `message`: the cause of trouble, else empty."""

    module: SiteModule
    outcome: ModuleOutcome
    message: Argument = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch: one for each module, in the order of the batch; `stopped`: why it was stopped, or None."""

    results: tuple[ModuleResult, ...]
    stopped: Message | None = None

    def count(self, outcome: ModuleOutcome) -> int:
        """Return the number of modules with this outcome."""
        return sum(result.outcome is outcome for result in self.results)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """The progress of a batch: the module in progress, its number, counted from 1, of `count`, and what is done."""

    module: SiteModule
    number: int
    count: int
    doing: Message


class Batch:
    """One write to the `modules` of a site: those with differences, in an order in which no two share an address.

    `journal`: of the site. `now`: returns the time, aware, in UTC. `own_baud`: as in `write`. `secrets`: the passwords
    by the ids of their settings, for the rows that have them in `wanted_secrets`. `on_change(module)` is called after
    each change to a row, `on_progress` before each step.

    The first module goes alone: run `procedure(1)`, let the user decide, then run `procedure()` for the rest. A
    procedure that is cancelled, or whose link is lost, leaves the row of its module unsure if something may have been
    sent. Save the site afterwards, then clear the journal.

    Attributes: `waiting`: the modules not begun, in order. `results`: those of the others. `stopped`: as in
    `BatchResult`.
    """

    def __init__(
        self,
        site: Site,
        modules: Sequence[SiteModule],
        table: CommandTable,
        journal: Journal,
        now: Callable[[], datetime],
        *,
        own_baud: int | None,
        secrets: Mapping[str, Secret] | None = None,
        on_change: Callable[[SiteModule], object] = lambda module: None,
        on_progress: Callable[[BatchProgress], object] = lambda progress: None,
    ) -> None:
        self.waiting: list[SiteModule] = []
        self.results: list[ModuleResult] = []
        self.stopped: Message | None = None
        raise NotImplementedError

    @property
    def result(self) -> BatchResult:
        """The result so far; modules not begun are in it as `NOT_BEGUN`."""
        raise NotImplementedError

    def procedure(self, count: int | None = None) -> Procedure[BatchResult]:
        """Write the next `count` modules, or all that are left. Never raises ProcedureFailed."""
        raise NotImplementedError
