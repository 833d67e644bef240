from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmi_gui.engine.clock import VirtualClock
from cmi_gui.engine.link.base import LinkError
from cmi_gui.engine.link.pty import PtyLink
from cmi_gui.engine.link.serial import SerialLink
from cmi_gui.engine.link.tcp import TcpClientLink, TcpServerLink
from cmi_gui.engine.link.url import LinkSpec, Role, make_link, parse_link
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
        ("pty:", LinkSpec("pty")),
        ("pty:/tmp/meter bus", LinkSpec("pty", path="/tmp/meter bus")),
        ("  pty:?paced=1 ", LinkSpec("pty", paced=True)),
    ],
)
def test_good_links(text: str, spec: LinkSpec) -> None:
    assert parse_link(text) == spec


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "A LINK is missing"),
        ("   ", "A LINK is missing"),
        ("/dev/ttyUSB0", "/dev/ttyUSB0 is no LINK; it is one of: sim:; tcp://HOST:PORT"),
        ("COM3", "COM3 is no LINK"),
        ("udp://h:1", "udp://h:1 is no LINK"),
        ("sim:x", "nothing follows sim:"),
        ("sim:?a=1", "there are none"),
        ("pty:/tmp/a\0b", "no control characters"),
        ("tcp:h:1", "two slashes"),
        ("tcp://h", "the port is missing"),
        ("tcp://h:", "the port is missing"),
        ("tcp://", "the port is missing"),
        ("tcp://[::1]", "the port is missing"),
        ("tcp://::1:5", "brackets"),
        ("tcp://h:1/path", "not one host and one port"),
        ("tcp://h:http", "the port is a number, not http"),
        ("tcp://h:-1", "the port is a number, not -1"),
        ("tcp://h:²", "the port is a number"),
        ("tcp://h:65536", "the port is 0 to 65535, not 65536"),
        ("tcp://h:" + "9" * 5000, "the port is 0 to 65535"),
        ("tcp://h:1?speed=3", "speed is no option of tcp: (known are baud, paced)"),
        ("tcp://h:1?baud", "baud is a number, not empty"),
        ("tcp://h:1?baud=fast", "baud is a number, not fast"),
        ("tcp://h:1?baud=0", "baud is 1 to"),
        ("tcp://h:1?baud=300&baud=300", "baud stands there twice"),
        ("tcp://h:1?&", "an empty word is no option"),
        ("tcp://h:1?paced=yes", "paced is a number"),
        ("tcp://h:1?parity=E", "parity is no option of tcp:"),
        ("serial:", "the device is missing"),
        ("serial:?baud=2400", "the device is missing"),
        ("serial:COM3?parity=even", "parity is N, E or O, not even"),
        ("serial:COM3?bits=9", "bits is 5 to 8, not 9"),
        ("serial:COM3?stop=0", "stop is 1 to 2"),
    ],
)
def test_wrong_links_say_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(LinkError) as caught:
        parse_link(text)
    assert caught.value.code == "bad_link"
    assert says in caught.value.message
    assert "\n" not in caught.value.message


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    for scheme in ("", "tcp://", "serial:", "pty:"):
        try:
            spec = parse_link(scheme + text)
        except LinkError as error:
            message = error.message
        else:
            message = ""
            assert parse_link(str(spec)) == spec
        assert message.isprintable()
        assert len(message) < 400


NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1)
PATHS = st.text(st.characters(exclude_characters="?", exclude_categories=("Cs", "Cc", "Z")), min_size=1)
BAUDS = st.none() | st.integers(1, 4_000_000)
SPECS = st.one_of(
    st.just(LinkSpec("sim")),
    st.builds(
        lambda host, port, baud, paced: LinkSpec("tcp", host=host, port=port, baud=baud, paced=paced),
        st.just("") | NAMES | st.ip_addresses(v=6).map(str),
        st.integers(0, 65535),
        BAUDS,
        st.booleans(),
    ),
    st.builds(
        lambda path, baud, parity, bits, stop: LinkSpec(
            "serial", path=path, baud=baud, parity=parity, bits=bits, stop=stop
        ),
        PATHS,
        BAUDS,
        st.sampled_from([None, "N", "E", "O"]),
        st.none() | st.integers(5, 8),
        st.sampled_from([None, 1, 2]),
    ),
    st.builds(
        lambda path, baud, paced: LinkSpec("pty", path=path, baud=baud, paced=paced),
        st.just("") | PATHS,
        BAUDS,
        st.booleans(),
    ),
)


@given(SPECS)
def test_text_and_back(spec: LinkSpec) -> None:
    assert parse_link(str(spec)) == spec


def test_line_takes_the_rest_from_the_default() -> None:
    assert parse_link("serial:x").line(LINE) == LINE
    assert parse_link("serial:x?baud=300&bits=7&parity=O&stop=2").line(LINE) == Line(300, 7, "O", 2)


@pytest.mark.parametrize(
    ("text", "role", "kind", "url"),
    [
        ("tcp://:10001", "listen", TcpServerLink, "tcp://127.0.0.1:10001"),
        ("tcp://h:1?baud=300&paced=1", "connect", TcpClientLink, "tcp://h:1?baud=300&paced=1"),
        ("serial:COM3", "listen", SerialLink, "serial:COM3"),
        ("serial:COM3", "connect", SerialLink, "serial:COM3"),
        ("pty:/a", "listen", PtyLink, "pty:/a"),
        ("pty:/dev/pts/9", "connect", SerialLink, "serial:/dev/pts/9"),
    ],
)
def test_which_link_is_made(text: str, role: Role, kind: type, url: str) -> None:
    link = make_link(parse_link(text), VirtualClock(), role, LINE)
    assert type(link) is kind
    assert link.url == url


@pytest.mark.parametrize(
    ("text", "role", "code"),
    [("sim:", "listen", "sim"), ("pty:", "connect", "bad_link"), ("tcp://h:0", "connect", "bad_link")],
)
def test_links_that_cannot_be(text: str, role: Role, code: str) -> None:
    with pytest.raises(LinkError) as caught:
        make_link(parse_link(text), VirtualClock(), role, LINE)
    assert caught.value.code == code
