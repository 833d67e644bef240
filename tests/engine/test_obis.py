"""What OBIS codes mean, however a meter spells them."""

from __future__ import annotations

import pytest

from cmi_gui.engine.obis import is_measurement, meaning


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1.8.0", "Active energy +A total"),
        ("1-0:1.8.0*255", "Active energy +A total"),
        ("1-0:1.8.0", "Active energy +A total"),
        ("1-1:1.8.0.255", "Active energy +A total"),
        ("1.8.0*255", "Active energy +A total"),
        ("1.8.0*01", "Active energy +A total, stored value 01"),
        ("1-0:1.8.2*12 (2)", "Active energy +A rate 2, stored value 12"),
        ("1-0:32.7.0*255", "Voltage L1"),
        ("1-0:32.7*255", "Voltage L1"),
        ("0-0:C.1.0*255", "Meter identification"),
        ("1-0:0.9.1*255", "Local time"),
        ("C.1", "Meter identification"),
        ("C.5", "Status word"),
        ("F.F.0", "Error code"),
        ("F.F", "Error code"),
        ("0.0.0", "Customer identification"),
        ("7-0:1.8.0*255", None),
        ("8-1:1.8.0", None),
        ("1-0:1.8.9*255", None),
        ("6.8", None),
        ("1-0:", None),
        ("*255", None),
        ("", None),
        ("!", None),
    ],
)
def test_meanings(code: str, words: str | None) -> None:
    found = meaning(code)
    assert (None if found is None else str(found)) == words


@pytest.mark.parametrize(
    ("code", "measured"),
    [
        *((code, False) for code in ("0.9.1", "0.9.2", "0.9.5", "0.0.0", "0.0", "0.0.9", "F.F.0", "F.F", "F")),
        *((code, False) for code in ("C.1", "C.1.6", "C.5", "C.5.0", "C.90.1", "0.2.1", "97.97", "0-0:96.1.0*255")),
        *((code, False) for code in ("1-0:0.9.2*255", "1-0:F.F*255", "0.0.0 (2)", "1-1:C.5.0")),
        *((code, True) for code in ("1.8.0", "1-0:1.8.0*255", "C.7.0", "C.8.0", "0.1.0", "0.3.0", "82.8.1", "14.7")),
        *((code, True) for code in ("10.8.0", "1-0:1.6.1*01", "C.10", "0.90", "", "x")),
    ],
)
def test_what_was_measured(code: str, measured: bool) -> None:
    assert is_measurement(code) is measured
