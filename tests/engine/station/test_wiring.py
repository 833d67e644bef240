"""Rewiring a running station: dropped, new and undisturbed links, and what is stored for the next start."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import LoopClock
from cmi_gui.engine.cmi1020.indicators import Condition
from cmi_gui.engine.e350.variants import VARIANTS
from cmi_gui.engine.events import ContactChanged, LinkChanged, Notice, ReadoutDone, ReadoutFailed, ReadoutStarted
from cmi_gui.engine.iec62056.events import START_LINE
from cmi_gui.engine.link.url import make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import LinkState
from cmi_gui.engine.station.config import StationConfig
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import OpenTrial, SignOnTrial, TrialResult, TrialVerdict
from cmi_gui.engine.station.station import Station
from cmi_gui.engine.station.wiring import Listening, StoredWiring, Use, Wiring, check_wiring, load_wiring, store_wiring
from tests.helpers.scripted_meter import scripted_meter
from tests.helpers.station_bench import Bench, port_of, readings_of, station
from tests.helpers.tcp import free_ports
from tests.helpers.waiting import WAIT_SECONDS, poll

pytestmark = pytest.mark.real_time(0.05, alone=False)  # an answer is due within 187.5 ms

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
RESET = bytes.fromhex("1040004016")
REQUEST = bytes.fromhex("105B005B16")


def tcp(port: int) -> str:
    return f"tcp://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection of a master, closed at the end in any case."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def ask(port: int, telegram: bytes = REQUEST) -> bytes:
    """Return the module's answer to one telegram on a new connection."""
    async with connection(port) as (reader, writer):
        writer.write(telegram)
        first = await asyncio.wait_for(reader.readexactly(1), WAIT_SECONDS)
        if first == b"\xe5":
            return first
        head = first + await reader.readexactly(3)
        return head + await reader.readexactly(head[1] + 2)


def side(made: Station, name: str) -> LinkStatus:
    return next(link for link in made.link_status if link.side == name)


def is_open(made: Station, name: str = "mbus") -> Callable[[], bool]:
    return lambda: side(made, name).state is LinkState.OPEN


# The bus side


@pytest.mark.asyncio
async def test_a_master_continues_at_the_new_port_and_the_old_one_is_closed() -> None:
    first, second = free_ports(2)
    async with station(mbus=(tcp(first),)) as made:
        assert (await ask(first))[:1] == b"\x68"
        made.rewire(replace(made.config.wiring, mbus=(tcp(second),)))
        await poll(is_open(made))
        assert (await ask(second))[:1] == b"\x68"
        with pytest.raises(ConnectionRefusedError):
            await ask(first)
        assert made.config.mbus == (tcp(second),)


@pytest.mark.asyncio
async def test_unchanged_links_are_not_disturbed() -> None:
    unchanged, dropped, new = free_ports(3)
    async with station(mbus=(tcp(unchanged), tcp(dropped))) as made, connection(unchanged) as (reader, writer):
        writer.write(RESET)
        assert await reader.readexactly(1) == b"\xe5"
        before = made.link_status[0]
        made.rewire(replace(made.config.wiring, mbus=(tcp(new), tcp(unchanged))))
        assert [link.link for link in made.link_status] == [tcp(new), tcp(unchanged), "sim:"]
        assert made.link_status[1] is before
        writer.write(RESET)
        assert await reader.readexactly(1) == b"\xe5"
        await poll(is_open(made))
        assert await ask(new, RESET) == b"\xe5"


