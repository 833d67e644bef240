"""Local times outside the years that Windows knows."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine import clock
from cmi_gui.engine.clock import local_time, seconds_of


class _WindowsTime(datetime):
    """A time with the limits of Windows."""

    def astimezone(self, tz: tzinfo | None = None) -> datetime:
        if tz is None and not 1970 <= self.year <= 3000:
            raise OSError(22, "Invalid argument")
        return super().astimezone(tz)

    def timestamp(self) -> float:
        if self.tzinfo is None and not datetime(1970, 1, 2) <= self < datetime(3001, 1, 1):
            raise OSError(22, "Invalid argument")
        return super().timestamp()


@given(st.integers(-62_000_000_000, 250_000_000_000).map(lambda each: each / 16))
def test_a_time_comes_back(seconds: float) -> None:
    moment = local_time(seconds)
    assert moment.utcoffset() is not None
    assert moment == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert seconds_of(moment) == seconds


@pytest.mark.parametrize("seconds", [-86_400.0, -1.0, 4e10])
def test_outside_the_years_of_windows_standard_time_counts(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_EPOCH", _WindowsTime(1970, 1, 1, tzinfo=UTC))
    moment = local_time(seconds)
    assert moment.utcoffset() == timedelta(seconds=-time.timezone)
    assert seconds_of(moment) == seconds


def test_the_first_day_of_1970_is_a_time_of_a_log() -> None:
    moment = _WindowsTime(1970, 1, 1, 0, 0, 12)
    with pytest.raises(OSError, match="Invalid"):
        moment.timestamp()
    assert seconds_of(moment) == 12 + time.timezone
