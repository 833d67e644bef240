"""The schedule of cyclic readouts, and the loss of contact after failures.

No I/O, no clock: `tick` returns whether a readout is to start; `succeeded`, `failed` or `abandoned` must be called at
its end.
"""

from __future__ import annotations

DEFAULT_INTERVAL = 60.0
"""Seconds from the start of a readout to the next."""
RETRY_AFTER = 5.0
"""Seconds from a failed readout to the next try."""
FAILURES_TO_LOSE_CONTACT = 3


class ReadoutSchedule:
    """A schedule of readouts. Times in seconds. `interval`: 1 to 86 400, else ValueError is raised."""

    def __init__(self, interval: float = DEFAULT_INTERVAL) -> None:
        self.interval = self._checked(interval)
        """Seconds from start to start; changed by `set_interval`."""
        self._started_at: float | None = None
        self.running = False
        self.paused = False
        self.contact = False
        self.failures = 0
        """Failed readouts in a row."""
        self.next_at: float | None = None
        """The time when the next readout is due; None while one runs, while paused, and without power."""

    @staticmethod
    def _checked(interval: float) -> float:
        if not 1.0 <= interval <= 86_400.0:
            raise ValueError(f"the readout interval is 1 to 86400 seconds, not {interval:g}")
        return interval

    def set_interval(self, interval: float, now: float) -> None:
        """Change the interval; it counts from the last start. Raises ValueError outside 1 to 86 400 s."""
        self.interval = self._checked(interval)
        if self.next_at is not None and self.contact and self._started_at is not None:
            self.next_at = max(now, self._started_at + self.interval)

    def power_on(self, now: float) -> None:
        """Restart the schedule: read at once, unless paused; there is no contact before the first success."""
        self.power_off()
        if not self.paused:
            self.next_at = now

    def postpone(self, seconds: float) -> None:
        """Make the next readout later; no effect when none is planned."""
        if self.next_at is not None:
            self.next_at += seconds

    def power_off(self) -> None:
        """Clear contact, failures and planned readouts."""
        self.running = self.contact = False
        self.failures = 0
        self.next_at = self._started_at = None

    def pause(self, paused: bool, now: float) -> None:
        """Pause readouts, or resume them at once. A pause is not a loss of contact."""
        if paused == self.paused:
            return
        self.paused = paused
        if paused:
            self.next_at = None
        elif not self.running:
            self.next_at = now

    def read_now(self, now: float) -> None:
        """Plan a readout as soon as possible; no effect while one runs or reading is paused."""
        if not self.running and not self.paused:
            self.next_at = now

    def tick(self, now: float) -> bool:
        """Return whether a readout is to start now; it then counts as running."""
        if self.next_at is None or now < self.next_at:
            return False
        self.next_at = None
        self.running = True
        self._started_at = now
        return True

    def succeeded(self, now: float) -> None:
        """Process a complete readout."""
        self.running = False
        self.failures = 0
        self.contact = True
        started = now if self._started_at is None else self._started_at
        self.next_at = None if self.paused else max(now, started + self.interval)

    def failed(self, now: float) -> None:
        """Process a failed readout; the third in a row loses contact."""
        self.running = False
        self.failures += 1
        if self.failures >= FAILURES_TO_LOSE_CONTACT:
            self.contact = False
        self.next_at = None if self.paused else now + RETRY_AFTER

    def abandoned(self, now: float) -> None:
        """Process a cancelled readout, which is neither success nor failure."""
        self.running = False
        self.next_at = None if self.paused else now
