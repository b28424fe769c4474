"""Frames: what goes in comes out, however the pipe cuts it; anything else is refused."""

import io
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ipc import framing
from core.ipc.framing import FrameError, decode_payload, encode_frame, read_payload
from tests.core.dummy_child import ApiMessage


@given(st.lists(st.text(max_size=200), max_size=20))
def test_frames_come_out_as_they_went_in(texts: list[str]) -> None:
    stream = io.BytesIO(b"".join(encode_frame(ApiMessage(text=text)) for text in texts))
    decoder = msgspec.msgpack.Decoder(ApiMessage)
    read = []
    while (payload := read_payload(stream)) is not None:
        read.append(decoder.decode(payload).text)
    assert read == texts


@given(st.text(max_size=50), st.data())
def test_a_frame_cut_short_is_an_error_not_an_end(text: str, data: st.DataObject) -> None:
    frame = encode_frame(ApiMessage(text=text))
    cut = data.draw(st.integers(min_value=1, max_value=len(frame) - 1))
    with pytest.raises(FrameError, match="end inside a"):
        read_payload(io.BytesIO(frame[:cut]))


@given(st.binary(max_size=64))
def test_any_bytes_give_a_payload_an_end_or_a_frame_error(content: bytes) -> None:
    stream = io.BytesIO(content)
    try:
        while read_payload(stream) is not None:
            pass
    except FrameError:
        pass


@pytest.mark.parametrize("payload", [b"", b"\x81\xa4text\xa1\xff", b"\x91" * 100_000, b"\x01"])
def test_a_payload_that_is_no_message_is_a_frame_error(payload: bytes) -> None:
    with pytest.raises(FrameError, match="no message"):
        decode_payload(payload, msgspec.msgpack.Decoder(ApiMessage))


def test_a_length_no_message_has_is_refused_before_it_is_read() -> None:
    class Hostile(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size <= 4, "tried to read the payload"
            return super().read(size)

    with pytest.raises(FrameError, match="frame of"):
        read_payload(Hostile(struct.pack(">I", framing.MAX_FRAME + 1)))


def test_a_message_too_long_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAX_FRAME", 100)
    with pytest.raises(FrameError, match=r"frame of [0-9]+ bytes"):
        encode_frame(ApiMessage(text="x" * 200))
