"""Rows of traffic as Wireshark sees them: a pcapng file of ours, our dissector, and Debian's tshark."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cmi_gui.engine.traffic.dissector import FILE_NAME, dissector
from cmi_gui.engine.traffic.pcapng import pcapng_file
from cmi_gui.engine.traffic.store import TrafficRow

TSHARK = shutil.which("tshark")
needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed (Debian: apt-get install tshark)")
_SECONDS = 600.0


@dataclass(slots=True)
class Item:
    """A field of a packet, with the fields below it."""

    name: str
    show: str
    showname: str
    items: list[Item] = field(default_factory=list)

    def all(self, name: str) -> list[Item]:
        """Return all fields of a name, in order."""
        found = [self] if self.name == name else []
        return found + [item for each in self.items for item in each.all(name)]

    def texts(self, name: str) -> list[str]:
        """Return what all fields of a name show."""
        return [item.show for item in self.all(name)]

    def text(self, name: str) -> str | None:
        """Return what the only field of a name shows, None without one."""
        texts = self.texts(name)
        assert len(texts) < 2, (name, texts)
        return texts[0] if texts else None


class Tshark:
    """tshark with our dissector, in a folder for its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.script = folder / FILE_NAME
        self.script.write_text(dissector(), encoding="ascii")

    def run(self, *arguments: str) -> str:
        """Return the standard output; whatever Lua complains of on standard error is a failure."""
        assert TSHARK is not None
        command = [TSHARK, "-n", "-X", f"lua_script:{self.script}", *arguments]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        complaints = done.stderr.decode()
        assert done.returncode == 0, complaints
        assert "lua" not in complaints.replace(str(self.script), "").lower(), complaints
        return done.stdout.decode()

    def write(self, rows: Sequence[TrafficRow]) -> Path:
        """Write rows, whose times are seconds since the epoch, and return the file."""
        path = self.folder / "rows.pcapng"
        path.write_bytes(b"".join(pcapng_file(rows, lambda at: at)))
        return path

    def packets(self, rows: Sequence[TrafficRow]) -> list[Item]:
        """Return what tshark reads of each row; its own fields `_ws.col.Info` and the like are there too."""
        return list(self.packets_in(self.write(rows)))

    def packets_in(self, path: Path, *arguments: str) -> Iterator[Item]:
        """Yield what tshark reads of each packet of a file."""
        infos = self.run("-r", str(path), "-T", "fields", "-e", "_ws.col.Info", *arguments).splitlines()
        for info, packet in zip(infos, _elements(self.run("-r", str(path), "-T", "pdml", *arguments)), strict=True):
            item = _item(packet)
            assert not item.all("_ws.lua.error"), info
            item.items.append(Item("info", info, info))
            yield item


def _elements(pdml: str) -> Iterator[ElementTree.Element]:
    yield from ElementTree.fromstring(pdml).iter("packet")


def _item(element: ElementTree.Element) -> Item:
    item = Item(element.get("name", ""), element.get("show", ""), element.get("showname", ""))
    item.items = [_item(child) for child in element]
    return item
