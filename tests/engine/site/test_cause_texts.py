"""Each message that a site can keep as a cause has its text in each language of reports."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from cmi_gui.engine.configurator.values import settings as setting_rows
from cmi_gui.engine.files.report_texts import load_texts
from tests.helpers.packaging_scripts import translations
from tests.helpers.scripts import CHECKOUT
from tests.helpers.site_bench import TABLE

CAUSES = """
    site/batch site/module_writer site/writes site/read_many site/whereabouts site/names site/find site/actions
    site/journal configurator/writing configurator/verify configurator/reading configurator/write_run
    mbus/procedures mbus/slave_address cmi1020/commands cmi1020/bus_commands cmi1020/behaviours
    cmi1020/settings meter_profile/display_text messages
"""
"""The modules of the engine whose messages can become a cause; each raises `ProcedureFailed` or `InvalidValue`."""
NO_CAUSES = {
    "site/batch": {  # They stop the batch.
        "the meter of {0} received a wrong password, which locks it for a while. Correct P1 or P2 before you write to"
        " further modules",
        "since the write, {0} reports that its meter did not take the rate, perhaps because of a wrong password, which"
        " locks a meter for a while. Check P1 and P2 before you write to further modules",
    },
    "site/module_writer": {  # Progress.
        "reading the module",
        "reading the settings back",
        "looking for the module",
        "writing {0}",
    },
    "site/actions": {  # Nothing is begun.
        "the number of the meter of {0} is not known: read the module first",
        "meter {0} was expected at {1}, but meter {2} is there: correct the list first",
        "{0} are not the last four digits of the number of the meter of {1}: nothing was sent",
        "{0} goes to one module at a time, not to {1}",
    },
    "messages": {"line {0}"},  # A line of a file.
    "site/journal": {"line {0} is not of a journal of writes; rename the file, and read the modules again"},
    "mbus/slave_address": {  # A mask that a user enters.
        "{0} is not a mask: a mask has 8 hexadecimal digits (F for any), or 16 with manufacturer, version and device"
        ' type; "fabrication number" and 8 digits may follow'
    },
    "cmi1020/commands": {  # What the simulated module receives.
        "{0} cannot be sent with data field {1}",
        "{0} must be a text",
        "the records cannot be decoded: {0}",
        "{0}: manufacturer, version and type cannot be changed; they are {1}, not {2}",
    },
    "cmi1020/settings": {  # A file of the simulated module.
        "factory values are used",
        "`extra` cannot contain `{0}`, which is a setting of the module itself",
        "`extra.{0}` must have four rates, not {1}",
        "`extra.{0}` is not a valid text: it contains an incomplete character",
        "`extra` is not a setting itself: change the values in it by their names",
    },
}
"""Messages of these modules that a site never keeps."""
FAILING = ("mbus", "configurator", "site")
"""The packages whose procedures can fail."""
OTHER_FAILING = {"mbus/search", "mbus/exchange"}
"""A disturbed search names no module; the class itself."""


def source_of(module: str) -> str:
    return (CHECKOUT / f"cmi_gui/engine/{module}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("module", CAUSES.split())
def test_every_cause_has_its_text_in_each_language(module: str) -> None:
    said = {text for text in translations.templates(source_of(module), module) if any(map(str.isalpha, text))}
    apart = NO_CAUSES.get(module, set())
    assert apart <= said
    assert said - apart <= set(load_texts().engine)


def test_the_causes_are_from_all_modules_that_can_fail() -> None:
    engine = CHECKOUT / "cmi_gui/engine"
    paths = [path for package in FAILING for path in (engine / package).glob("*.py")]
    failing = {
        path.relative_to(engine).with_suffix("").as_posix()
        for path in paths
        if "ProcedureFailed(" in path.read_text(encoding="utf-8")
    }
    assert failing - OTHER_FAILING <= set(CAUSES.split())


def test_what_a_cause_names_has_its_text_in_each_language() -> None:
    actions = [row for row in TABLE.profile.command if row.kind == "action"]
    assert {row.title for row in (*setting_rows(TABLE), *actions)} <= set(load_texts().engine)


@pytest.mark.parametrize("template", load_texts().engine)
def test_a_template_has_only_plain_places(template: str) -> None:
    """Facts from a stranger's file are put into it."""
    for text in (template, *load_texts().engine[template].values()):
        filled = text.format(*[""] * 10)
        assert not set("{}") & set(filled)
        assert template == " ".join(template.split())
        assert [part[1] for part in text.split("{")[1:]] == ["}"] * text.count("{")


def test_the_swedish_of_a_report_is_that_of_the_window() -> None:
    source = (CHECKOUT / "cmi_gui/resources/report/texts.toml").read_text(encoding="utf-8")
    causes = source.partition("# Causes of failures")[2]
    assert causes.count("\n") > 80
    window = {
        message.findtext("source"): message.findtext("translation")
        for context in ET.parse(translations.TRANSLATIONS / "cmi_gui_sv.ts").iter("context")
        if context.findtext("name") == "Engine"
        for message in context.iter("message")
    }
    different = {
        english: languages["sv"]
        for english, languages in load_texts().engine.items()
        if json.dumps(english, ensure_ascii=False) in causes and languages["sv"] != window.get(english)
    }
    assert not different