@pytest.mark.asyncio
async def test_masters_inside_the_program_are_not_rewired() -> None:
    (port,) = free_ports(1)
    async with station() as made:
        far = made.connect_master()
        received: list[bytes] = []

        class Receiver:
            def received(self, data: bytes, last_byte_at: float) -> None:
                received.append(data)

            def line_event(self, *_: object) -> None: ...
            def done(self, *_: object) -> None: ...
            def state(self, *_: object) -> None: ...

        far.open(Receiver())
        made.rewire(Wiring((tcp(port),)))
        far.send(1, RESET, 0.0, float("inf"))
        await poll(lambda: received)
        assert received == [b"\xe5"]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("mbus", "meter", "code"),
    [
        (("tcp://127.0.0.1",), "sim:", "bad_link"),
        (("sim:",), "sim:", "sim"),
        (("tcp://127.0.0.1:7", "tcp://localhost:7"), "sim:", "wired_twice"),
        (("tcp://127.0.0.1:7", "tcp://0.0.0.0:7"), "sim:", "wired_twice"),
        (("serial:/dev/ttyX",), "serial:/dev/ttyX?baud=300", "wired_twice"),
        (("pty:/tmp/a",), "serial:/tmp/../tmp/a", "wired_twice"),
        (("serial:COM3",), "serial:com3", "wired_twice"),
        ((), "tcp://127.0.0.1:0", "bad_link"),
        ((), "pty:?baud=auto", "bad_link"),
        (("serial:COM3?framing=software",), "sim:", "bad_line"),
        ((), "nonsense", "bad_link"),
    ],
)
async def test_an_impossible_wiring_changes_nothing(mbus: tuple[str, ...], meter: str, code: str) -> None:
    async with station() as made:
        port, config = port_of(made), made.config
        with pytest.raises(LinkError) as caught:
            made.rewire(Wiring(mbus, meter))
        assert caught.value.code == code
        with pytest.raises(ValueError, match="no E350 variant 'M99'"):
            made.rewire(Wiring((), variant="M99"))
        assert made.config is config
        assert await ask(port, RESET) == b"\xe5"
        assert made.module.contact


@pytest.mark.parametrize(
    ("wiring", "expected"),
    [
        (
            Wiring(("tcp://127.0.0.1:7?max_baud=2400",)),
            "max_baud= applies only to the LINK of a meter. Remove it here.",
        ),
        (Wiring(("tcp://127.0.0.1:7?timeout=2",)), "timeout= applies only to a LINK on which this program waits"),
        (Wiring((), listen=(Listening("serial:A?timeout=0", "meter"),)), "timeout= applies only to a LINK"),
        (Wiring((), listen=(Listening("serial:A?max_baud=300", "meter"),)), "max_baud= applies only to"),
        (Wiring((), listen=(Listening("serial:A?max_baud=300"),)), "max_baud= applies only to"),
    ],
)
def test_options_that_have_no_sense_in_a_use_are_refused(wiring: Wiring, expected: str) -> None:
    with pytest.raises(LinkError, match=expected) as caught:
        check_wiring(wiring)
    assert caught.value.code == "bad_link"
    assert str(caught.value.message).startswith(wiring.mbus[0] if wiring.mbus else wiring.listen[0].link)


def test_only_a_meter_has_a_highest_speed_and_masters_wait_as_long_as_a_meter_is_waited_for() -> None:
    check_wiring(Wiring((), "tcp://127.0.0.1:7?timeout=2&max_baud=2400"))
    Use.MASTER.check_options(parse_link("tcp://127.0.0.1:7?timeout=2"))
    with pytest.raises(LinkError, match="max_baud= applies only to the LINK of a meter"):
        Use.MASTER.check_options(parse_link("COM3?max_baud=2400"))


def test_links_for_seven_bit_lines_can_be_wired_to_a_meter() -> None:
    link = "tcp://127.0.0.1:7?framing=software"
    check_wiring(Wiring((), link))
    check_wiring(Wiring((), listen=(Listening(link, "meter"),)))
    with pytest.raises(LinkError, match="cannot be sent that way"):
        check_wiring(Wiring((), listen=(Listening(link),)))


@pytest.mark.asyncio
async def test_a_port_in_use_is_reported_and_the_old_one_is_closed() -> None:
    """The station does not return to the old link by itself, because the window tries a link first."""
    (old,) = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with station(mbus=(tcp(old),)) as made:
            made.rewire(replace(made.config.wiring, mbus=(tcp(port),)))
            await poll(lambda: side(made, "mbus").state is LinkState.FAILED)
            status = side(made, "mbus")
            assert status.code == "port_in_use"
            assert status.message is not None
            assert f"Port {port}" in str(status.message)
            with pytest.raises(ConnectionRefusedError):
                await ask(old)
            taken.close()
            made.reconnect(status)
            await poll(is_open(made))
            assert await ask(port, RESET) == b"\xe5"


