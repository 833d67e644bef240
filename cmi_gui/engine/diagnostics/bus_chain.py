"""The chain of the manual's fourth symptom: the product does not respond to commands of an M-Bus master."""

from __future__ import annotations

from dataclasses import replace

from cmi_gui.engine.cmi1020.module import BUS_SAFE_VOLTS
from cmi_gui.engine.diagnostics.bus_observation import OFTEN_LATE
from cmi_gui.engine.diagnostics.checks import Check, CheckId, CheckState, Finding, Lead, Symptom, SymptomId, Volts
from cmi_gui.engine.diagnostics.meter_chains import LATELY
from cmi_gui.engine.diagnostics.meter_checks import BUS_SLIDER, link, power
from cmi_gui.engine.diagnostics.situation import Situation, blocked, fine, unknown, wrong
from cmi_gui.engine.machine import LinkState

CALLED_WITHIN = 300.0
"""Seconds for which a call of this module counts while the master calls others, because masters may poll some slaves
rarely. Assumption."""
ENOUGH_DAMAGE = 2
"""Damaged pieces in a row, without a telegram between them, that indicate a wrong speed."""


def master(now: Situation) -> Symptom:
    """Return the symptom with its checks: voltage, addresses and speed as in the manual, and other causes."""
    checks = (_voltage, _bus_link, _received, _address, _unique, _speed, _in_time, _command)
    return Symptom(SymptomId.MASTER, tuple(check(now) for check in checks))


def _voltage(now: Situation) -> Check:
    """Check the voltage, 21 to 42 V DC; above that the module still works, but outside its specification."""
    volts = now.module.bus_voltage
    if volts > BUS_SAFE_VOLTS:
        return wrong(CheckId.VOLTAGE, BUS_SLIDER, Finding.BUS_HIGH, Volts(volts), Volts(BUS_SAFE_VOLTS))
    found = power(now)
    if found.finding is Finding.POWER_ASSUMED:
        return unknown(CheckId.VOLTAGE, found.finding)
    return replace(found, id=CheckId.VOLTAGE)


def _bus_link(now: Situation) -> Check:
    """Check that all links of the M-Bus side are open."""
    if not now.bus_links:
        return wrong(CheckId.BUS_LINK, Lead("pageConnections", "mbus"), Finding.NO_LINK, by_choice=True)
    found = [link(CheckId.BUS_LINK, status, running=now.running) for status in now.bus_links]
    order = (CheckState.WRONG, CheckState.UNKNOWN, CheckState.OK)
    return min(found, key=lambda check: order.index(check.state))


def _received(now: Situation) -> Check:
    """Check that anything was received at all, whole or damaged."""
    times = [at for at in (now.bus_traffic.good_at, now.bus_traffic.damaged_at) if at is not None]
    if times:
        return fine(CheckId.RECEIVED, Finding.RECEIVED, now.since(max(times)))
    if not any(status.state is LinkState.OPEN for status in now.bus_links):
        return blocked(CheckId.RECEIVED)
    return unknown(CheckId.RECEIVED, Finding.NOTHING_RECEIVED, lead=Lead("pageModule", "connect"))


def _address(now: Situation) -> Check:
    """Check that masters call this module and not another address."""
    ours, other = now.bus_traffic.ours, now.bus_traffic.other
    if ours is not None and (other is None or now.ago(ours.at) <= CALLED_WITHIN or ours.at >= other.at):
        return fine(CheckId.ADDRESS, Finding.ADDRESSED, now.since(ours.at), ours.number or str(ours.address))
    if other is None:
        return unknown(CheckId.ADDRESS, Finding.UNTRIED)
    ago = now.since(other.at)
    if other.number is not None:
        own = now.module.secondary_address
        lead = Lead("pageConfiguration", "secondary_address")
        return wrong(CheckId.ADDRESS, lead, Finding.SELECTED_OTHER, ago, other.number, own)
    lead = Lead("pageConfiguration", "primary_address")
    return wrong(CheckId.ADDRESS, lead, Finding.ADDRESS_OTHER, ago, other.address, now.module.primary_address)


def _unique(now: Situation) -> Check:
    """Check that no other slave answers at the same time."""
    other, clash, lead = now.bus_traffic.other_slave, now.bus_traffic.clash, Lead("pageBus")
    if other is not None and now.ago(other.at) <= CALLED_WITHIN:
        return wrong(CheckId.UNIQUE, lead, Finding.OTHER_ANSWERS, other.address, now.since(other.at))
    if clash is not None and now.ago(clash.at) <= CALLED_WITHIN:
        return wrong(CheckId.UNIQUE, lead, Finding.REPEATED, clash.times, now.since(clash.at))
    if now.bus_traffic.ours is None:
        return unknown(CheckId.UNIQUE, Finding.UNTRIED)
    return fine(CheckId.UNIQUE, Finding.UNIQUE)


def _line_speed(now: Situation) -> int:
    """Return the speed of the open links in bit/s if they agree (a LINK may set one), else the configured speed."""
    speeds = {each.line.baud for each in now.bus_links if each.state is LinkState.OPEN and each.line is not None}
    return speeds.pop() if len(speeds) == 1 else now.module.baud


def _speed(now: Situation) -> Check:
    """Check that received traffic can be read at the module's speed."""
    traffic, baud = now.bus_traffic, _line_speed(now)
    if traffic.damaged >= ENOUGH_DAMAGE and traffic.damaged_at is not None:
        by_setting = baud == now.module.baud
        lead = Lead("pageConfiguration", "baud") if by_setting else Lead("pageConnections", "mbus")
        return wrong(CheckId.SPEED, lead, Finding.SPEED_WRONG, traffic.damaged, now.since(traffic.damaged_at), baud)
    if traffic.good_at is None:
        return unknown(CheckId.SPEED, Finding.UNTRIED)
    return fine(CheckId.SPEED, Finding.SPEED_FITS, baud)


def _in_time(now: Situation) -> Check:
    """Check that answers are sent inside the window of EN 13757-2.

    A single late answer on a busy computer does not explain this symptom: the master repeats its request.
    """
    traffic = now.bus_traffic
    late = [at for at in traffic.late if now.ago(at) <= LATELY]
    if not late:
        count = sum(status.late for status in now.bus_links)
        if count:
            answered = sum(status.answered for status in now.bus_links)
            return fine(CheckId.IN_TIME, Finding.SOME_LATE, count, answered)
        return fine(CheckId.IN_TIME, Finding.IN_TIME)
    ago = now.since(late[-1])
    if len(late) < OFTEN_LATE and traffic.answered_at is not None and traffic.answered_at > late[-1]:
        return fine(CheckId.IN_TIME, Finding.ONE_LATE, ago)
    return wrong(CheckId.IN_TIME, Lead("pageTraffic"), Finding.TOO_LATE, ago)


def _command(now: Situation) -> Check:
    """Check that commands are carried out: a refused one is acknowledged but has no effect."""
    refused = now.recent.refused
    if refused is not None and now.ago(refused.at) <= LATELY:
        facts = now.since(refused.at), refused.message
        return wrong(CheckId.COMMAND, Lead("pageTraffic"), Finding.COMMAND_REFUSED, *facts, by_choice=True)
    return fine(CheckId.COMMAND, Finding.COMMANDS_TAKEN)
