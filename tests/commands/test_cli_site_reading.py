"""`read --site` and `set --site`, on a served room: lines, files, exit codes, kills."""

from __future__ import annotations

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cmi_gui.engine.site.model import RowState, Site, SiteModule
from cmi_gui.engine.site.site_file import read_site, write_site
from cmi_gui.engine.site.site_lock import lock_site
from tests.helpers.cli_process import COMMAND, TIMEOUT, run, start, stop
from tests.helpers.cli_process import Served as ServedRoom
from tests.helpers.site_bench import TABLE
from tests.helpers.waiting import until

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms


@dataclass
class ServedSite:
    """A site file and the room that it describes, served on TCP."""

    path: Path
    link: str
    serials: list[str]

    @property
    def site(self) -> Site:
        return read_site(self.path, TABLE)

    def read(self, *arguments: str) -> tuple[int, str, str]:
        return run("read", "--site", str(self.path), *arguments)

    def set(self, *arguments: str) -> tuple[int, str, str]:
        return run("set", *arguments, "--site", str(self.path))


@pytest.fixture(scope="module")
def room() -> Iterator[ServedRoom]:
    with ServedRoom("--modules", "3", "--no-paced") as room:
        until(lambda: all(each["contact"] for each in room.send_line("status all")["modules"].values()))
        yield room


