"""Files given at the start or dropped: sites and rooms open on the page Site, everything else on Traffic."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from typer.testing import CliRunner

from cmi_gui import app as program
from cmi_gui import cli
from cmi_gui.__main__ import _open_a_file
from cmi_gui.app import build
from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.site.model import Site, SiteModule
from cmi_gui.engine.site.site_file import SUFFIX, write_site
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.ui.frame.drop_area import opening_page
from cmi_gui.ui.frame.main_window import MainWindow
from cmi_gui.ui.pages.bus.page import BusPage
from cmi_gui.ui.pages.traffic.page import TrafficPage
from cmi_gui.ui.prefs import Prefs
from cmi_gui.ui.text.words import Level

ROOM = Path(__file__).parents[3] / "examples" / "clash.toml"


@pytest.fixture
def site(window: MainWindow, tmp_path: Path) -> Path:
    path = tmp_path / f"oak{SUFFIX}"
    write_site(path, Site(name="Oak", modules=[SiteModule(place="flat 7")]), window.site.table)
    return path


def bus_page(window: MainWindow) -> BusPage:
    page = window.stack.currentWidget()
    assert isinstance(page, BusPage)
    return page


def messages(window: MainWindow) -> str:
    return "\n".join(entry.text for entry in window.messages.last(5))


@pytest.mark.parametrize(
    ("name", "page"),
    [("a.site.toml", "pageBus"), ("room.TOML", "pageBus"), ("capture.txt", "pageTraffic"), ("toml", "pageTraffic")],
)
def test_the_name_decides_about_the_page(name: str, page: str) -> None:
    assert opening_page(Path("folder.toml", name)) == page


def test_a_site_is_opened_in_place_of_the_last_one(window: MainWindow, qtbot: QtBot, site: Path) -> None:
    qtbot.waitUntil(lambda: not window.site.loading)
    window.open_file(site)
    qtbot.waitUntil(lambda: window.site.path == site)
    assert [module.place for module in bus_page(window).site.site] == ["flat 7"]


def test_a_room_becomes_the_practice_bus(window: MainWindow) -> None:
    window.open_file(ROOM)
    assert bus_page(window).port.room.isVisible()
    assert window.practice.name == ROOM.name
    assert window.bus.state is LinkState.CLOSED


def test_what_is_no_room_is_explained(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[colours]\nred = 1\n")
    window.open_file(tmp_path / "other.toml")
    assert "other.toml" in bus_page(window).port.room.error.text()
    assert window.practice.room is None


def test_a_bus_in_use_is_not_replaced(window: MainWindow, qtbot: QtBot, site: Path) -> None:
    qtbot.waitUntil(lambda: not window.site.loading)
    window.bus.connect_to("sim:")
    window.open_file(ROOM)
    assert f"{ROOM.name} was not opened: the master port is in use" in messages(window)
    window.open_file(site)
    assert f"{site.name} was not opened: disconnect the practice bus first" in messages(window)
    assert window.practice.room is None
    assert window.site.path != site


@pytest.mark.parametrize("first", ["site", "plan"])
def test_a_plan_is_for_the_site_that_was_open(
    window: MainWindow, qtbot: QtBot, site: Path, tmp_path: Path, first: str
) -> None:
    qtbot.waitUntil(lambda: not window.site.loading)
    plan = tmp_path / "plan.csv"
    plan.write_text("meter;place\n33456788;11\n")
    for path in (site, plan) if first == "site" else (plan, site):
        window.open_file(path, "pageBus")
    qtbot.waitUntil(lambda: window.site.path == site and not window.background.busy)
    qtbot.waitUntil(lambda: "plan.csv" in messages(window))
    assert "plan.csv was not taken: another site was opened meanwhile" in messages(window)
    assert [module.place for module in window.site.site] == ["flat 7"]
    window.open_file(plan, "pageBus")
    qtbot.waitUntil(lambda: "rows added 1" in messages(window))
    assert [module.place for module in window.site.site] == ["flat 7", "11"]


def test_one_site_is_opened_at_a_time(window: MainWindow, qtbot: QtBot, site: Path) -> None:
    qtbot.waitUntil(lambda: not window.site.loading)
    window.open_file(site)
    window.open_file(site.with_name(f"elm{SUFFIX}"))
    assert f"elm{SUFFIX} was not opened: another site is being opened" in messages(window)
    qtbot.waitUntil(lambda: not window.site.loading)
    assert window.site.path == site


def test_the_open_site_can_be_opened_again(window: MainWindow, qtbot: QtBot, site: Path) -> None:
    qtbot.waitUntil(lambda: not window.site.loading)
    window.open_file(site)
    qtbot.waitUntil(lambda: not window.site.loading)
    window.open_file(site)
    assert not window.site.loading
    assert [module.place for module in bus_page(window).site.site] == ["flat 7"]


@pytest.mark.parametrize("kind", ["site", "room", "capture"])
def test_a_file_given_at_the_start_is_opened(
    qtbot: QtBot, clock: VirtualClock, site: Path, tmp_path: Path, kind: str
) -> None:
    capture = tmp_path / "capture.txt"
    capture.write_text("10 7B 00 7B 16\nE5\n")
    prefs = Prefs(tmp_path / "state")
    prefs.stored.shown_page = "pageBus"
    prefs.save()
    window = build(StationConfig(mbus=(), state_dir=tmp_path / "state"), clock=clock, lazily=True)
    window.first_file = {"site": site, "room": ROOM, "capture": capture}[kind]
    window.start()
    try:
        qtbot.waitUntil(lambda: not (window.site.loading or window.background.busy))
        page = window.stack.currentWidget()
        if isinstance(page, TrafficPage):
            qtbot.waitUntil(lambda: page.model.source.name == capture.name)
        assert (kind == "capture") is isinstance(page, TrafficPage)
        assert (window.site.path == site) is (kind == "site")
        assert (window.practice.name == ROOM.name) is (kind == "room")
        assert not [each for each in window.messages.last(9) if each.level in (Level.WARNING, Level.ERROR)]
    finally:
        window.shutdown()
        window.deleteLater()


# The command line


def test_open_gives_the_file_to_the_window(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    given: list[Path | None] = []
    monkeypatch.setattr(program, "run", lambda *, file: given.append(file) or 0)
    assert CliRunner().invoke(cli.app, ["open", str(site)]).exit_code == 0
    assert given == [site]


def test_without_a_file_or_a_display_the_reason_is_given(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    gone = CliRunner().invoke(cli.app, ["open", str(site.with_name("gone.txt"))])
    assert (gone.exit_code, "does not exist" in gone.output) == (2, True)
    folder = CliRunner().invoke(cli.app, ["open", str(site.parent)])
    assert (folder.exit_code, "is a directory" in folder.output) == (2, True)
    monkeypatch.setattr(cli, "_why_no_window", lambda: "there is no display")
    blind = CliRunner().invoke(cli.app, ["open", str(site)])
    assert (blind.exit_code, "Cannot open a window: there is no display" in blind.output) == (1, True)


def test_a_path_alone_is_a_file_to_open(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    def arguments(*words: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["cmi-gui", *words])
        _open_a_file()
        return sys.argv[1:]

    monkeypatch.chdir(site.parent)
    Path("serve").touch()
    Path("-x.txt").touch()
    for path in (str(site), site.name, "gone.txt", "folder/gone"):
        assert arguments(path) == ["open", path]
    for words in (["serve"], ["--version"], ["-x.txt"], [site.name, "--json"], []):
        assert arguments(*words) == words
