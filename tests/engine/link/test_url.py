from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.echo_link import EchoLink
from cmi_gui.engine.link.pty import PtyLink
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.tcp import TcpClientLink, TcpServerLink
from cmi_gui.engine.link.url import LinkSpec, Role, make_link, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.machine import Line

LINE = Line(2400)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("sim:", LinkSpec("sim")),
        ("tcp://127.0.0.1:10001", LinkSpec("tcp", host="127.0.0.1", port=10001)),
        ("tcp://:0", LinkSpec("tcp", port=0)),
        ("TCP://meter-room:4001/", LinkSpec("tcp", host="meter-room", port=4001)),
        ("tcp://[::1]:65535", LinkSpec("tcp", host="::1", port=65535)),
        ("tcp://h:1?baud=300&paced=1", LinkSpec("tcp", host="h", port=1, baud=300, paced=True)),
        ("tcp://h:1?paced=0", LinkSpec("tcp", host="h", port=1)),
        ("serial:/dev/ttyUSB0?baud=2400", LinkSpec("serial", path="/dev/ttyUSB0", baud=2400)),
        ("serial:COM3", LinkSpec("serial", path="COM3")),
        ("serial:COM3?parity=n&bits=7&stop=2", LinkSpec("serial", path="COM3", parity="N", bits=7, stop=2)),
        ("COM3", LinkSpec("serial", path="COM3")),
        ("com12?baud=auto", LinkSpec("serial", path="com12", finds_speed=True)),
        ("/dev/ttyUSB0?baud=300", LinkSpec("serial", path="/dev/ttyUSB0", baud=300)),
        ("rfc2217://h:7000?baud=300", LinkSpec("serial", path="rfc2217://h:7000", baud=300)),
        ("serial:socket://[::1]:7000", LinkSpec("serial", path="socket://[::1]:7000")),
        ("serial:usb=A50285BI", LinkSpec("serial", path="usb=A50285BI")),
        (
            "serial:COM3?rts=off&dtr=on&echo=on&framing=software",
            LinkSpec("serial", path="COM3", rts=False, dtr=True, echo="on", framing="software"),
        ),
        ("tcp://h:1?echo=auto&framing=port", LinkSpec("tcp", host="h", port=1, echo="auto", framing="port")),
        ("pty:?baud=auto&echo=off", LinkSpec("pty", finds_speed=True, echo="off")),
        ("pty:?baud=any", LinkSpec("pty", any_speed=True)),
        ("pty:", LinkSpec("pty")),
        ("pty:/tmp/meter bus", LinkSpec("pty", path="/tmp/meter bus")),
        ("  pty:?paced=1 ", LinkSpec("pty", paced=True)),
        ("tcp://h:1?timeout=2", LinkSpec("tcp", host="h", port=1, timeout=2.0)),
        ("COM3?timeout=0.5&max_baud=2400", LinkSpec("serial", path="COM3", timeout=0.5, max_baud=2400)),
        ("pty:/a?timeout=0&max_baud=300", LinkSpec("pty", path="/a", timeout=0.0, max_baud=300)),
        ("tcp://h:1?timeout=60.000", LinkSpec("tcp", host="h", port=1, timeout=60.0)),
        ("tcp://h:1?timeout=1.23456", LinkSpec("tcp", host="h", port=1, timeout=1.235)),
    ],
)
def test_good_links(text: str, spec: LinkSpec) -> None:
    assert parse_link(text) == spec


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "A LINK is missing"),
        ("   ", "A LINK is missing"),
        ("ttyUSB0", "ttyUSB0 is not a LINK; the forms are: sim:; tcp://HOST:PORT"),
        ("COM", "COM is not a LINK"),
        ("udp://h:1", "udp://h:1 is not a LINK"),
        ("sim:x", "nothing may follow sim:, but x does"),
        ("sim:?a=1", "it has no options"),
        ("pty:/tmp/a\0b", "must not contain control characters"),
        ("tcp:h:1", "two slashes"),
        ("tcp://h", "the port is missing"),
        ("tcp://h:", "the port is missing"),
        ("tcp://", "the port is missing"),
        ("tcp://[::1]", "the port is missing"),
        ("tcp://::1:5", "brackets"),
        ("tcp://h:1/path", "one host and one port are expected"),
        ("tcp://h:http", "the port must be a number, not http"),
        ("tcp://h:-1", "the port must be a number, not -1"),
        ("tcp://h:²", "the port must be a number"),
        ("tcp://h:65536", "the port must be 0 to 65535, not 65536"),
        ("tcp://h:" + "9" * 5000, "the port must be 0 to 65535"),
        (
            "tcp://h:1?speed=3",
            "speed is not an option of tcp: (its options are baud, paced, echo, framing, timeout, max_baud)",
        ),
        ("tcp://h:1?baud", "baud must be a number, not empty"),
        ("tcp://h:1?baud=fast", "baud must be a number, not fast"),
        ("tcp://h:1?baud=0", "baud must be 1 to"),
        ("tcp://h:1?baud=300&baud=300", "baud is given twice"),
        ("tcp://h:1?&", "an empty name is not an option"),
        ("tcp://h:1?paced=yes", "paced must be a number"),
        ("tcp://h:1?parity=E", "parity is not an option of tcp:"),
        ("serial:", "the device is missing"),
        ("serial:?baud=2400", "the device is missing"),
        ("serial:COM3?parity=even", "parity must be N, E or O, not even"),
        ("serial:usb=", "the USB serial number is missing"),
        ("COM3?rts=1", "rts must be on or off, not 1"),
        ("COM3?dtr=", "dtr must be on or off, not empty"),
        ("COM3?echo=yes", "echo must be auto, on or off, not yes"),
        ("COM3?framing=8", "framing must be port or software, not 8"),
        ("tcp://h:1?baud=auto", "baud must be a number, not auto"),
        ("COM3?baud=any", "baud must be a number, not any"),
        ("pty:?baud=any&baud=2400", "baud is given twice"),
        ("tcp://h:1?rts=on", "rts is not an option of tcp:"),
        ("pty:?framing=port", "framing is not an option of pty:"),
        ("serial:COM3?bits=9", "bits must be 5 to 8, not 9"),
        ("serial:COM3?stop=0", "stop must be 1 to 2"),
        ("tcp://h:1?timeout=", "timeout must be a number such as 0.5 or 2, not empty"),
        ("tcp://h:1?timeout=0,5", "timeout must be a number such as 0.5 or 2, not 0,5"),
        ("tcp://h:1?timeout=2s", "timeout must be a number such as 0.5 or 2, not 2s"),
        ("tcp://h:1?timeout=-1", "timeout must be a number"),
        ("tcp://h:1?timeout=1e1", "timeout must be a number"),
        ("tcp://h:1?timeout=nan", "timeout must be a number"),
        ("tcp://h:1?timeout=²", "timeout must be a number"),
        ("tcp://h:1?timeout=60.001", "timeout must be 0 to 60, not 60.001"),
        ("tcp://h:1?timeout=" + "9" * 5000, "timeout must be 0 to 60"),
        ("tcp://h:1?timeout=1&timeout=1", "timeout is given twice"),
        ("COM3?max_baud=1000", "max_baud must be 300, 600, 1200, 2400, 4800, 9600 or 19200, not 1000"),
        ("pty:?max_baud=auto", "max_baud must be 300, 600, 1200, 2400, 4800, 9600 or 19200, not auto"),
        ("sim:?timeout=1", "timeout is not an option of sim:"),
    ],
)
def test_the_error_of_a_wrong_link_names_the_mistake(text: str, expected: str) -> None:
    with pytest.raises(LinkError) as caught:
        parse_link(text)
    assert caught.value.code == "bad_link"
    assert expected in str(caught.value.message)
    assert "\n" not in str(caught.value.message)


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    for scheme in ("", "tcp://", "serial:", "pty:"):
        try:
            spec = parse_link(scheme + text)
        except LinkError as error:
            message = str(error.message)
        else:
            message = ""
            assert parse_link(str(spec)) == spec
        assert message.isprintable()
        assert len(message) < 400


NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1)
PATHS = st.text(st.characters(exclude_characters="?", exclude_categories=("Cs", "Cc", "Z")), min_size=1)
BAUDS = st.none() | st.integers(1, 4_000_000)
SPEEDS = st.one_of(BAUDS.map(lambda baud: {"baud": baud}), st.just({"finds_speed": True}))
ECHOES = st.sampled_from([None, "auto", "on", "off"])
FRAMINGS = st.sampled_from([None, "port", "software"])
ANSWERS = {
    "timeout": st.none() | st.integers(0, 60_000).map(lambda thousandths: thousandths / 1000),
    "max_baud": st.sampled_from([None, 300, 600, 1200, 2400, 4800, 9600, 19200]),
}
SPECS = st.one_of(
    st.just(LinkSpec("sim")),
    st.builds(
        lambda **fields: LinkSpec("tcp", **fields),
        host=st.just("") | NAMES | st.ip_addresses(v=6).map(str),
        port=st.integers(0, 65535),
        baud=BAUDS,
        paced=st.booleans(),
        echo=ECHOES,
        framing=FRAMINGS,
        **ANSWERS,
    ),
    st.builds(
        lambda speed, **fields: LinkSpec("serial", **speed, **fields),
        SPEEDS,
        path=PATHS.filter(lambda path: path != "usb="),
        parity=st.sampled_from([None, "N", "E", "O"]),
        bits=st.none() | st.integers(5, 8),
        stop=st.sampled_from([None, 1, 2]),
        rts=st.sampled_from([None, True, False]),
        dtr=st.sampled_from([None, True, False]),
        echo=ECHOES,
        framing=FRAMINGS,
        **ANSWERS,
    ),
    st.builds(
        lambda speed, **fields: LinkSpec("pty", **speed, **fields),
        SPEEDS | st.just({"any_speed": True}),
        path=st.just("") | PATHS,
        paced=st.booleans(),
        echo=ECHOES,
        **ANSWERS,
    ),
)


