"""Reports of played scenarios as JUnit XML, the form that CI systems read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cmi_gui.engine.files.atomic_file import write_atomically
from cmi_gui.engine.messages import printable


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario in the report. `seconds`: how long it took. `problem`: the kind of its bad end and the text, if any.

    `failure`: a line did not have the expected result; `error`: it could not be played; `skipped`: it was not played.
    """

    file: Path
    seconds: float = 0.0
    problem: tuple[Literal["failure", "error", "skipped"], str] | None = None


def junit_xml(cases: Sequence[Case]) -> bytes:
    """Return a report with one suite, which has a test case for each scenario."""
    kinds = [case.problem[0] for case in cases if case.problem]
    counts = {
        "tests": str(len(cases)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    root = Element("testsuites", {"name": "cmi-gui play", **counts})
    suite = SubElement(root, "testsuite", {"name": "scenarios", **counts, "skipped": str(kinds.count("skipped"))})
    for case in cases:
        folder = printable(case.file.parent.as_posix())
        attributes = {"classname": folder, "name": printable(case.file.name), "time": f"{case.seconds:.3f}"}
        element = SubElement(suite, "testcase", attributes)
        if case.problem is not None:
            kind, text = case.problem
            # XML has no form for most control characters.
            SubElement(element, kind, {"message": printable(text)}).text = printable(text)
    indent(root)
    report: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return report + b"\n"


def write_junit(path: Path, cases: Sequence[Case]) -> None:
    """Write a report to a file. Raises OSError."""
    write_atomically(path, junit_xml(cases), private=False)
