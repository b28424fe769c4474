"""Frames on a pipe: four bytes of length (big-endian), then one msgpack value."""

import struct
from typing import Protocol, TypeVar

import msgspec

MAX_FRAME = 256 * 1024 * 1024
"""Largest frame in bytes; a longer one means that the other side is broken or hostile."""

_LENGTH = struct.Struct(">I")
Message = TypeVar("Message")


class ByteReader(Protocol):
    """What a frame is read from: `read` returns fewer bytes only at the end."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to `size` bytes."""


class FrameError(Exception):
    """The stream broke off inside a frame, or the frame is too long or not what was agreed."""


def encode_frame(message: msgspec.Struct) -> bytes:
    """Return `message` as one frame."""
    payload = msgspec.msgpack.encode(message)
    if len(payload) > MAX_FRAME:
        raise FrameError(f"frame of {len(payload)} bytes")
    return _LENGTH.pack(len(payload)) + payload


def read_payload(stream: ByteReader) -> bytes | None:
    """Return the next frame's payload, or None at a clean end of the stream."""
    header = stream.read(_LENGTH.size)
    if not header:
        return None
    if len(header) < _LENGTH.size:
        raise FrameError("end inside a length")
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME:
        raise FrameError(f"frame of {length} bytes")
    payload = stream.read(length) or b""
    if len(payload) < length:
        raise FrameError("end inside a frame")
    return payload


def decode_payload(payload: bytes, decoder: msgspec.msgpack.Decoder[Message]) -> Message:
    """Return the message that a payload holds. Raises FrameError if it holds none."""
    try:
        return decoder.decode(payload)
    # text that is no UTF-8 is no error of msgspec's own
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FrameError(f"no message: {error}") from error
