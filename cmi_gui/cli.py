"""The command line; every command's work is in `cmi_gui.commands`, imported only when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SERVED_TRAFFIC = 4 << 20
"""Bytes of traffic that `serve` keeps: it is not shown there, and `serve` runs for months."""

app = typer.Typer(
    name="cmi-gui",
    help="The CMi1020 M-Bus module for the Landis+Gyr E350: a window, a slave, a decoder, a master.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
LinkOption = Annotated[
    str,
    typer.Option("--link", metavar="LINK", help="tcp://HOST:PORT, serial:/dev/ttyUSB0?baud=2400, pty:PATH or sim:"),
]
ModuleProfileOption = Annotated[
    Path | None,
    typer.Option("--module-profile", metavar="FILE", help="The module's profile, in place of the built-in one."),
]
MeterProfileOption = Annotated[
    Path | None,
    typer.Option("--meter-profile", metavar="FILE", help="The meter's profile, in place of the built-in one."),
]
FreshMeter = Annotated[
    bool, typer.Option("--fresh-meter", help="Start the simulated meter without what it counted before.")
]
Timeout = Annotated[
    float | None, typer.Option("--timeout", min=0.0, max=60.0, help="Seconds to wait beyond the standard's window.")
]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Tell version, build and what it stands on; with --json as JSON.")
    ] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Try this installation, without a screen and apart from your data.")
    ] = False,
    fresh_meter: FreshMeter = False,
    json: Annotated[bool, typer.Option("--json", hidden=True)] = False,
) -> None:
    """Without a command: the window, or with no display the module served headless."""
    if version:
        _tell_versions(json=json)
        raise typer.Exit
    if json:
        raise typer.BadParameter("goes with --version, or behind a command", param_hint="--json")
    if self_test:
        from cmi_gui.self_test.run import run as try_all

        raise typer.Exit(try_all())
    if context.invoked_subcommand is not None:
        if fresh_meter:
            raise typer.BadParameter("goes behind serve, or without a command", param_hint="--fresh-meter")
        return
    reason = _why_no_window()
    if reason is None:
        from cmi_gui.app import run

        raise typer.Exit(run(fresh_meter=fresh_meter))
    typer.echo(f"No window: {reason}. The module is served without one; read it with any M-Bus master.", err=True)
    serve(fresh_meter=fresh_meter)


def _tell_versions(*, json: bool) -> None:
    from dataclasses import asdict

    from cmi_gui.commands.output import emit_json
    from cmi_gui.versions import versions

    found = versions()
    if json:
        emit_json(asdict(found))
    else:
        typer.echo(found.text)


def _why_no_window() -> str | None:
    """Why no window can be shown, or None."""
    from cmi_gui.display import why_no_display

    reason = why_no_display()
    if reason is None:
        try:
            import PySide6.QtWidgets  # noqa: F401 - whether it can be
        except ImportError as error:
            reason = f"Qt cannot be loaded ({error})"
    return reason


@app.command("serve")
def serve(
    mbus: Annotated[
        list[str] | None,
        typer.Option("--mbus", metavar="LINK", help="Where masters connect; may be given more than once."),
    ] = None,
    meter: Annotated[str, typer.Option("--meter", metavar="LINK", help="The meter: sim: or a real one.")] = "sim:",
    state: Annotated[
        Path | None, typer.Option("--state", metavar="DIR", help="Folder that keeps settings and the meter's memory.")
    ] = None,
    variant: Annotated[str, typer.Option("--variant", help="Which simulated E350.")] = "M29",
    serial: Annotated[str, typer.Option("--serial", help="Serial number of the module, eight digits.")] = "12345678",
    interval: Annotated[float, typer.Option("--interval", help="Seconds from one readout to the next.")] = 60.0,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the simulated load.")] = 1,
    disconnector: Annotated[
        bool | None, typer.Option("--disconnector/--no-disconnector", help="Whether the simulated meter has one.")
    ] = None,
    fresh_meter: FreshMeter = False,
    paced: Annotated[
        bool, typer.Option("--paced/--no-paced", help="Whether characters on the simulated meter's wire take time.")
    ] = True,
    module_profile: ModuleProfileOption = None,
    meter_profile: MeterProfileOption = None,
    listen: Annotated[
        list[str] | None,
        typer.Option("--listen", metavar="LINK", help="A bus on which to listen only; may be given more than once."),
    ] = None,
    listen_meter: Annotated[
        list[str] | None,
        typer.Option("--listen-meter", metavar="LINK", help="A meter's line on which to listen only; likewise."),
    ] = None,
    control: Annotated[
        str | None,
        typer.Option("--control", metavar="LINK", help="Take control lines there too: tcp://127.0.0.1:PORT, 0 any."),
    ] = None,
    json: Json = False,
) -> None:
    """Serve the module without a window, until Ctrl-C. It is operated by control lines on standard input: try help."""
    from cmi_gui.commands.serve import serve as run
    from cmi_gui.engine.station.station import StationConfig, default_mbus_link
    from cmi_gui.engine.station.wiring import Listening

    config = StationConfig(
        mbus=tuple(mbus) if mbus else (default_mbus_link(),),
        meter=meter,
        variant=variant,
        serial=serial,
        state_dir=state,
        readout_interval=interval,
        seed=seed,
        paced=paced,
        has_disconnector=disconnector,
        fresh_meter=fresh_meter,
        module_profile=module_profile,
        meter_profile=meter_profile,
        traffic_bytes=SERVED_TRAFFIC,
        listen=(
            *(Listening(link, "mbus") for link in listen or ()),
            *(Listening(link, "meter") for link in listen_meter or ()),
        ),
    )
    run(config, control=control, json=json)


@app.command("decode")
def decode(
    telegram: Annotated[
        list[str] | None,
        typer.Argument(metavar="[HEX or FILE or -]", help="A telegram in hex; or a file, or - for standard input."),
    ] = None,
    json: Json = False,
) -> None:
    """M-Bus telegrams to readable text or JSON."""
    from cmi_gui.commands.decode import decode as run

    run(telegram or [], json=json)


Address = Annotated[
    int | None,
    typer.Option("--address", metavar="N", help="Primary address, 0 to 250; 254 for the only slave there is."),
]
Mask = Annotated[
    str | None,
    typer.Option("--id", metavar="MASK", help="Secondary address, as scan prints it."),
]


@app.command("read")
def read(
    link: LinkOption,
    address: Address = None,
    mask: Mask = None,
    telegrams: Annotated[
        int | None,
        typer.Option("--telegrams", metavar="N", min=1, max=1000, help="Read exactly N; all without this."),
    ] = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Read the telegrams of one slave."""
    from cmi_gui.commands.bus import read as run

    run(link, address, mask, telegrams, timeout, json=json)


