"""Intervals and slots: aligned to the local clock, also on the days on which it jumps."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.messages import InvalidValue
from cmi_gui.engine.site.schedule import Schedule, parse_every

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = [STOCKHOLM, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]
INTERVALS = ["1m", "5m", "15m", "30m", "1h", "2h", "24h"]


@pytest.mark.parametrize(
    ("text", "minutes"), [("15m", 15), (" 15 min ", 15), ("1h", 60), ("1H", 60), ("24h", 1440), ("1m", 1), ("90m", 90)]
)
def test_intervals(text: str, minutes: int) -> None:
    assert parse_every(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "15", "0m", "7m", "25h", "48h", "-15m", "1.5h", "15s", "m", "99999m", "٣m"])
def test_what_is_no_interval(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not an interval that divides a day: write it as 15m, 1h or 24h"):
        parse_every(text)


@pytest.mark.parametrize(
    ("every", "now", "slot", "after"),
    [
        ("15m", "2026-11-30T10:07:12+01:00", "2026-11-30T10:00+01:00", "2026-11-30T10:15+01:00"),
        ("15m", "2026-11-30T10:15:00+01:00", "2026-11-30T10:15+01:00", "2026-11-30T10:30+01:00"),
        ("24h", "2026-11-30T00:30:00+01:00", "2026-11-30T00:00+01:00", "2026-12-01T00:00+01:00"),
        # Spring: 02:00 is 03:00.
        ("15m", "2026-03-29T01:50:00+01:00", "2026-03-29T01:45+01:00", "2026-03-29T03:00+02:00"),
        ("24h", "2026-03-29T12:00:00+02:00", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
        # Autumn: 03:00 is 02:00 again.
        ("15m", "2026-10-25T02:50:00+02:00", "2026-10-25T02:45+02:00", "2026-10-25T02:00+01:00"),
        ("15m", "2026-10-25T02:50:00+01:00", "2026-10-25T02:45+01:00", "2026-10-25T03:00+01:00"),
        ("24h", "2026-10-25T23:30:00+01:00", "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"),
    ],
)
@pytest.mark.parametrize("system", [False, True], ids=["zone given", "zone of the system"])
def test_slots(every: str, now: str, slot: str, after: str, system: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if system:
        if not hasattr(time, "tzset"):
            pytest.skip("the zone of this system cannot be set")
        monkeypatch.setenv("TZ", "Europe/Stockholm")
        time.tzset()
    try:
        schedule = Schedule(parse_every(every), None if system else STOCKHOLM)
        at = datetime.fromisoformat(now)
        assert schedule.slot(at) == datetime.fromisoformat(slot)
        assert schedule.next(at) == datetime.fromisoformat(after)
    finally:
        if system:
            monkeypatch.undo()
            time.tzset()
            assert "TZ" not in os.environ or os.environ["TZ"] != "Europe/Stockholm"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(INTERVALS),
    st.sampled_from(ZONES),
)
def test_each_time_is_in_one_slot_and_the_next_one_comes(at: datetime, every: str, zone: ZoneInfo) -> None:
    schedule = Schedule(parse_every(every), zone)
    slot, after = schedule.slot(at), schedule.next(at)
    assert slot <= at < after
    assert schedule.slot(slot) == slot
    local = slot.astimezone(zone)
    assert local.second == 0
    if schedule.every <= timedelta(minutes=30):
        # A longer slot that begins where the local time jumps begins behind the jump.
        assert (local.hour * 60 + local.minute) * timedelta(minutes=1) % schedule.every == timedelta()
    # Nothing is left out: up to the next time, the slot is the same.
    assert schedule.slot(after - timedelta(microseconds=1)) == slot
    for _ in range(3):
        following = schedule.slot(after)
        if following != slot:
            break
        after = schedule.next(after)
    assert following > slot
