"""The Lua file for Wireshark, without Wireshark; `tests/peers/test_wireshark.py` runs it in tshark."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.mbus.vif_tables import EXTENSION_FB, EXTENSION_FD, PRIMARY
from cmi_gui.engine.traffic.dissector import dissector, lua


@given(st.text())
def test_a_text_is_a_literal_of_ascii_on_one_line(text: str) -> None:
    written = lua(text.encode("utf-8", "replace").decode())
    assert re.fullmatch(r'"(?:[ !#-\[\]-~]|\\\d{3})*"', written)
    octets = re.sub(r"\\(\d{3})", lambda found: chr(int(found[1])), written[1:-1]).encode("latin-1")
    assert octets == text.encode("utf-8", "replace")


def test_values_are_written_as_lua() -> None:
    assert lua({1: ("a", None, True), 2: {"x": -3}}) == '{ [1] = { "a", nil, true }, [2] = { ["x"] = -3 } }'


def test_the_file_has_every_name_of_our_tables_and_its_instructions() -> None:
    text = dissector()
    assert text.isascii()
    for table in (PRIMARY, EXTENSION_FB, EXTENSION_FD):
        for quantity in table.values():
            assert f'"{quantity.name}", "{quantity.unit}", {quantity.exponent}, {quantity.factor}' in text
    assert "copy it as cmi_gui.lua into" in text
    code = re.sub(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|--[^\n]*""", "", text)
    for operator in ("//", ">>", "<<", "&", "|"):  # of Lua 5.3 and later
        assert operator not in code
