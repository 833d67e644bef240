"""Scans for slaves on a bus, by primary and by secondary address, at several speeds and with progress."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.mbus.exchange import Procedure, SetSpeed
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX
from cmi_gui.engine.mbus.scan import ScanProgress, scan_primary
from cmi_gui.engine.mbus.search import PLAIN, SecondarySearch
from cmi_gui.engine.mbus.search_record import SearchOptions
from cmi_gui.engine.mbus.search_state import SearchState
from cmi_gui.engine.messages import InvalidValue, Message, marked


def parse_range(text: str) -> range:
    """Return the primary addresses of a text such as `5` or `0-250`. Raises InvalidValue with the reason."""
    first, dash, last = text.partition("-")
    try:
        low, high = int(first), int(last if dash else first)
    except ValueError:
        template = marked("{0} is not a range of primary addresses; write it as 5 or 0-{1}")
        raise InvalidValue(Message(template, (repr(text), ADDRESS_PRIMARY_MAX))) from None
    if not 0 <= low <= high <= ADDRESS_PRIMARY_MAX:
        template = marked("primary addresses are 0 to {0}, the lower one first, not {1}")
        raise InvalidValue(Message(template, (ADDRESS_PRIMARY_MAX, text)))
    return range(low, high + 1)


_NO_REQUEST = 0.01
"""Seconds that every request takes at least; what is reported sooner was reported without one."""


@dataclass(frozen=True, slots=True)
class ScanStep:
    """One pass over the bus at `baud` bit/s: over primary addresses, or over all slaves that fit a mask of 8 bytes."""

    baud: int
    addresses: range | None = None
    mask: bytes | None = None


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """The range of a scan: primary `addresses`, `mask` (see `SecondarySearch`), and `bauds`, the speeds in bit/s.

    `options`: of the searches by mask; the expected slaves are those of all speeds together, and a state is that of the
    first speed. Raises InvalidValue without a speed, or with neither addresses nor a mask.
    """

    addresses: range | None
    mask: bytes | None
    bauds: tuple[int, ...]
    options: SearchOptions = PLAIN

    def __post_init__(self) -> None:
        if not self.bauds:
            raise InvalidValue(Message("a scan needs at least one speed"))
        if not self.addresses and self.mask is None:
            raise InvalidValue(Message("a scan needs primary addresses, a mask, or both"))

    @property
    def steps(self) -> list[ScanStep]:
        """The passes, one speed after the other; primary addresses first, because their duration is known."""
        steps = []
        for baud in self.bauds:
            if self.addresses:
                steps.append(ScanStep(baud, addresses=self.addresses))
            if self.mask is not None:
                steps.append(ScanStep(baud, mask=self.mask))
        return steps


@dataclass(frozen=True, slots=True)
class ScanRest:
    """What an interrupted scan has not done: everything from a step on, and of this step what follows.

    `address`: the first primary address that was not tried; `search`: how far the search by secondary address is.
    `entries`: what the scan has found.
    """

    step: int
    address: int | None
    search: SearchState | None
    entries: tuple[ListedSlave, ...]


class Scan:
    """A scan that adds the slaves it finds to a `SlaveList`, where they stay when it is stopped; run by `procedure`.

    `found` is called with each new or updated entry, `progress` after each address or mask. `rest`: continue an
    interrupted scan of the same plan.
    Attributes: `step` counts from 0; `done` is the finished part of the step, 0 to 1; `where` is the address or mask
    of the last request; `search` is the last search by mask, whose state allows to continue; `complete`: nothing was
    left out, as it is after a stop because the expected slaves were found.
    """

    def __init__(
        self,
        plan: ScanPlan,
        slaves: SlaveList,
        clock: Clock,
        *,
        found: Callable[[ListedSlave], None],
        progress: Callable[[], None],
        rest: ScanRest | None = None,
    ) -> None:
        self.steps = plan.steps
        self.step = 0
        self.done = 0.0
        self.where = ""
        self.search: SecondarySearch | None = None
        self.complete = False
        self._repeated = 0
        """`repeated` of the searches at other speeds that have ended."""
        self._options = plan.options if rest is None else replace(plan.options, state=rest.search)
        self._continued = rest
        self._address: int | None = None
        self._open = 0
        self.entries: list[ListedSlave] = [] if rest is None else list(rest.entries)
        """The entries found so far."""
        self._slaves = slaves
        self._clock = clock
        self._on_found = found
        self._on_progress = progress
        self._begun_at = self._updated_at = clock.now()
        self._found_before = 0
        self._unanswered = 0
        self._unanswered_seconds = 0.0
        self._shortest = 0.0
        """The least time that an address or a mask without an answer took, in seconds."""

    @property
    def current(self) -> ScanStep:
        """The running step."""
        return self.steps[self.step]

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end of the step, from the time taken so far; None until there is an estimate.

        With a mask it is the time until the expected slaves are found; without them it takes at least that long
        (`takes_longer`), because how many slaves are still to be found is not known.
        """
        addresses = self.current.addresses
        if addresses is not None:
            # Hardly any address answers, and each that does not answer takes the same time.
            left = round(len(addresses) * (1.0 - self.done))
            return left * self._unanswered_seconds / self._unanswered if self._unanswered else None
        if self._expected is None:
            return self._open * self._shortest or None
        found = len(self._identified)
        if found == self._found_before:
            return None
        apart = (self._updated_at - self._begun_at) / (found - self._found_before)
        return apart * max(0, self._expected - found)

    @property
    def takes_longer(self) -> bool:
        """True if `seconds_left` is only the least that the step can take."""
        return self.current.addresses is None and self._expected is None

    @property
    def has_enough(self) -> bool:
        """True if the scan stopped because all expected slaves were found."""
        return self.search is not None and self.search.record.has_enough

    @property
    def warning(self) -> Message | None:
        """A sentence that slaves may be missing because answers are lost on the line; None without a sign of that."""
        repeated = self._repeated + (0 if self.search is None else self.search.record.repeated)
        if not repeated:
            return None
        template = marked(
            "answers are lost on this bus: modules that answered only when they were asked again: {0}. Others may be"
            " missing: check the cables and the number of modules, and search again"
        )
        return Message(template, (repeated,))

    @property
    def continues(self) -> bool:
        """True if this scan continues an interrupted one."""
        return self._continued is not None

    @property
    def rest(self) -> ScanRest:
        """What the scan has not done, to continue it after an interruption."""
        state = None if self.search is None or self.current.mask is None else self.search.state
        return ScanRest(self.step, self._address, state, tuple(self.entries))

    @property
    def _expected(self) -> int | None:
        return self._options.expected or len(self._options.serials) or None

    @property
    def _identified(self) -> list[ListedSlave]:
        return [entry for entry in self.entries if entry.identity is not None]

    def procedure(self) -> Procedure[None]:
        """Scan; run it only once. For errors see `SecondarySearch`."""
        rest = self._continued
        if rest is None:
            self._slaves.begin_scan()
        for number, step in enumerate(self.steps):
            if rest is not None and number < rest.step:
                continue
            self.step = number
            self._address = None
            self.done, self.where = 0.0, ""
            self._unanswered, self._unanswered_seconds = 0, 0.0
            self._found_before = len(self._identified)
            # Set only now, because opening the link and earlier jobs in the queue also take time.
            self._begun_at = self._updated_at = self._clock.now()
            yield SetSpeed(step.baud)
            if step.addresses is not None:
                first = rest.address if rest is not None and number == rest.step else None
                yield from self._scan_addresses(step.addresses, first)
            elif step.mask is not None:
                self._repeated += 0 if self.search is None else self.search.record.repeated
                self.search = SecondarySearch(step.mask, self._take_progress, self._rest_of_options())
                yield from self.search.procedure()
                if not self.search.complete:
                    return
        self.done, self.complete = 1.0, True

    def _scan_addresses(self, addresses: range, first: int | None) -> Procedure[None]:
        """Scan addresses, from `first` on if an interrupted scan is continued."""
        if first is not None:
            addresses = range(first, addresses.stop)
            self.steps[self.step] = replace(self.current, addresses=addresses)
        self._address = addresses.start
        if addresses:
            yield from scan_primary(addresses, self._take_progress)

    def _rest_of_options(self) -> SearchOptions:
        """Return the options of a search for the slaves that those at other speeds have left."""
        options, self._options = self._options, replace(self._options, state=None)
        if self.search is None:
            return options
        entries = self._identified
        names = {entry.identity.fabrication or entry.identity.id for entry in entries if entry.identity is not None}
        expected = None if options.expected is None else max(1, options.expected - len(entries))
        return replace(options, expected=expected, serials=options.serials - names)

    def _take_progress(self, progress: ScanProgress) -> None:
        now, found = self._clock.now(), progress.found
        self._open = progress.open
        if found is None:
            self._unanswered += 1
            self._unanswered_seconds += now - self._updated_at
            if now - self._updated_at > _NO_REQUEST:
                self._shortest = min(self._shortest or math.inf, now - self._updated_at)
        self.done, self._updated_at, self.where = progress.done, now, progress.at.where
        if progress.at.primary is not None:
            self._address = progress.at.primary + 1
        if found is not None:
            entry = self._slaves.take_found(found, self.current.baud)
            if entry not in self.entries:
                self.entries.append(entry)
            self._on_found(entry)
        self._on_progress()
