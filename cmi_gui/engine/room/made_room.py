"""Plausible rooms, made by chance and repeatable: modules as they are delivered, meters that have counted."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from cmi_gui.engine.bus.response_time import AS_SOLD, ResponseTime
from cmi_gui.engine.messages import InvalidValue, Message, out_of_range
from cmi_gui.engine.room.room_file import MAX_MODULES, MAX_SEED, Room, module_seed, registers_of
from cmi_gui.engine.station.metering_point import PointConfig
from cmi_gui.engine.station.simulated_meter import USED_METER

_VARIANTS: Final = {"M23": 1, "M26": 3, "M27": 3, "M29": 6, "M55": 2, "full": 1}
"""How often each variant occurs. Assumption."""
_FIRST_SERIAL: Final = 50_100_001
_FIRST_METER: Final = 33_400_001


def make_room(count: int, seed: int = 1, *, readout_interval: float = 60.0) -> Room:
    """Return a room of `count` modules, 1 to 250, all with factory settings.

    `seed`: as in a room file. `readout_interval`: in seconds. The first modules of a larger room of the same seed are
    those of a smaller one. Raises ValueError for a number or seed outside its range.
    """
    if not 1 <= count <= MAX_MODULES:
        raise InvalidValue(out_of_range(Message("the number of modules"), 1, MAX_MODULES, count))
    if not 0 <= seed <= MAX_SEED:
        raise InvalidValue(out_of_range(Message("the seed of a room"), 0, MAX_SEED, seed))
    random = Random(f"room {seed}")  # noqa: S311 - repeatable, not secret
    serials, meters = _numbers(random, _FIRST_SERIAL, 8), _numbers(random, _FIRST_METER, 200)
    return Room(seed, tuple(_point(random, seed, next(serials), next(meters), readout_interval) for _ in range(count)))


def _numbers(random: Random, first: int, most: int) -> Iterator[str]:
    """Yield the numbers of devices of a delivery: rising, with gaps up to `most`."""
    number = first + random.randrange(90_000)
    while True:
        yield f"{number:08d}"
        number += random.randint(1, most)


def _point(random: Random, seed: int, serial: str, meter: str, readout_interval: float) -> PointConfig:
    (variant,) = random.choices(list(_VARIANTS), list(_VARIANTS.values()))
    return PointConfig(
        serial,
        variant=variant,
        seed=module_seed(seed, serial),
        response=ResponseTime(high=AS_SOLD),
        readout_interval=readout_interval,
        registers=_registers(random.uniform(0.02, 2.0), variant),
        meter_number=meter,
    )


def _registers(share: float, variant: str) -> dict[str, int]:
    """Return `share` of the energy of a used meter: the rates of a variant, and the totals that have none."""
    codes = registers_of(variant)
    with_rates = {code[:-1] for code in codes if not code.endswith("0")}
    registers = {}
    for code in codes:
        rates = [wh for used, wh in USED_METER.items() if used.startswith(code[:-1])]
        if not code.endswith("0"):
            registers[code] = round(share * USED_METER.get(code, 0))
        elif code[:-1] not in with_rates and rates:
            registers[code] = round(share * sum(rates))
    return registers
