"""Key handover: the data key goes to those children that need it, first through their pipe."""

import os
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from core.base import log
from core.base.data_key import DataFileCipher, proven_key, use_data_key
from core.ipc.framing import FrameError, decode_payload, encode_frame, read_payload
from core.messages import UseDataKey

KEYED_ROLES = frozenset({"engine", "library", "courier", "api", "trainer"})
"""Children that read or write the data folder; the others never have the key."""
ANNOUNCED_VARIABLE = "INGLENOOK_KEY_FIRST"
"""Tells a child that the first frame of its pipe is the key; it holds nothing of it."""


def key_frame(role: str) -> bytes | None:
    """Return what a child is sent first, None for one that gets no key."""
    proven = proven_key() if role in KEYED_ROLES else None
    return None if proven is None else encode_frame(UseDataKey(key=proven[0], root=str(proven[1])))


def announcement(frame: bytes | None) -> dict[str, str]:
    """Return what the environment of a child says of that frame."""
    return {} if frame is None else {ANNOUNCED_VARIABLE: "1"}


def take_data_key(incoming: BinaryIO) -> None:
    """Use the key that the parent sends first, if one is announced. Raises FrameError."""
    if not os.environ.pop(ANNOUNCED_VARIABLE, ""):  # children of this one are told nothing
        return
    payload = read_payload(incoming)
    if payload is None:
        raise FrameError("the parent left before it sent the key")
    sent = decode_payload(payload, msgspec.msgpack.Decoder(UseDataKey))
    root = Path(sent.root)
    use_data_key(lambda: sent.key, partial(DataFileCipher, root), proven_for=root)
    log.hide_details(hidden=True)