@pytest.mark.asyncio
async def test_a_link_can_be_lent_to_another_program() -> None:
    async with station() as made:
        port, status = port_of(made), made.link_status[0]
        made.rewire(replace(made.config.wiring, mbus=(tcp(port),)))
        status = made.link_status[0]
        await poll(is_open(made))
        made.disconnect(status)
        assert status.state is LinkState.CLOSED
        socket.create_server(("127.0.0.1", port)).close()
        made.reconnect(status)
        await poll(is_open(made))
        assert await ask(port, RESET) == b"\xe5"
        made.rewire(Wiring(()))
        for act in (made.disconnect, made.reconnect):
            with pytest.raises(ValueError, match="no longer wired"):
                act(status)


# The meter side


def test_another_variant_counts_on_and_begins_as_after_power_up() -> None:
    bench = Bench(variant="M29")
    bench.clock.advance(30)
    bench.station.set_rate_input("A", 230)
    bench.clock.advance(30)
    assert bench.station.module.state().rate == 2
    before = bench.station.meter
    assert before is not None
    before.set_register("1.8.1", 123_456_789, bench.clock.now())
    bench.events()
    bench.station.rewire(replace(bench.station.config.wiring, variant="M26"))
    events = bench.events(ContactChanged, ReadoutStarted, LinkChanged)
    assert [type(event).__name__ for event in events] == [
        "LinkChanged", "LinkChanged", "ContactChanged",
    ]  # fmt: skip
    assert bench.status() & 0x10
    bench.clock.advance(10)
    meter = bench.station.meter
    assert meter is not None
    assert meter.variant.name == "M26"
    assert bench.reading("1.8.1").startswith("123456.789")
    bench.clock.advance(10)
    assert bench.station.module.state().rate == 2, "the inputs choose this meter's rate too"


def test_a_disconnector_is_added_and_removed() -> None:
    bench = Bench(variant="M29")
    bench.clock.advance(10)
    wiring = bench.station.config.wiring
    bench.station.rewire(replace(wiring, has_disconnector=False))
    bench.clock.advance(10)
    assert bench.station.meter is not None
    assert not bench.station.meter.variant.has_disconnector
    same = bench.station.meter
    bench.station.rewire(replace(wiring, has_disconnector=False))
    assert bench.station.meter is same, "nothing changed, so nothing is exchanged"
    bench.station.rewire(replace(wiring, has_disconnector=True))
    assert bench.station.meter.variant.has_disconnector


def test_actions_for_the_previous_meter_are_dropped_with_a_notice() -> None:
    bench = Bench()
    bench.clock.advance(10)
    bench.events()
    bench.station.press_button()
    bench.station.rewire(replace(bench.station.config.wiring, variant="M27"))
    assert [event.code for event in bench.events(Notice) if isinstance(event, Notice)] == ["meter_changed"]
    bench.clock.advance(60)
    assert bench.station.meter is not None
    assert bench.station.meter.closed, "the request was not for the new meter's disconnector"
    assert bench.station.module.contact


def test_a_meter_that_is_disconnected_in_a_readout_is_lost_like_a_pulled_wire_and_found_again() -> None:
    bench = Bench()
    bench.clock.advance(10)
    status = bench.station.link_status[-1]
    bench.station.read_now()
    bench.clock.advance(1)
    assert bench.station.module.state().readout_line is not None
    bench.events()
    bench.station.disconnect(status)
    (failed,) = bench.events(ReadoutFailed)
    assert isinstance(failed, ReadoutFailed)
    assert failed.cause == "link"
    assert status.state is LinkState.CLOSED
    assert status.code == "disconnected"
    bench.clock.advance(30)
    assert bench.station.module.indicators.condition is Condition.NO_METER
    bench.station.reconnect(status)
    assert status.state is LinkState.OPEN
    bench.clock.advance(10)
    assert bench.station.module.contact


