"""The open points of a site: what the visit left undone or in doubt, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cmi_gui.engine.configurator.write_run import WriteOutcome
from cmi_gui.engine.messages import Listing
from cmi_gui.engine.report.facts import SiteFacts
from cmi_gui.engine.site.causes import Cause, message_of
from cmi_gui.engine.site.model import RowState, SiteModule, SiteWrite, Whereabouts
from cmi_gui.engine.site.problems import ProblemKind, problems


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """An open point. `kind`: the same in every language."""

    kind: str
    modules: tuple[SiteModule, ...]
    text: str


_TOLD_OF_EACH: Final = frozenset((ProblemKind.UNSURE, ProblemKind.LOST, ProblemKind.NOT_FOUND))
"""Problems that are a point for each module, because each is ticked when it is done."""
_WITHOUT_NAMES: Final = frozenset((ProblemKind.EQUAL_ADDRESSES, ProblemKind.SAME_SERIAL, ProblemKind.SAME_METER))
"""Problems whose messages do not name their modules."""


def open_points(facts: SiteFacts) -> list[OpenPoint]:
    """Return the open points: the problems of the site first, then of each module in the order of the site."""
    return [*_problems(facts), *(point for module in facts.modules for point in _of(facts, module))]


def _problems(facts: SiteFacts) -> Iterator[OpenPoint]:
    """Yield the problems of the modules; a report on one flat does not name others."""
    shown = set(map(id, facts.modules))
    for problem in problems(facts.site, facts.table):
        kind, inside = problem.kind, [id(module) in shown for module in problem.modules]
        if kind in _TOLD_OF_EACH or not (any(inside) if kind in _WITHOUT_NAMES else all(inside)):
            continue
        text = facts.words.of(problem.message).removesuffix(".")
        if kind in _WITHOUT_NAMES and not facts.one_place:
            text = f"{text}: {facts.names(problem.modules)}"
        yield OpenPoint(kind.value, problem.modules, f"{text}.")


def _of(facts: SiteFacts, module: SiteModule) -> Iterator[OpenPoint]:
    words, name = facts.words, facts.name(module)

    def point(kind: str, *more: str) -> OpenPoint:
        text = words(f"point_{kind}", name, *more)
        # A cause may be a question.
        return OpenPoint(kind, (module,), text[:-1] if text.endswith("?.") else text)

    match module.state:
        case RowState.WAITING:
            yield point("waiting")
        case RowState.LOST:
            yield point("lost")
        case RowState.FAILED:
            yield point("failed", _cause(facts, module.failure))
        case RowState.UNSURE:
            yield point("unsure", "; ".join(_where(facts, place) for place in module.possible))
    for written in _unconfirmed(facts, module):
        row = next((row for row in facts.table.profile.command if row.id == written.name), None)
        outcome = words(f"outcome_{written.outcome.name.lower()}")
        yield point("not_written", facts.title(row) if row is not None else written.name, outcome)
    wanted = [facts.rows[each] for each in (*module.changes, *module.wanted_secrets) if each in facts.rows]
    if wanted:
        texts = [facts.title(row) if row.secret else f"{facts.title(row)} {module.wanted[row.id]}" for row in wanted]
        yield point("wanted", ", ".join(texts))


def _cause(facts: SiteFacts, cause: Cause) -> str:
    """Return a cause in the report's language; a text that is not one of our messages is in quotes."""
    message = message_of(cause)
    text = facts.words.of(message).removesuffix(".")
    is_quoted = isinstance(message, Listing) and not message.template
    return facts.words("quoted", text) if is_quoted else text


def _unconfirmed(facts: SiteFacts, module: SiteModule) -> Iterator[SiteWrite]:
    """Yield the last write of each setting in this visit that was sent and not accepted, unless it had its effect.

    What was not sent is still wanted, which is a point of its own.
    """
    last = {written.name: written for written in module.written if facts.is_of_visit(written.at)}
    for written in last.values():
        has_value = written.text is not None and written.text == module.value(written.name)
        if written.outcome not in (WriteOutcome.TAKEN, WriteOutcome.NOT_SENT) and not has_value:
            yield written


def _where(facts: SiteFacts, place: Whereabouts) -> str:
    words = facts.words
    parts = [
        "" if place.address is None else words("address_n", place.address),
        words("selection_n", place.selection) if place.selection else "",
        "" if place.baud is None else words("speed_n", place.baud),
    ]
    return ", ".join(filter(None, parts))
