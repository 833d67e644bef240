"""Telegrams and messages at random, of which most are damaged, or good with contents that nobody would send."""

from __future__ import annotations

from random import Random

from cmi_gui.engine.iec62056.message import Command, DataMessage, Identification, OptionSelect, Request
from cmi_gui.engine.mbus.dib import DataField
from cmi_gui.engine.mbus.frame import MAX_DATA, Frame
from cmi_gui.engine.mbus.lvar import lvar_size
from tests.helpers.mbus_telegrams import METERS, WORKED_RESPONSES

_SOUND = (*METERS.values(), *WORKED_RESPONSES.values(), b"\xe5", bytes.fromhex("107B007B16"))
_CONTROL = (0x08, 0x08, 0x18, 0x53, 0x73, 0x43)
_CI = (0x72, 0x72, 0x78, 0x7A, 0x76, 0x73, 0x51, 0x55, 0x52, 0x56, 0x70, 0x71, 0x50, 0xB8)
_VIF = (0xFD, 0xFB, 0x7C, 0xFC, 0x6D, 0x6C, 0x79, 0x78)
_EXTENSION = 0x80
_MESSAGES = (
    Request().to_bytes(),
    Request("0012 3456").to_bytes(),
    Identification("LGZ", "4", "\\2ZMF100AC.M26").to_bytes(),
    Identification("LGz", "A", "x").to_bytes(),
    OptionSelect(speed="4", mode="1").to_bytes(),
    b"\x06",
    b"\x15",
    DataMessage("F.F(00)\r\n1-0:1.8.0*01(061561.289*kWh)(12)\r\n32.7(230*V)\r\n0.9.1(-1.5)\r\n!\r\n").to_bytes(),
    DataMessage("1.8.0(000001.5*kWh)\r\n0.0(  12345)!\r\n").to_bytes(),
    DataMessage("(ERROR 12)").to_bytes(),
    DataMessage("(00000000)").to_bytes(),
    Command("R", "1", "1.8.0()").to_bytes(),
    Command("W", "1", "C.5.0(01)(2*x)", last=False).to_bytes(),
    Command("P", "0", "(1234)").to_bytes(),
    Command("B", "0").to_bytes(),
)


def _changed(random: Random, data: bytes) -> bytearray:
    changed = bytearray(data)
    for _ in range(random.randrange(1, 4)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return changed


def random_message(random: Random) -> bytes:
    """Return an IEC 62056-21 message, whole or damaged."""
    data = random.choice(_MESSAGES)
    chance = random.random()
    if chance < 0.2:
        return data
    if chance < 0.4:
        return data[: random.randrange(len(data)) + 1]
    if chance < 0.5:
        return random.randbytes(random.randrange(1, 30))
    changed = _changed(random, data)
    if data[0] in (1, 2):
        for at in range(1, len(changed)):
            changed[at] &= 0x7F
        if chance < 0.8:
            changed[-1] = 0
            for octet in changed[1:-1]:
                changed[-1] ^= octet
    return bytes(changed)


def random_telegram(random: Random) -> bytes:
    """Return an M-Bus telegram, whole or damaged; three of four have a right checksum."""
    chance = random.random()
    if chance < 0.15:
        return random.randbytes(random.randrange(1, 40))
    if chance < 0.35:
        changed = _changed(random, random.choice(_SOUND))
        if random.random() < 0.7 and len(changed) > 9:
            changed[-2] = sum(changed[4:-2]) & 0xFF
        if random.random() < 0.2:
            del changed[random.randrange(len(changed)) + 1 :]
        return bytes(changed)
    ci = random.choice((*_CI, random.randrange(256)))
    if chance < 0.6:
        body = random.randbytes(random.randrange(60))
    else:
        body = b"".join(_random_record(random) for _ in range(random.randrange(1, 6)))
        if ci in (0x72, 0x76):
            body = random.randbytes(10) + random.choice((b"\0\0", b"\0\0", random.randbytes(2))) + body
        elif ci == 0x7A:
            body = random.randbytes(2) + b"\0\0" + body
    control = random.choice((*_CONTROL, random.randrange(256)))
    return Frame.long(control, random.randrange(256), ci, body[:MAX_DATA]).to_bytes()


def _random_record(random: Random) -> bytes:
    field = random.choice([each for each in DataField if each is not DataField.SPECIAL])
    dib = bytearray((field | random.choice((0, 0, 0x10, 0x40, 0x80)),))
    if random.random() < 0.1:
        dib[0] = random.randrange(256)
        field = DataField(dib[0] & 0xF)
    while dib[-1] & _EXTENSION:
        dib.append(random.randrange(256) if random.random() < 0.3 else random.randrange(128))
    return bytes(dib) + _random_vib(random) + _random_data(random, field)


def _random_vib(random: Random) -> bytes:
    vib = bytearray((random.choice((*_VIF, random.randrange(256))),))
    if vib[0] & 0x7F == 0x7C:
        if vib[0] & _EXTENSION:
            vib.append(random.randrange(128))
        text = bytes(random.randrange(0x20, 0x100) for _ in range(random.randrange(5)))
        return bytes(vib) + bytes((len(text),)) + text
    while vib[-1] & _EXTENSION:
        vib.append(random.choice((random.randrange(256), random.randrange(0x70, 0x7E), random.randrange(0xF0, 0xFE))))
    return bytes(vib)


def _random_data(random: Random, field: DataField) -> bytes:
    length = b""
    size = field.size
    if size is None:
        code = random.choice((random.randrange(10), *range(0xC0, 0xF7), random.randrange(256)))
        length, size = bytes((code,)), lvar_size(code) or 0
    chance = random.random()
    if chance < 0.2:
        data = bytes(size)
    elif chance < 0.5:
        data = bytes(16 * random.randrange(10) + random.randrange(10) for _ in range(size))
        if data and random.random() < 0.3:
            data = data[:-1] + bytes((data[-1] | 0xF0,))
    else:
        data = random.randbytes(size)
    return length + data