def test_with_no_bus_voltage_another_meter_is_wired_in_the_dark() -> None:
    bench = Bench()
    bench.clock.advance(10)
    bench.station.set_bus_voltage(0)
    bench.events()
    bench.station.rewire(replace(bench.station.config.wiring, variant="M27"))
    bench.clock.advance(120)
    assert not bench.events(ReadoutStarted, ContactChanged)
    bench.station.set_bus_voltage(24)
    bench.clock.advance(10)
    assert "M27" in (bench.station.module.identification or "")


def test_before_the_start_it_can_be_wired_too() -> None:
    from cmi_gui.engine.clock import VirtualClock

    clock = VirtualClock()
    made = Station(StationConfig(mbus=()), clock)
    made.rewire(replace(made.config.wiring, variant="M27"))
    made.start()
    clock.advance(10)
    assert "M27" in (made.module.identification or "")
    made.stop()
    made.start()
    clock.advance(10)
    assert made.module.contact


@posix
@pytest.mark.asyncio
async def test_a_real_meter_and_back_to_the_simulated_one_which_has_counted_on(tmp_path: Path) -> None:
    path = str(tmp_path / "meter")
    async with station() as made:
        clock = made.clock
        assert isinstance(clock, LoopClock)
        built_in = made.meter
        assert built_in is not None
        built_in.set_register("1.8.1", 500_000_000, clock.now())
        number = made.module.meter_number
        subscription = made.subscribe()
        made.rewire(replace(made.config.wiring, meter=f"pty:{path}"))
        assert made.meter is None
        await poll(is_open(made, "meter"))
        assert not made.module.contact
        assert made.module.meter_number == number, "the last readings stay, stale"
        answer = await ask(port_of(made))
        assert answer[16] & 0x10
        with scripted_meter(path):
            await poll(lambda: made.module.contact)
            assert made.module.meter_number == "11223344"
            assert made.module.identification == "LGZ4ZMF100AC.M26"
            assert side(made, "meter").bytes_in > 100
            made.rewire(replace(made.config.wiring, meter="sim:"))
            assert not os.path.lexists(path)
            await poll(lambda: made.module.contact)
        assert made.meter is built_in
        assert made.module.meter_number == number
        assert built_in.registers is not None
        assert readings_of(made.module)["1.8.1"].number is not None
        assert readings_of(made.module)["1.8.1"].number >= 500_000
        states = [
            (event.url.partition(":")[0], event.state)
            for event in (stamped.event for stamped in subscription.drain())
            if isinstance(event, LinkChanged) and event.side == "meter"
        ]
        assert states == [
            ("sim", "closed"), ("pty", "opening"), ("pty", "open"), ("pty", "closed"), ("sim", "open")
        ]  # fmt: skip


@posix
@pytest.mark.asyncio
async def test_fifty_rewirings_under_a_reading_master_leave_nothing_open(tmp_path: Path) -> None:
    """Both sides, all kinds; after each change a master reads at the new place."""
    ports = free_ports(2)
    path = str(tmp_path / "bus")

    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    async with station(mbus=(tcp(ports[1]),)) as made, contextlib.AsyncExitStack() as before:
        await ask(ports[1])
        await asyncio.sleep(0.1)
        threads, files = threading.active_count(), descriptors()
        reader: asyncio.StreamReader | None = None
        for turn in range(50):
            port = ports[turn % 2]
            meter = ("sim:", f"pty:{tmp_path / 'meter'}", "tcp://127.0.0.1:9")[turn % 3]
            links = (tcp(port), f"pty:{path}") if turn % 5 else (tcp(port),)
            made.rewire(Wiring(links, meter, "M27" if turn % 4 else "M29"))
            await poll(is_open(made))
            if reader is not None:
                # The old connection ends whatever was in transit, with a reset if the module had not read it.
                with contextlib.suppress(ConnectionResetError):
                    await asyncio.wait_for(reader.read(), WAIT_SECONDS)
                await before.aclose()
            reader, writer = await before.enter_async_context(connection(port))
            writer.write(RESET + REQUEST)
            assert await asyncio.wait_for(reader.readexactly(1), WAIT_SECONDS) == b"\xe5"
            writer.write(REQUEST)
        made.rewire(Wiring((tcp(ports[1]),)))
        await before.aclose()
        await poll(lambda: made.module.contact)
        await poll(lambda: threading.active_count() <= threads)
        await poll(lambda: descriptors() <= files)