@app.command("scan")
def scan(
    link: LinkOption,
    primary: Annotated[
        str | None,
        typer.Option("--primary", metavar="A-B", help="Range of primary addresses; 0-250 unless --secondary is given."),
    ] = None,
    secondary: Annotated[
        str | None, typer.Option("--secondary", metavar="MASK", help="Search by secondary address; FFFFFFFF finds all.")
    ] = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Find slaves on a bus."""
    from cmi_gui.commands.bus import scan as run

    run(link, primary, secondary, timeout, json=json)


@app.command("set")
def change(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A setting or action; `profile show` lists them.")],
    link: LinkOption,
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="What to set; a password is asked for, or piped in with -.")
    ] = None,
    address: Address = None,
    mask: Mask = None,
    action: Annotated[
        str, typer.Option("--action", help="write, or for lists add, delete and clear; clear erases the display.")
    ] = "write",
    module_profile: ModuleProfileOption = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Send one setting or action to a module, and see whether it took it."""
    from cmi_gui.commands.setting import change as run

    run(name, value, link, address, mask, action, module_profile, timeout, json=json)


@app.command("listen")
def listen(
    link: Annotated[
        str, typer.Option("--link", metavar="LINK", help="serial:/dev/ttyUSB0?baud=2400, tcp://HOST:PORT or pty:PATH")
    ],
    side: Annotated[
        str, typer.Option("--side", metavar="SIDE", help="What is spoken there: mbus, or meter for its optical head.")
    ] = "mbus",
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FILE", help="Write a capture too; one that is there already goes on."),
    ] = None,
    module_profile: ModuleProfileOption = None,
    json: Json = False,
) -> None:
    """Record and decode what others say on a wire, until Ctrl-C. Nothing is ever sent."""
    from cmi_gui.commands.listen import listen as run

    run(link, side, record, module_profile, json=json)


@app.command("ports")
def ports(json: Json = False) -> None:
    """The serial ports of this computer, and the LINK that names each of them for ever."""
    from cmi_gui.commands.ports import ports as run

    run(json=json)


profile = typer.Typer(
    help="The command table with its basis; validate a profile.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(profile, name="profile")


@profile.command("show")
def profile_show(module_profile: ModuleProfileOption = None, json: Json = False) -> None:
    """Every command with its value, its bytes and the basis of those."""
    from cmi_gui.commands.profile import show as run

    run(module_profile, json=json)


@profile.command("check")
def profile_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A profile of a module or of a meter.")],
    json: Json = False,
) -> None:
    """Validate a profile; what is wrong is told with file, key and rule."""
    from cmi_gui.commands.profile import check as run

    run(file, json=json)
