"""The command line. The commands themselves are in `cmi_gui.commands`, imported only when they run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

SERVED_TRAFFIC = 4 << 20
"""Bytes of traffic that `serve` holds in memory; few, because `serve` shows no traffic and runs for months."""

app = typer.Typer(
    name="cmi-gui",
    help=(
        "The CMi1020 M-Bus module for the Landis+Gyr E350 meter, and an M-Bus master for real modules."
        "\n\nWithout a command, open the window; without a display, serve the module instead (see serve)."
    ),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, Option("--json", help="Write JSON to standard output, and nothing else.")]
LinkOption = Annotated[
    str,
    Option(
        metavar="LINK",
        help="Link to the bus: tcp://HOST:PORT, serial:/dev/ttyUSB0?baud=2400, pty:PATH, or sim: (built-in module).",
    ),
]
ModuleProfileOption = Annotated[
    Path | None, Option(metavar="FILE", help="Profile of the module, instead of the built-in one.")
]
MeterProfileOption = Annotated[
    Path | None, Option(metavar="FILE", help="Profile of the meter, instead of the built-in one.")
]
FreshMeter = Annotated[
    bool, Option("--fresh-meter", help="Start a new simulated meter instead of continuing the stored one.")
]
Timeout = Annotated[
    float | None,
    Option(
        metavar="SECONDS", min=0.0, max=60.0, help="Extra time to wait for an answer, beyond the standard's window."
    ),
]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, Option("--version", help="Print version, build and library versions; with --json as JSON.")
    ] = False,
    self_test: Annotated[
        bool, Option("--self-test", help="Test this installation without opening a window or touching your data.")
    ] = False,
    fresh_meter: FreshMeter = False,
    json: Annotated[bool, Option("--json", hidden=True)] = False,
) -> None:
    """Open the window. Without a display, serve the module instead."""
    if version:
        _print_versions(json=json)
        raise typer.Exit
    if json:
        raise typer.BadParameter("use it with --version, or after a command", param_hint="--json")
    if self_test:
        from cmi_gui.self_test.run import run as try_all

        raise typer.Exit(try_all())
    if context.invoked_subcommand is not None:
        if fresh_meter:
            raise typer.BadParameter("use it without a command, or after serve", param_hint="--fresh-meter")
        return
    reason = _why_no_window()
    if reason is None:
        from cmi_gui.app import run

        raise typer.Exit(run(fresh_meter=fresh_meter))
    typer.echo(f"Cannot open a window: {reason}. Serving the module without one.", err=True)
    serve(fresh_meter=fresh_meter)


def _print_versions(*, json: bool) -> None:
    from dataclasses import asdict

    from cmi_gui.commands.output import emit_json
    from cmi_gui.versions import versions

    found = versions()
    if json:
        emit_json(asdict(found))
    else:
        typer.echo(found.text)


def _why_no_window() -> str | None:
    """Return why no window can be shown, or None."""
    from cmi_gui.display import why_no_display

    reason = why_no_display()
    if reason is None:
        try:
            import PySide6.QtWidgets  # noqa: F401 - only tried
        except ImportError as error:
            reason = f"Qt cannot be loaded ({error})"
    return reason


@app.command("open")
def open_file(
    file: Annotated[
        Path,
        Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            resolve_path=True,
            help="A capture, log, site (.site.toml) or room.",
        ),
    ],
) -> None:
    """Open a file in the window; `cmi-gui FILE` does the same, as desktops call it."""
    from cmi_gui.commands.output import NO_ANSWER, fail

    reason = _why_no_window()
    if reason is not None:
        fail(f"Cannot open a window: {reason}", NO_ANSWER, code="no_window", json=False)
    from cmi_gui.app import run

    raise typer.Exit(run(file=file))


@app.command("serve")
def serve(
    mbus: Annotated[
        list[str] | None,
        Option(metavar="LINK", help="Serve M-Bus masters here; default: a local TCP port. May be repeated."),
    ] = None,
    modules: Annotated[
        int | None,
        Option(metavar="N", help="Serve a room of N modules, 1 to 250, on one wire; --seed makes another room."),
    ] = None,
    room: Annotated[
        Path | None, Option(metavar="FILE", help="Serve the modules of this room file on one wire.")
    ] = None,
    meter: Annotated[
        str | None,
        Option(metavar="LINK", help="Meter of the module: sim: (simulated; default) or the link to a real one."),
    ] = None,
    meter_port: Annotated[
        str | None,
        Option(
            metavar="[MODULE=]LINK",
            help="Let IEC 62056-21 readers read the simulated meter itself here; in a room, that of MODULE.",
        ),
    ] = None,
    state: Annotated[
        Path | None,
        Option(metavar="DIR", help="Store settings and the meter's memory in this folder; default: store nothing."),
    ] = None,
    variant: Annotated[
        str | None, Option(metavar="NAME", help="Variant of the simulated E350, such as M23 or full; default: M29.")
    ] = None,
    serial: Annotated[
        str | None, Option(metavar="NUMBER", help="Serial number of the module, eight digits; default: 12345678.")
    ] = None,
    interval: Annotated[
        float | None, Option(metavar="SECONDS", help="Time between readouts of the meter; default: 60.")
    ] = None,
    seed: Annotated[
        int | None, Option(metavar="N", help="Random seed of the simulated load, or of a room; default: 1.")
    ] = None,
    disconnector: Annotated[bool | None, Option(help="Give the simulated meter a disconnector.")] = None,
    fresh_meter: FreshMeter = False,
    paced: Annotated[bool, Option(help="Simulate the transmission time between module and meter.")] = True,
    module_profile: ModuleProfileOption = None,
    meter_profile: MeterProfileOption = None,
    listen: Annotated[
        list[str] | None, Option(metavar="LINK", help="Also listen on this bus, without sending. May be repeated.")
    ] = None,
    listen_meter: Annotated[
        list[str] | None,
        Option(metavar="LINK", help="Also listen on this meter line, without sending. May be repeated."),
    ] = None,
    control: Annotated[
        str | None,
        Option(metavar="LINK", help="Also accept control lines at tcp://127.0.0.1:PORT; port 0 is any free one."),
    ] = None,
    control_token: Annotated[
        Path | None,
        Option(metavar="FILE", help="Connections to --control must begin with the token in this file (mode 600)."),
    ] = None,
    json: Json = False,
) -> None:
    """Serve the module, or a room of modules on one wire, to M-Bus masters until Ctrl-C.

    Control lines on standard input operate the module; "help" lists them.
    """
    from cmi_gui.commands.output import wrong_use_fails
    from cmi_gui.commands.serve import serve as run
    from cmi_gui.commands.served_room import served_meter_port, served_points
    from cmi_gui.engine.station.config import StationConfig, default_mbus_link
    from cmi_gui.engine.station.wiring import Listening

    single = {"meter": meter, "variant": variant, "serial": serial, "has_disconnector": disconnector}
    given: dict[str, Any] = {name: value for name, value in single.items() if value is not None}
    with wrong_use_fails(json=json):
        points = served_points(
            modules,
            room,
            seed=seed,
            interval=interval,
            paced=paced,
            others={
                "--meter": meter,
                "--state": state,
                "--variant": variant,
                "--serial": serial,
                "--disconnector": disconnector is not None,
                "--fresh-meter": fresh_meter,
            },
        )
        port_of, port = served_meter_port(meter_port, points)
    config = StationConfig(
        mbus=tuple(mbus) if mbus else (default_mbus_link(),),
        state_dir=state,
        readout_interval=60.0 if interval is None else interval,
        seed=1 if seed is None else seed,
        paced=paced,
        modules=points,
        meter_port=port,
        meter_port_of=port_of,
        fresh_meter=fresh_meter,
        module_profile=module_profile,
        meter_profile=meter_profile,
        traffic_bytes=SERVED_TRAFFIC,
        listen=(
            *(Listening(link, "mbus") for link in listen or ()),
            *(Listening(link, "meter") for link in listen_meter or ()),
        ),
        **given,
    )
    run(config, control=control, control_token=control_token, json=json)


@app.command("play")
def play(
    files: Annotated[list[Path], Argument(metavar="FILE...", help="Scenarios, played in this order.")],
    junit: Annotated[Path | None, Option(metavar="FILE", help="Write a report in JUnit XML.")] = None,
    speed: Annotated[
        str | None, Option(metavar="FACTOR", help="Let the time of modules and meters pass faster, such as x60.")
    ] = None,
    link: Annotated[
        str | None,
        Option(metavar="LINK", help="Play in real time and serve M-Bus masters here; default: virtual time, no link."),
    ] = None,
    json: Json = False,
) -> None:
    """Play scenarios: files of control lines with times and expectations.

    Ends with 1 at the first line that does not have the expected result.
    """
    from cmi_gui.commands.play import play as run

    run(files, junit, speed, link, json=json)


@app.command("decode")
def decode(
    telegram: Annotated[
        list[str] | None,
        Argument(metavar="HEX|FILE|-", help="A telegram in hex, a file of telegrams, or - for standard input."),
    ] = None,
    json: Json = False,
) -> None:
    """Decode M-Bus telegrams to text or JSON."""
    from cmi_gui.commands.decode import decode as run

    run(telegram or [], json=json)


Address = Annotated[int | None, Option(metavar="N", help="Primary address, 0 to 250; 254 if there is only one slave.")]
Mask = Annotated[str | None, Option("--id", metavar="MASK", help="Secondary address, as printed by scan.")]


SiteLink = Annotated[
    str | None,
    Option(
        "--link",
        metavar="LINK",
        help="Link to the bus, as for scan; with --site, the default is the one that the site used last.",
    ),
]
SiteFile = Annotated[
    Path | None, Option("--site", metavar="FILE", help="Site file: work on its modules instead of one slave.")
]
Only = Annotated[
    list[str] | None,
    Option("--only", metavar="SERIAL", help="With --site: only the module with this serial number. May be repeated."),
]


@app.command("read")
def read(
    link: SiteLink = None,
    address: Address = None,
    mask: Mask = None,
    telegrams: Annotated[
        int | None, Option(metavar="N", min=1, max=1000, help="Read exactly N telegrams instead of all.")
    ] = None,
    site: SiteFile = None,
    only: Only = None,
    codes: Annotated[
        str | None,
        Option(metavar="CODES", help="With --site: OBIS codes, such as 1.8.0,2.8.0; default: the registers of energy."),
    ] = None,
    every: Annotated[
        str | None,
        Option(metavar="TIME", help="With --site: read again and again, as 15m or 1h, aligned to the clock."),
    ] = None,
    out: Annotated[
        Path | None,
        Option(
            metavar="FILE",
            help="With --site: write the values to FILE.csv, .xlsx or .json; with --every, add them to FILE.csv or"
            " .jsonl.",
        ),
    ] = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Read all telegrams of one slave, or the modules of a site.

    With --site: a line for each module. The site file gets the readings; with --every, the history gets them too, and
    a FILE that exists is continued without a double row. Ends with 0 if all were read, with 1 if a module was not, or
    nothing could be; with --every, Ctrl-C ends it with 0.
    """
    slave = {"--address": address, "--id": mask, "--telegrams": telegrams}
    of_site = {"--only": only, "--codes": codes, "--every": every, "--out": out}
    _check_target(site, link, slave, of_site, json=json)
    if site is not None:
        from cmi_gui.commands.site_reading import read_site_modules

        read_site_modules(site, link, only or [], codes, every, out, timeout, json=json)
        return
    from cmi_gui.commands.bus import read as run

    run(link or "", address, mask, telegrams, timeout, json=json)


