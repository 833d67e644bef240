"""The meaning of OBIS codes in all spellings."""

from __future__ import annotations

import pytest

from cmi_gui.engine.obis import meaning


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
