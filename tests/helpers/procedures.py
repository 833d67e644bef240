"""Short procedures of a master for tests: the telegrams alone, without what is odd about them."""

from __future__ import annotations

from cmi_gui.engine.mbus.exchange import RETRIES, AnswerKind, Procedure
from cmi_gui.engine.mbus.frame import Frame
from cmi_gui.engine.mbus.procedures import ping, read_slave
from cmi_gui.engine.mbus.slave_address import SlaveAddress


def read_primary(address: int) -> Procedure[list[Frame]]:
    """All telegrams of the slave at a primary address."""
    return list((yield from read_slave(SlaveAddress(address))).frames)


def read_secondary(mask: bytes) -> Procedure[list[Frame]]:
    """All telegrams of the slave with a secondary address."""
    return list((yield from read_slave(SlaveAddress(selection=mask))).frames)


def initialise(address: int) -> Procedure[bool]:
    """SND_NKE; returns whether it was acknowledged."""
    answer = yield ping(address, retries=RETRIES)
    return answer.kind is AnswerKind.ACK
