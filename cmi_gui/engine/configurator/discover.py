"""Scans for slaves on a bus, by primary and by secondary address, at several speeds and with progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cmi_gui.engine.clock import Clock
from cmi_gui.engine.configurator.slaves import ListedSlave, SlaveList
from cmi_gui.engine.mbus.exchange import Procedure, SetSpeed
from cmi_gui.engine.mbus.frame import ADDRESS_PRIMARY_MAX
from cmi_gui.engine.mbus.scan import ScanProgress, scan_primary
from cmi_gui.engine.mbus.search import SearchOptions, SearchState, SecondarySearch
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


@dataclass(frozen=True, slots=True)
class ScanStep:
    """One pass over the bus at `baud` bit/s: over primary addresses, or over all slaves that fit a mask of 8 bytes."""

    baud: int
    addresses: range | None = None
    mask: bytes | None = None


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """The range of a scan: primary `addresses`, `mask` (see `search_secondary`), and `bauds`, the speeds in bit/s.

    Raises InvalidValue without a speed, or with neither addresses nor a mask.
    """

    addresses: range | None
    mask: bytes | None
    bauds: tuple[int, ...]

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

    `found` is called with each new or updated entry, `progress` after each address or mask. `serials`: a search by
    secondary address stops when it has found all of these modules. `rest`: continue an interrupted scan of the same
    plan. `has_speed`: see `SearchOptions`.
    Attributes: `step` counts from 0; `done` is the finished part of the step, 0 to 1; `where` is the address or mask
    of the last request.
    """

    def __init__(
        self,
        plan: ScanPlan,
        slaves: SlaveList,
        clock: Clock,
        *,
        found: Callable[[ListedSlave], None],
        progress: Callable[[], None],
        serials: frozenset[str] = frozenset(),
        has_speed: bool = False,
        rest: ScanRest | None = None,
    ) -> None:
        self.steps = plan.steps
        self.step = 0
        self.done = 0.0
        self.where = ""
        self.entries: list[ListedSlave] = [] if rest is None else list(rest.entries)
        """The entries found so far."""
        self.has_enough = False
        """True if the scan stopped because all `serials` were found."""
        self._serials = serials
        self._has_speed = has_speed
        self._continued = rest
        self._address: int | None = None
        self._search: SecondarySearch | None = None
        self._done_before = 0.0
        """The part of the step that an interrupted scan had done."""
        self._slaves = slaves
        self._clock = clock
        self._on_found = found
        self._on_progress = progress
        self._begun_at = self._updated_at = clock.now()
        self._unanswered = 0
        self._unanswered_seconds = 0.0

    @property
    def current(self) -> ScanStep:
        """The running step."""
        return self.steps[self.step]

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end of the step, from the time taken so far; None until there is an estimate."""
        addresses = self.current.addresses
        if addresses is not None:
            # Hardly any address answers, and each that does not answer takes the same time.
            left = round(len(addresses) * (1.0 - self.done))
            return left * self._unanswered_seconds / self._unanswered if self._unanswered else None
        done = self.done - self._done_before
        if done <= 0.0:
            return None
        return (self._updated_at - self._begun_at) * (1.0 - self.done) / done

    @property
    def continues(self) -> bool:
        """True if this scan continues an interrupted one."""
        return self._continued is not None

    @property
    def rest(self) -> ScanRest:
        """What the scan has not done, to continue it after an interruption."""
        search = None if self._search is None else self._search.state
        return ScanRest(self.step, self._address, search, tuple(self.entries))

    def procedure(self) -> Procedure[None]:
        """Scan; run it only once. For errors see `search_secondary`."""
        rest = self._continued
        if rest is None:
            self._slaves.begin_scan()
        for number, step in enumerate(self.steps):
            if rest is not None and number < rest.step:
                continue
            self.step = number
            self._address, self._search = None, None
            self.done, self.where = 0.0, ""
            self._unanswered, self._unanswered_seconds = 0, 0.0
            # Set only now, because opening the link and earlier jobs in the queue also take time.
            self._begun_at = self._updated_at = self._clock.now()
            yield SetSpeed(step.baud)
            again = rest if rest is not None and number == rest.step else None
            if step.addresses is not None:
                yield from self._scan_addresses(step, again)
            elif step.mask is not None:
                yield from self._search_mask(step.mask, again)
        self.done = 1.0

    def _scan_addresses(self, step: ScanStep, rest: ScanRest | None) -> Procedure[None]:
        assert step.addresses is not None
        if rest is not None and rest.address is not None:
            step = self.steps[self.step] = replace(step, addresses=range(rest.address, step.addresses.stop))
        addresses = step.addresses
        assert addresses is not None
        self._address = addresses.start
        if addresses:
            yield from scan_primary(addresses, self._take_progress)

    def _search_mask(self, mask: bytes, rest: ScanRest | None) -> Procedure[None]:
        state = None if rest is None else rest.search
        options = SearchOptions(serials=self._serials, has_speed=self._has_speed, state=state)
        self._done_before = 0.0 if state is None else -1.0
        self._search = SecondarySearch(mask, self._take_progress, options)
        yield from self._search.procedure()
        self.has_enough = self._search.has_enough

    def _take_progress(self, progress: ScanProgress) -> None:
        now, found = self._clock.now(), progress.found
        if found is None:
            self._unanswered += 1
            self._unanswered_seconds += now - self._updated_at
        self.done, self._updated_at, self.where = progress.done, now, progress.at.where
        if progress.at.primary is not None:
            self._address = progress.at.primary + 1
        if self._done_before < 0.0:
            # The first mask of a continued search tells how far it was.
            self._done_before, self._begun_at = self.done, now
        if found is not None:
            entry = self._slaves.take_found(found, self.current.baud)
            if entry not in self.entries:
                self.entries.append(entry)
            self._on_found(entry)
        self._on_progress()