# Trying a link first


async def tried(trial: Callable[[Callable[[TrialResult], None]], OpenTrial | SignOnTrial]) -> TrialResult:
    results: list[TrialResult] = []
    made = trial(results.append)
    made.start()
    await poll(lambda: results)
    made.cancel()
    assert len(results) == 1
    return results[0]


def clock_now() -> LoopClock:
    return LoopClock(asyncio.get_running_loop())


@pytest.mark.asyncio
async def test_a_free_port_opens_and_is_free_again() -> None:
    (port,) = free_ports(1)
    clock = clock_now()
    link = make_link(parse_link(tcp(port)), clock, "listen", START_LINE)
    result = await tried(lambda on_result: OpenTrial(link, clock, on_result))
    assert (result.verdict, result.url) == (TrialVerdict.OPENED, tcp(port))
    socket.create_server(("127.0.0.1", port)).close()


@pytest.mark.asyncio
async def test_a_trial_of_a_port_in_use_reports_the_cause() -> None:
    clock = clock_now()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        link = make_link(parse_link(tcp(taken.getsockname()[1])), clock, "listen", START_LINE)
        result = await tried(lambda on_result: OpenTrial(link, clock, on_result))
    assert result.verdict is TrialVerdict.FAILED
    assert result.cause is not None
    assert result.cause.code == "port_in_use"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("data", "verdict", "telegrams"),
    [(REQUEST * 3, TrialVerdict.RECEIVED, 3), (b"hello", TrialVerdict.NOISE, 0), (b"", TrialVerdict.OPENED, 0)],
)
async def test_a_trial_counts_telegrams_of_masters(data: bytes, verdict: TrialVerdict, telegrams: int) -> None:
    clock = clock_now()
    (port,) = free_ports(1)
    link = make_link(parse_link(tcp(port)), clock, "listen", START_LINE)
    results: list[TrialResult] = []
    trial = OpenTrial(link, clock, results.append, listen=0.5)
    trial.start()
    writer = None
    while writer is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.005)
    writer.write(data)
    await poll(lambda: results)
    writer.close()
    (result,) = results
    assert (result.verdict, result.telegrams, result.bytes_in) == (verdict, telegrams, len(data))


@posix
@pytest.mark.asyncio
async def test_a_trial_asks_a_meter_for_its_identification(tmp_path: Path) -> None:
    clock = clock_now()
    path = f"pty:{tmp_path / 'meter'}"
    link = make_link(parse_link(path), clock, "listen", START_LINE)
    results: list[TrialResult] = []
    trial = SignOnTrial(link, clock, results.append)
    trial.start()
    await poll(lambda: os.path.lexists(path[4:]))
    with scripted_meter(path[4:]):
        await poll(lambda: results)
    (result,) = results
    assert (result.verdict, result.text) == (TrialVerdict.IDENTIFIED, "LGZ4ZMF100AC.M26")
    assert not os.path.lexists(path[4:])


