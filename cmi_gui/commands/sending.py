"""`cmi-gui send`: one telegram given as hex, sent once on a LINK, and the answer."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from cmi_gui.commands.master import run_master
from cmi_gui.commands.output import NO_ANSWER, WRONG_USE, complain, emit, emit_json, fail
from cmi_gui.engine.cmi1020.commands import CommandTable
from cmi_gui.engine.cmi1020.obis_labels import label
from cmi_gui.engine.cmi1020.profile import load_module_profile
from cmi_gui.engine.configurator.consequences import Consequences, consequences_of
from cmi_gui.engine.configurator.replay_run import send_once
from cmi_gui.engine.link.url import parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.mbus.errors import MBusError
from cmi_gui.engine.mbus.exchange import Answer, AnswerKind
from cmi_gui.engine.mbus.render import Json, error_to_json_dict, to_json_dict, to_text
from cmi_gui.engine.mbus.telegram import decode_telegram
from cmi_gui.engine.traffic.frame_pieces import split_frames
from cmi_gui.engine.traffic.masking import MbusMask, hex_text
from cmi_gui.engine.traffic.typed import read_typed

_SOUND = frozenset((AnswerKind.ACK, AnswerKind.RESPONSE, AnswerKind.NONE))


def send(telegram: Sequence[str], link: str, timeout: float | None, *, yes: bool, json: bool) -> None:
    """Send a telegram and print the answer; without `yes` one that may change something goes only to `sim:`."""
    typed = read_typed(" ".join(telegram))
    if not typed.data:
        fail(str(typed.words) or "no telegram in hex", WRONG_USE, code="bad_telegram", json=json)
    profile = load_module_profile()
    found = consequences_of(typed.data, CommandTable(profile))
    if found and not yes and not _is_simulated(link):
        message = f"{' '.join(_sentences(found))} If you want that, add --yes."
        fail(message, WRONG_USE, code="not_confirmed", json=json)
    answer = run_master(link, lambda _: send_once(typed.data), timeout, json=json)
    mask = MbusMask(profile)
    if json:
        emit_json(_answer_json(answer, mask))
    elif answer.kind is not AnswerKind.NONE and answer.raw:
        for data in split_frames(answer.raw):
            emit(_text(data, mask))
    if not answer.raw and answer.kind is not AnswerKind.NONE:
        complain("no answer" if answer.waited is None else f"no answer within {answer.waited:.3f} s")
    if answer.kind not in _SOUND:
        raise typer.Exit(NO_ANSWER)


def _is_simulated(link: str) -> bool:
    try:
        return parse_link(link).kind.simulated
    except LinkError:
        # The run reports it.
        return True


def _sentences(found: Consequences) -> list[str]:
    moves = [(found.opens, "This opens the disconnector."), (found.closes, "This closes the disconnector.")]
    return [sentence for does, sentence in moves if does] + [str(other) for other in found.others]


def _text(data: bytes, mask: MbusMask) -> str:
    if masked := mask.ranges(data):
        return hex_text(data, masked)
    try:
        return to_text(decode_telegram(data), label)
    except MBusError as error:
        return f"{hex_text(data, ())}\ncannot be decoded: {error}"


def _answer_json(answer: Answer, mask: MbusMask) -> dict[str, Json]:
    """Return the answer as JSON. `telegrams`: those in it, decoded, but for telegrams with a secret."""
    telegrams: list[Json] = []
    for data in split_frames(answer.raw) if answer.raw else ():
        if mask.ranges(data):
            continue
        try:
            telegrams.append(to_json_dict(decode_telegram(data), label))
        except MBusError as error:
            telegrams.append(error_to_json_dict(error))
    return {
        "kind": answer.kind.value,
        "answer": hex_text(answer.raw, mask.ranges(answer.raw)),
        "seconds": answer.waited,
        "telegrams": telegrams,
    }
