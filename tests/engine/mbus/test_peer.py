"""pyMeterBus, an independent decoder, reads the same values from the same telegrams."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import meterbus
import pytest

from cmi_gui.engine.mbus.dib import ValueFunction
from cmi_gui.engine.mbus.record import Record
from cmi_gui.engine.mbus.telegram import decode_telegram
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES

FUNCTIONS = {
    "FunctionType.INSTANTANEOUS_VALUE": ValueFunction.INSTANTANEOUS,
    "FunctionType.MAXIMUM_VALUE": ValueFunction.MAXIMUM,
    "FunctionType.MINIMUM_VALUE": ValueFunction.MINIMUM,
}
UNITS = {
    "MeasureUnit.WH": "Wh",
    "MeasureUnit.W": "W",
    "MeasureUnit.V": "V",
    "MeasureUnit.A": "A",
    "MeasureUnit.M3": "m3",
    "MeasureUnit.M3_H": "m3/h",
    "MeasureUnit.C": "degC",
    "MeasureUnit.K": "K",
    "MeasureUnit.SECONDS": "s",
    "MeasureUnit.NONE": "",
    "MeasureUnit.DATE": "",
    "MeasureUnit.DATE_TIME": "",
}
TELEGRAMS = METERS | WORKED_RESPONSES


def peer_is_wrong(record: Record) -> bool:
    """Return whether pyMeterBus is wrong: it has no kvarh, kVAh and Hz, and ignores the power factor's multiplier."""
    return record.unit in ("varh", "VAh", "Hz") or (record.quantity == "dimensionless" and record.exponent != 0)


@pytest.mark.parametrize("name", TELEGRAMS)
def test_same_values(name: str) -> None:
    ours = decode_telegram(TELEGRAMS[name])
    theirs = [record.interpreted for record in meterbus.load(TELEGRAMS[name]).records]
    compared = 0
    # It makes a record of DIF 0F and 1F as well.
    for record, other in zip(ours.records, theirs, strict=False):
        assert FUNCTIONS[other["function"]] is record.function
        assert (other["storage_number"], other.get("tariff") or 0, other.get("device") or 0) == (
            record.storage,
            record.tariff,
            record.subunit,
        )
        if peer_is_wrong(record):
            continue
        compared += 1
        if record.vif_text is None:
            assert UNITS[other["unit"]] == record.unit
        else:
            assert other["unit"] == record.vif_text
        if isinstance(record.value, int | Decimal):
            # Its numbers are binary floats.
            assert float(other["value"]) == pytest.approx(float(record.value), rel=1e-12)
        elif isinstance(record.value, datetime):
            assert other["value"] == record.value.isoformat(timespec="minutes")
        elif isinstance(record.value, date):
            assert other["value"] == record.value.isoformat()
        else:
            assert other["value"] == record.value
    assert compared >= 0.7 * len(ours.records)
