"""Identification on virtual time: the right module, another one, and one with a changed secondary address."""

from __future__ import annotations

from typing import TypeVar

import pytest

from cmi_gui.engine.configurator.identify import LabelCheck, identify, parse_label
from cmi_gui.engine.mbus.exchange import Exchange, Expect, Procedure, ProcedureFailed
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.slave_address import SlaveAddress, mask_bytes
from tests.engine.configurator.test_discover import Rig

Result = TypeVar("Result")


def run(rig: Rig, procedure: Procedure) -> object:
    ends: list[object] = []
    rig.session.run(procedure, ends.append, ends.append)
    assert rig.clock.run_until(rig.clock.now() + 60, lambda: bool(ends))
    if isinstance(ends[0], Exception):
        raise ends[0]
    return ends[0]


def identified(rig: Rig, target: SlaveAddress, selection: bytes | None, label: str | None) -> LabelCheck:
    result = run(rig, identify(target, selection, label))
    assert isinstance(result, LabelCheck)
    return result


def test_the_module_with_the_label_s_number() -> None:
    rig = Rig("12345678")
    result = identified(rig, SlaveAddress(0), mask_bytes("12345678"), "12345678")
    assert result.same is True
    assert result.by_selection
    assert (result.serial, result.address, result.meter_number) == ("12345678", 0, "33456789")
    assert result.elsewhere is None
    rig.close()


def test_without_a_label_only_the_identity_is_returned() -> None:
    rig = Rig("12345678")
    result = identified(rig, SlaveAddress(selection=mask_bytes("12345678")), mask_bytes("12345678"), None)
    assert result.same is None
    assert result.serial == "12345678"
    rig.close()


def test_another_module_while_the_right_one_is_on_the_bus() -> None:
    rig = Rig("12345678", "87654321")
    result = identified(rig, SlaveAddress(selection=mask_bytes("12345678")), None, "87654321")
    assert result.same is False
    assert result.serial == "12345678"
    assert result.elsewhere is not None
    assert result.elsewhere.fabrication == "87654321"
    rig.close()


def test_another_module_while_the_right_one_is_not_on_the_bus() -> None:
    rig = Rig("12345678")
    result = identified(rig, SlaveAddress(0), None, "00000001")
    assert result.same is False
    assert result.elsewhere is None
    rig.close()


def test_the_label_s_number_is_found_under_another_secondary_address() -> None:
    rig = Rig("12345678", "87654321")

    def rename() -> Procedure:
        yield Exchange(Frame.long(0x53, 0xFD, 0x52, mask_bytes("87654321")), Expect.ACK)
        yield Exchange(Frame.long(0x73, 0xFD, 0x51, bytes.fromhex("0C 79 01 00 00 00")), Expect.ACK)
        yield Exchange(Frame.short(0x40, 0xFD), Expect.ACK)

    run(rig, rename())
    result = identified(rig, SlaveAddress(selection=mask_bytes("12345678")), None, "87654321")
    assert result.elsewhere is not None
    assert (result.elsewhere.id, result.elsewhere.fabrication) == ("00000001", "87654321")
    rig.close()


def test_no_answer() -> None:
    rig = Rig("12345678")
    with pytest.raises(ProcedureFailed, match="no answer"):
        identified(rig, SlaveAddress(9), None, "12345678")
    rig.close()


def test_several_answers_at_once() -> None:
    rig = Rig("12345678", "87654321")
    with pytest.raises(ProcedureFailed, match="damaged"):
        identified(rig, SlaveAddress(0), None, None)
    rig.close()


@pytest.mark.parametrize("text", ["1234567", "123456789", "1234567A", "", "１２３４５６７８"])
def test_a_label_has_eight_digits(text: str) -> None:
    with pytest.raises(ValueError, match="8 digits"):
        parse_label(text)
    assert parse_label("1234 5678") == "12345678"