def _check_target(
    site: Path | None, link: str | None, slave: Mapping[str, object], of_site: Mapping[str, object], *, json: bool
) -> None:
    """End the command if it has options that do not fit together: those of one slave, and those of a site."""
    from cmi_gui.commands.output import WRONG_USE, fail

    wrong = slave if site is not None else of_site
    given = next((name for name, value in wrong.items() if value is not None and value is not False), None)
    if given is not None:
        message = f"{given} is not for the modules of a site" if site is not None else f"{given} needs --site"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    if site is None and link is None:
        fail("name the bus with --link LINK", WRONG_USE, code="wrong_use", json=json)


@app.command("scan")
def scan(
    link: LinkOption,
    primary: Annotated[
        str | None,
        Option(metavar="A-B", help="Search primary addresses A to B; without --secondary, 0-250 is the default."),
    ] = None,
    secondary: Annotated[
        str | None, Option(metavar="MASK", help="Search by secondary address; FFFFFFFF finds every slave.")
    ] = None,
    save: Annotated[
        Path | None,
        Option(metavar="SITE", help="Write the modules found to this site file; by secondary address by default."),
    ] = None,
    expect: Annotated[
        int | None, Option(metavar="N", min=1, help="With --save: stop after N modules, not those of the site.")
    ] = None,
    everything: Annotated[
        bool, Option("--all", help="With --save: go on when all expected modules are found.")
    ] = False,
    restart: Annotated[bool, Option("--restart", help="With --save: do not continue an interrupted search.")] = False,
    break_off: Annotated[
        bool, Option("--break-off", help="With --save: break off each answer behind its header, which is faster.")
    ] = False,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Find slaves on a bus."""
    if save is not None:
        from cmi_gui.commands.site_scan import scan_to_site

        scan_to_site(
            link,
            primary,
            secondary,
            save,
            expect,
            timeout,
            everything=everything,
            restart=restart,
            break_off=break_off,
            json=json,
        )
        return
    if expect is not None or everything or restart or break_off:
        from cmi_gui.commands.output import WRONG_USE, fail

        message = "--expect, --all, --restart and --break-off need --save SITE"
        fail(message, WRONG_USE, code="wrong_use", json=json)
    from cmi_gui.commands.bus import scan as run

    run(link, primary, secondary, timeout, json=json)


@app.command("set")
def change(
    name: Annotated[str, Argument(metavar="NAME", help="Setting or action, as listed by 'profile show'.")],
    link: SiteLink = None,
    value: Annotated[
        str | None,
        Argument(metavar="VALUE", help="New value. Passwords are prompted for, or read from standard input with -."),
    ] = None,
    address: Address = None,
    mask: Mask = None,
    action: Annotated[
        str, Option(metavar="ACTION", help="write; for lists also add, delete and clear; clear erases the display.")
    ] = "write",
    site: SiteFile = None,
    only: Only = None,
    confirm: Annotated[
        str | None,
        Option(
            metavar="DIGITS",
            help="With --site: the last four digits of the meter's number, for the disconnector and factory values,"
            " which go to one module.",
        ),
    ] = None,
    show_place: Annotated[
        bool, Option("--show-place", help="With --site: show on each meter's display the place of its module.")
    ] = False,
    module_profile: ModuleProfileOption = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Write one setting or trigger one action of a module, or an action of the modules of a site.

    With --site: rate, display and clear_errors go to all modules or those of --only; every other action to one. Ends
    with 1 if a module did not accept it.
    """
    slave = {"--address": address, "--id": mask, "--action": None if action == "write" else action}
    of_site = {"--only": only, "--confirm": confirm, "--show-place": show_place}
    _check_target(site, link, slave, of_site, json=json)
    if site is not None:
        from cmi_gui.commands.site_actions import act_on_site

        act_on_site(
            name, value, site, link, only or [], confirm, module_profile, timeout, show_place=show_place, json=json
        )
        return
    from cmi_gui.commands.setting import change as run

    run(name, value, link or "", address, mask, action, module_profile, timeout, json=json)


@app.command("report")
def report(
    site: Annotated[Path, Option(metavar="FILE", help="Site, as saved by the window or by scan --save.")],
    out: Annotated[Path, Option(metavar="FILE", help="Report to write: .pdf, .html, .xlsx or .json.")],
    language: Annotated[str, Option(metavar="CODE", help="Language of the report: en, sv or de.")] = "en",
    readings: Annotated[
        bool, Option("--with-readings/--without-readings", help="Include the energy registers of the visit, or not.")
    ] = True,
    place: Annotated[
        str | None, Option(metavar="FLAT", help="Report only on the modules at this place, for those who live there.")
    ] = None,
    remove_readings: Annotated[
        bool,
        Option("--remove-readings", help="Then remove this site's readings from its file and from the history here."),
    ] = False,
    module_profile: ModuleProfileOption = None,
    json: Json = False,
) -> None:
    """Write the report on a site; needs no display."""
    from cmi_gui.commands.report import report as run

    run(
        site,
        out,
        language,
        place,
        module_profile,
        readings=readings,
        remove_readings=remove_readings,
        json=json,
    )


SiteOption = Annotated[Path, Option(metavar="SITE", help="File of the site, such as brf-eken.site.toml.")]


@app.command("configure")
def configure(
    site: SiteOption,
    plan: Annotated[
        Path | None,
        Option(metavar="FILE", help="CSV or Excel file with what the modules are to have; its columns are settings."),
    ] = None,
    only: Annotated[
        list[str] | None, Option(metavar="SERIAL", help="Write only the module with this serial number. Repeatable.")
    ] = None,
    password: Annotated[
        list[str] | None,
        Option(metavar="NAME", help="Also write this password, p1 or p2; asked for once, or read from standard input."),
    ] = None,
    link: Annotated[
        str | None, Option(metavar="LINK", help="Link to the bus; default: the one that the site used last.")
    ] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would be written, and send nothing.")] = False,
    resume: Annotated[
        bool, Option("--resume", help="Go on after an interrupted write; what may have been sent is read first.")
    ] = False,
    yes: Annotated[bool, Option("--yes", help="Write all modules without a question after the first one.")] = False,
    module_profile: ModuleProfileOption = None,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Write to the modules of a site what is wanted of them: the first one alone, then the others.

    Ends with 1 if something was not written or is not known to be.
    """
    from cmi_gui.commands.configure import configure as run

    run(
        site,
        link,
        plan,
        only or [],
        password or [],
        module_profile,
        timeout,
        dry_run=dry_run,
        resumed=resume,
        yes=yes,
        json=json,
    )


@app.command("send")
def send(
    telegram: Annotated[
        list[str], Argument(metavar="HEX", help="The telegram in hex; a damaged one is sent as it is.")
    ],
    link: LinkOption,
    yes: Annotated[bool, Option("--yes", help="Send it even if it may change something in a real slave.")] = False,
    timeout: Timeout = None,
    json: Json = False,
) -> None:
    """Send one telegram once and print the answer."""
    from cmi_gui.commands.sending import send as run

    run(telegram, link, timeout, yes=yes, json=json)


@app.command("listen")
def listen(
    link: Annotated[
        str,
        Option(metavar="LINK", help="Link to the wire: serial:/dev/ttyUSB0?baud=2400, tcp://HOST:PORT or pty:PATH."),
    ],
    side: Annotated[str, Option(metavar="SIDE", help="Protocol on the wire: mbus, or meter (IEC 62056-21).")] = "mbus",
    record: Annotated[
        Path | None, Option(metavar="FILE", help="Also record to this capture; an existing capture is continued.")
    ] = None,
    pcap: Annotated[
        str | None,
        Option(metavar="FILE", help="Also write a new pcapng file; - is standard output, for wireshark -k -i -."),
    ] = None,
    module_profile: ModuleProfileOption = None,
    json: Json = False,
) -> None:
    """Decode the traffic on a wire. Never sends; Ctrl-C ends it."""
    from cmi_gui.commands.listen import listen as run

    run(link, side, record, pcap, module_profile, json=json)


@app.command("export")
def export(
    capture: Annotated[Path, Argument(metavar="CAPTURE", help="A capture, or a log of telegrams of another tool.")],
    file: Annotated[str, Argument(metavar="FILE", help="The file to write: NAME.pcapng, or - for standard output.")],
    module_profile: ModuleProfileOption = None,
    json: Json = False,
) -> None:
    """Write a capture as pcapng, for Wireshark. Passwords are masked."""
    from cmi_gui.commands.pcap import export as run

    run(capture, file, module_profile, json=json)


@app.command("dissector")
def dissector(
    out: Annotated[
        Path | None, Option(metavar="FILE", help="Write it to this file instead of standard output.")
    ] = None,
) -> None:
    """Write the dissector for Wireshark: M-Bus, IEC 62056-21 and the captures of this program."""
    from cmi_gui.commands.pcap import dissector as run

    run(out)


@app.command("ports")
def ports(json: Json = False) -> None:
    """List the serial ports, each with its LINK."""
    from cmi_gui.commands.ports import ports as run

    run(json=json)


profile = typer.Typer(
    help="Show the commands of a module, or validate a profile.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(profile, name="profile")


@profile.command("show")
def profile_show(module_profile: ModuleProfileOption = None, json: Json = False) -> None:
    """List every command with its value, its bytes and their basis."""
    from cmi_gui.commands.profile import show as run

    run(module_profile, json=json)


@profile.command("check")
def profile_check(
    file: Annotated[Path, Argument(metavar="FILE", help="Profile of a module or a meter.")], json: Json = False
) -> None:
    """Validate a profile; an error names file, key and rule."""
    from cmi_gui.commands.profile import check as run

    run(file, json=json)