@pytest.fixture
def served(room: ServedRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServedSite:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    serials = [module["serial"] for module in room.ready["modules"]]
    rows = [SiteModule(place=f"flat {number}", serial=serial) for number, serial in enumerate(serials, 11)]
    path = tmp_path / "eken.site.toml"
    write_site(path, Site(name="Brf Eken", ports=[room.mbus], modules=rows), TABLE)
    return ServedSite(path, room.mbus, serials)


def test_all_modules_are_read_with_a_line_for_each_and_stored_in_the_site(served: ServedSite) -> None:
    code, out, err = served.read()
    assert (code, err) == (0, ""), out
    lines = out.splitlines()
    assert len(lines) == 3
    site = served.site
    for line, row in zip(lines, site, strict=True):
        value = row.readings["1.8.0"]
        assert line.startswith(f"{row.place}, module {row.serial}, meter {row.meter_read}: ")
        assert f"1.8.0 {value.value.lstrip('0')} kWh" in line
        assert row.state is RowState.FOUND
        assert row.address == 0


def test_some_modules_some_codes_as_json(served: ServedSite) -> None:
    code, out, _ = served.read("--only", served.serials[1], "--codes", "C.1.0,1.8.0", "--json")
    assert code == 0
    (module,) = json.loads(out)["modules"]
    assert (module["module"], module["place"], module["error"]) == (served.serials[1], "flat 12", None)
    assert [value["code"] for value in module["readings"]] == ["C.1.0", "1.8.0"]
    assert module["readings"][0]["value"] == module["meter"]
    assert module["quality"]["requests"] > 1
    assert module["quality"]["retries"] == 0


def test_a_module_that_is_missing_is_named_and_the_rest_is_read(served: ServedSite) -> None:
    site = served.site
    site.modules.insert(1, SiteModule(place="flat 99", serial="99999999"))
    site.modules.append(SiteModule(place="flat 98", meter="33456790"))
    write_site(served.path, site, TABLE)
    code, out, err = served.read()
    assert code == 1
    assert "\nflat 99: module 99999999 does not answer\n" in out
    assert "flat 98: " in out
    assert "has not been found yet: search the bus first" in out
    assert err.endswith("cmi-gui: 3 of 5 modules were read\n")
    assert [row.state for row in served.site] == [
        RowState.FOUND,
        RowState.LOST,
        RowState.FOUND,
        RowState.FOUND,
        RowState.WAITING,
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_the_values_are_written_to_a_file(served: ServedSite, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"values{suffix}"
    code, _, _ = served.read("--out", str(path), "--codes", "1.8.0")
    assert code == 0
    energy = [float(row.readings["1.8.0"].value) for row in served.site]
    if suffix == ".csv":
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        assert [float(row["1.8.0 kWh"]) for row in rows] == energy
    elif suffix == ".xlsx":
        cells = list(load_workbook(path).active.iter_rows(min_row=2, values_only=True))
        assert [row[6] for row in cells] == energy
    else:
        modules = json.loads(path.read_text())["modules"]
        assert [float(module["readings"][0]["value"]) for module in modules] == energy


def test_a_cyclic_reading_survives_kills_and_ends_in_order(served: ServedSite, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    command = [*COMMAND, "read", "--site", str(served.path), "--every", "24h", "--out", str(path), "--codes", "1.8.0"]
    for end in (subprocess.Popen.kill, subprocess.Popen.kill, stop):
        with start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            try:
                assert "1.8.0" in process.stdout.readline()
                end(process)
                out, err = process.communicate(timeout=TIMEOUT)
            finally:
                process.kill()
        assert "Traceback" not in out + err
        if end is stop:
            assert (process.returncode, err) == (0, "")
    rows = [(row["time"], row["module"]) for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]
    assert max(Counter(rows).values()) == 1
    assert {module for _, module in rows} == set(served.serials)
    # The site is saved after a round and at an orderly end.
    assert served.site.modules[2].readings


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--address", "0"], "--address is not for the modules of a site"),
        (["--only", "50100001"], "module 50100001 is not in eken.site.toml"),
        (["--only", "5010"], "a serial number has 8 digits, not '5010'"),
        (["--every", "7m"], "'7m' is not an interval that divides a day: write it as 15m, 1h or 24h, at least 1m"),
        (["--every", "15m", "--out", "x.xlsx"], "with --every, --out must end with .csv or .jsonl, not x.xlsx"),
        (["--out", "x.txt"], "--out must end with .csv, .xlsx or .json, not x.txt"),
    ],
)
def test_wrong_use(served: ServedSite, arguments: list[str], message: str) -> None:
    code, out, err = served.read(*arguments, "--json")
    assert code == 2
    assert json.loads(out)["message"] == message
    assert message in err


def test_a_file_of_something_else_is_not_continued(served: ServedSite, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n")
    code, _, err = served.read("--every", "15m", "--out", str(path))
    assert code == 2
    assert "mine.csv: is not a file of cyclic readings: choose another name" in err
    assert path.read_text() == "a,b\n"


@pytest.mark.parametrize("arguments", [["--only", "50100001"], ["--every", "15m"], ["--out", "x.csv"]])
def test_options_of_a_site_need_one(arguments: list[str]) -> None:
    code, _, err = run("read", "--link", "sim:", "--address", "0", *arguments)
    assert (code, err) == (2, f"cmi-gui: {arguments[0]} needs --site\n")


def test_a_site_that_is_in_use_missing_or_without_a_port(served: ServedSite, tmp_path: Path) -> None:
    with lock_site(served.path):
        code, _, err = served.read()
        assert code == 1
        assert "is in use by another program" in err
    code, _, err = run("read", "--site", str(tmp_path / "none.toml"))
    assert (code, err) == (2, f"cmi-gui: there is no site file {tmp_path / 'none.toml'}\n")
    site = served.site
    site.ports = []
    write_site(served.path, site, TABLE)
    code, _, err = served.read()
    assert (code, err) == (2, "cmi-gui: eken.site.toml has no port yet: name the bus with --link\n")
    assert served.read("--link", served.link)[0] == 0
    served.path.write_text("format = 1\np1 = 'secret'\n")
    code, _, err = served.read()
    assert code == 2
    assert "line 2" in err


# Actions


def test_harmless_actions_go_to_all(served: ServedSite) -> None:
    assert served.read()[0] == 0
    code, out, _ = served.set("rate", "1")
    assert code == 0
    assert out.splitlines() == [f"module {serial}: taken" for serial in served.serials]
    assert [[written.name for written in row.written] for row in served.site] == [["rate"]] * 3


def test_the_places_on_the_displays(served: ServedSite) -> None:
    site = served.site
    site.modules[0].place = "Lägenhet 1203"
    write_site(served.path, site, TABLE)
    assert served.read()[0] == 0
    code, out, err = served.set("display", "--show-place", "--json")
    assert code == 0
    assert [module["outcome"] for module in json.loads(out)["modules"]] == ["taken"] * 3
    assert err == f"cmi-gui: module {served.serials[0]}: of 'Lägenhet 1203' the display shows '1203'\n"
    assert [row.written[0].text for row in served.site] == ["1203", "flat 12", "flat 13"]


def test_the_disconnector_goes_to_one_module_with_the_digits_of_its_meter(served: ServedSite) -> None:
    assert served.read()[0] == 0
    row = served.site.modules[0]
    code, _, err = served.set("disconnector", "0", "--only", row.serial)
    assert code == 2
    assert "Disconnector goes to one module: name it with --only, and confirm with --confirm" in err
    code, _, err = served.set("disconnector", "0", "--confirm", row.meter_read[-4:])
    assert code == 2
    assert "goes to one module at a time, not to 3" in err
    code, _, err = served.set("disconnector", "0", "--only", row.serial, "--confirm", "12")
    assert code == 2
    assert "'12' are not the last four digits of the number of the meter of" in err
    assert not served.site.modules[0].written
    code, out, _ = served.set("disconnector", "1", "--only", row.serial, "--confirm", row.meter_read[-4:], "--json")
    # The room's modules may be of a variant without a disconnector.
    assert json.loads(out)["modules"][0]["outcome"] in ("taken", "refused")
    assert served.site.modules[0].written[0].text == "1"
    assert not list(served.path.parent.glob("*journal*"))


def test_what_is_no_action_of_a_site(served: ServedSite) -> None:
    code, _, err = served.set("primary_address", "5")
    assert code == 2
    assert "'primary_address' is not an action for modules of a site" in err
    assert "Settings are written with configure" in err
    code, _, err = served.set("rate", "9")
    assert code == 2
    assert "not 9" in err