@given(SPECS)
def test_the_text_of_a_spec_is_parsed_to_an_equal_spec(spec: LinkSpec) -> None:
    assert parse_link(str(spec)) == spec


def test_line_settings_not_given_come_from_the_default() -> None:
    assert parse_link("serial:x").line(LINE) == LINE
    assert parse_link("serial:x?baud=300&bits=7&parity=O&stop=2").line(LINE) == Line(300, 7, "O", 2)


@pytest.mark.parametrize(
    ("text", "role", "kind", "url"),
    [
        ("tcp://:10001", "listen", TcpServerLink, "tcp://127.0.0.1:10001"),
        ("tcp://h:1?baud=300&paced=1", "connect", TcpClientLink, "tcp://h:1?baud=300&paced=1"),
        ("serial:COM3?echo=off", "listen", SerialLink, "serial:COM3"),
        ("serial:COM3?echo=off", "connect", SerialLink, "serial:COM3"),
        ("serial:socket://h:7", "connect", TcpClientLink, "tcp://h:7"),
        ("serial:socket://[::1]:7?baud=300", "connect", TcpClientLink, "tcp://[::1]:7?baud=300"),
        ("pty:/a", "listen", PtyLink, "pty:/a"),
        ("pty:/dev/pts/9", "connect", SerialLink, "serial:/dev/pts/9"),
    ],
)
def test_which_link_is_made(text: str, role: Role, kind: type, url: str) -> None:
    link = make_link(parse_link(text), VirtualClock(), role, LINE)
    assert type(link) is kind
    assert link.url == url


@pytest.mark.parametrize(
    ("text", "kind", "learned"),
    [
        ("serial:COM3", SerialLink, None),
        ("serial:rfc2217://h:7", SerialLink, None),
        ("serial:COM3?echo=on", SerialLink, True),
        ("pty:/dev/pts/9?echo=auto", SerialLink, None),
        ("tcp://h:1?echo=on", TcpClientLink, True),
    ],
)
def test_on_which_links_an_echo_is_removed(text: str, kind: type, learned: bool | None) -> None:
    link = make_link(parse_link(text), VirtualClock(), "connect", LINE)
    assert isinstance(link, EchoLink)
    assert type(link.link) is kind
    assert link.echo is learned
    assert link.url == link.link.url


@pytest.mark.parametrize(
    ("text", "role", "code"),
    [
        ("sim:", "listen", "sim"),
        ("pty:", "connect", "bad_link"),
        ("tcp://h:0", "connect", "bad_link"),
        ("COM3?baud=auto", "connect", "bad_link"),
        ("pty:/dev/pts/3?baud=any", "connect", "bad_link"),
        ("socket://h:1?rts=on", "connect", "no_lines"),
        ("socket://h", "connect", "bad_link"),
        ("socket://h:1?baud=auto", "listen", "bad_link"),
        ("socket://h:1?parity=N", "connect", "bad_link"),
        ("socket://h:1?bits=7&framing=port", "connect", "bad_link"),
        ("socket://h:1?stop=2", "listen", "bad_link"),
        ("COM3?framing=software", "listen", "bad_line"),
        ("tcp://h:1?framing=software", "listen", "bad_line"),
    ],
)
def test_links_that_cannot_be_made(text: str, role: Role, code: str) -> None:
    with pytest.raises(LinkError) as caught:
        make_link(parse_link(text), VirtualClock(), role, LINE)
    assert caught.value.code == code