@pytest.mark.asyncio
async def test_a_trial_reports_what_is_received_instead_of_a_meter() -> None:
    clock = clock_now()

    async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            writer.write(b"220 mail\r\n")
        writer.close()

    server = await asyncio.start_server(chatter, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    link = make_link(parse_link(tcp(port)), clock, "connect", START_LINE)
    result = await tried(lambda on_result: SignOnTrial(link, clock, on_result))
    server.close()
    await server.wait_closed()
    assert result.verdict is TrialVerdict.NO_METER
    assert result.meter_cause is not None
    assert result.meter_cause.value == "garbage"
    assert result.bytes_in > 0


@pytest.mark.asyncio
async def test_a_cancelled_trial_has_no_result() -> None:
    clock = clock_now()
    results: list[TrialResult] = []
    trial = OpenTrial(make_link(parse_link(tcp(0)), clock, "listen", START_LINE), clock, results.append)
    trial.start()
    trial.cancel()
    await asyncio.sleep(0.1)
    assert not results


# Keeping it

LINKS = st.one_of(
    st.builds(tcp, st.integers(1, 65535)),
    st.builds("serial:/dev/tty{}?baud={}".format, st.sampled_from(["A", "B", "USB0"]), st.integers(1, 115200)),
    st.builds("pty:/tmp/{}".format, st.text("abcå _%&", min_size=1, max_size=8)),
)


@given(
    mbus=st.none() | st.lists(LINKS, max_size=4),
    meter=st.none() | st.just("sim:") | LINKS,
    variant=st.none() | st.sampled_from(sorted(VARIANTS)),
    has_disconnector=st.none() | st.booleans(),
    listen=st.none() | st.lists(st.builds(Listening, LINKS, st.sampled_from(["mbus", "meter"])), max_size=3),
)
def test_what_is_stored_is_loaded_again(
    tmp_path_factory: pytest.TempPathFactory,
    mbus: list[str] | None,
    meter: str | None,
    variant: str | None,
    has_disconnector: bool | None,
    listen: list[Listening] | None,
) -> None:
    folder = tmp_path_factory.mktemp("state")
    wiring = Wiring(tuple(mbus or ()), meter or "sim:", variant or "M29", has_disconnector, tuple(listen or ()))
    chosen = {
        "mbus": mbus, "meter": meter, "variant": variant, "has_disconnector": has_disconnector, "listen": listen
    }  # fmt: skip
    try:
        check_wiring(wiring)
    except LinkError:
        with pytest.raises(ValueError, match="use the same port"):
            store_wiring(folder, **chosen)
        assert load_wiring(folder) == (StoredWiring(), None)
        return
    store_wiring(folder, **chosen)
    stored, problem = load_wiring(folder)
    assert problem is None
    assert stored.over(Wiring(("tcp://127.0.0.1:10002",))) == replace(
        wiring, mbus=("tcp://127.0.0.1:10002",) if mbus is None else wiring.mbus
    )


def test_each_choice_is_stored_with_the_others_and_the_default_is_none(tmp_path: Path) -> None:
    store_wiring(tmp_path, variant="M26")
    store_wiring(tmp_path, meter="serial:COM3")
    stored, _ = load_wiring(tmp_path)
    assert stored == StoredWiring(meter="serial:COM3", variant="M26")
    assert stored.over(Wiring((tcp(10002),))).mbus == (tcp(10002),), "the next free port, wherever that is"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('mbus = ["tcp://x"]', "the port is missing"),
        ("mbus = 3", "Expected `array"),
        ('meters = "sim:"', "unknown field `meters`"),
        ('variant = "M99"', "no E350 variant 'M99'"),
        ("mbus = [", ""),
        ("", "it is empty"),
        ('mbus = ["serial:A", "serial:A"]', "use the same port"),
        ('mbus = ["serial:A"]\nlisten = [{link = "serial:A"}]', "use the same port"),
        ('listen = [{link = "serial:A", side = "gas"}]', "Invalid enum value 'gas'"),
        ('listen = [{link = "serial:A", port = 3}]', "unknown field `port`"),
    ],
)
def test_a_damaged_file_is_renamed_and_named(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "wiring.toml").write_text(content)
    stored, problem = load_wiring(tmp_path)
    assert stored == StoredWiring()
    assert problem is not None
    assert reason in str(problem)
    assert str(problem).endswith("the default wiring is used")
    (aside,) = tmp_path.glob("wiring-damaged-*.toml")
    assert aside.name in str(problem)
    assert aside.read_text() == content


def test_without_a_folder_nothing_is_saved() -> None:
    assert load_wiring(None) == (StoredWiring(), None)


def test_a_readout_runs_after_each_kind_of_change() -> None:
    bench = Bench()
    for variant in ("M26", "full", "M55", "M22"):
        bench.station.rewire(replace(bench.station.config.wiring, variant=variant))
        bench.events()
        bench.clock.advance(40)
        (done, *_) = bench.events(ReadoutDone)
        assert isinstance(done, ReadoutDone)
        assert bench.station.meter is not None
        assert done.identification.endswith(bench.station.meter.variant.ident)
