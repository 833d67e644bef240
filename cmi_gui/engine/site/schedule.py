"""Times aligned to the clock: every 15 minutes is at :00, :15, :30 and :45."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from cmi_gui.engine.messages import InvalidValue, Message, marked

_FORM: Final = re.compile(r"\s*(\d{1,4})\s*(m|min|h)\s*", re.IGNORECASE | re.ASCII)
_DAY: Final = timedelta(days=1)


def parse_every(text: str) -> timedelta:
    """Return the interval of a text such as `15m` or `1h`. Raises InvalidValue with the reason."""
    match = _FORM.fullmatch(text)
    unit = timedelta(hours=1) if match and match[2].lower() == "h" else timedelta(minutes=1)
    every = int(match[1]) * unit if match else timedelta()
    if not every or every > _DAY or _DAY % every:
        template = marked("{0} is not an interval that divides a day: write it as 15m, 1h or 24h, at least 1m")
        raise InvalidValue(Message(template, (repr(text),)))
    return every


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times `every` so often, counted from local midnight; `zone`: the time zone, None is the system's.

    A slot is the time from one of them to the next. Where clocks are put forward or back, the slots follow the local
    time, so that one may be shorter or longer than `every`.
    """

    every: timedelta
    zone: tzinfo | None = None

    def slot(self, now: datetime) -> datetime:
        """Return the beginning of the slot of an aware time, in UTC."""
        local = now.astimezone(self.zone)
        passed = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        begin = int(passed / self.every) * self.every
        hours, seconds = divmod(int(begin.total_seconds()), 3600)
        return self._utc(local.replace(hour=hours, minute=seconds // 60, second=0, microsecond=0))

    def next(self, now: datetime) -> datetime:
        """Return the beginning of the slot after that of an aware time, in UTC.

        Where the local time jumps, it may be a time before that, at which `slot` is still the same.
        """
        slot = self.slot(now)
        local = self._utc(slot.astimezone(self.zone) + self.every)
        return min(time for time in (slot + self.every, local) if time > now)

    def _utc(self, local: datetime) -> datetime:
        """Return a local time in UTC, with the offset that applies at it."""
        if self.zone is None and local.astimezone().utcoffset() != local.utcoffset():
            # The system's local time jumps between this time and the one that gave the offset.
            local = local.replace(tzinfo=None)
        return local.astimezone(UTC)
