"""Fuzz targets: each reader of foreign bytes, with right input to start from.

A target returns for whatever it is given, or raises an error that has a sentence for the person;
anything else is a fault.
"""

import contextlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from core import messages
from core.app.training.example_file import read_example_file
from core.app.usage.usage_store import UsageStore
from core.base import state_files
from core.base.errors import InglenookError
from core.base.settings.app_settings import Settings
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.export.chat_export_json import chats_to_json
from core.chat.export.chat_import import read_chats
from core.chat.history.history_reader import may_hold_history, read_history
from core.gguf import check_adapter, is_adapter, read_header
from core.ipc.framing import FrameError, decode_payload, encode_frame, read_payload
from core.models.downloads.download_store import DownloadStore
from core.models.model_settings_store import ModelSettingsStore
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.server_registry import ServerRegistry
from desktop.chat.markdown.markdown_blocks import BlockStream, split_blocks
from desktop.chat.markdown.markdown_html import render_markdown
from tests.chat.history import foreign_files
from tests.fakes.models import tiny_gguf
from tests.gguf.test_adapters import WEIGHT, adapter, pair
from tests.gguf.writing import Gguf

_MARKDOWN = (
    "# Head\n\nSome *words* and **more** with `code` [1][2].\n\n- one\n- [x] two\n  1. three\n",
    "| a | b |\n|:--|--:|\n| 1 | `x|y` |\n\n> quoted\n> > twice\n\n```python\nprint('[1]')\n```\n",
    "A note[^1] and maths $x^2$, \\(y\\), $$\nz\n$$\n\n[^1]: below\n\n[a](b://c) ![p](q)\n",
    "<b>no html</b> &amp; &#x202e; \u202eturned \u200bhidden ~~gone~~\n\n***\n\nterm\\\nnext",
)
_ATTRIBUTE = re.compile(r"""\b(href|src)\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_OWN = ("link:", "cite:", "maths:", "note:", "#")


class Target(NamedTuple):
    """A reader: right inputs, and what is done with wrong ones in an empty folder."""

    corpus: Callable[[], tuple[bytes, ...]]
    read: Callable[[bytes, Path], None]


def _read_gguf(data: bytes, folder: Path) -> None:
    path = folder / "model.gguf"
    path.write_bytes(data)
    header = read_header(path)
    if is_adapter(header):
        check_adapter(header, read_header(_base_model(folder)))


def _base_model(folder: Path) -> Path:
    path = folder / "base.gguf"
    return path if path.exists() else tiny_gguf().write(path)


def _gguf_corpus() -> tuple[bytes, ...]:
    return (Gguf().encode(), tiny_gguf().encode(), adapter(*pair(WEIGHT, 32, 32)).encode())


def _read_chats(data: bytes, folder: Path) -> None:
    path = folder / "chats.json"
    path.write_bytes(data)
    read_chats(path, {"f": "/documents"})


@cache
def _chats() -> tuple[bytes, ...]:
    question = Turn(
        turn_id="q", parent_id=None, role=Role.USER, state=TurnState.DONE, text="Why?", created=1.0
    )
    answer = Turn(
        turn_id="a", parent_id="q", role=Role.ASSISTANT, state=TurnState.DONE, text="So.", created=2
    )
    chat = Conversation(
        chat_id="c",
        title="Why",
        created=1.0,
        updated=2.0,
        turns={"q": question, "a": answer},
        leaf_id="a",
    )
    return (chats_to_json([chat]), chats_to_json([chat, chat]))


def _read_history(data: bytes, folder: Path) -> None:
    ending = ".zip" if data[:2] == b"PK" else ".json" if data[:1] in b'[{"' else ".chat"
    path = folder / f"conversations{ending}"
    path.write_bytes(data)
    may_hold_history(path)
    for _item, share in read_history(path):
        assert 0 <= share <= 1


def _packed(text: bytes, way: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        archive.writestr("conversations.json", text)
    return packed.getvalue()


@cache
def _histories() -> tuple[bytes, ...]:
    chats: tuple[Any, ...] = (
        [foreign_files.chatgpt_chat(), foreign_files.chatgpt_chat(1, answers=2)],
        [foreign_files.claude_chat()],
        [foreign_files.open_webui_chat()],
        foreign_files.lm_studio_chat(),
    )
    texts = [json.dumps(each).encode() for each in chats]
    archives = [_packed(texts[0], way) for way in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
    return (*texts, *archives, *(foreign_files.gpt4all_chat(n) for n in (6, 9, 12)))


def _read_state(data: bytes, folder: Path) -> None:
    name, store = _STORES[len(data) % len(_STORES)]
    path = folder / name
    path.write_bytes(data)
    store(path)
    for aside in folder.glob(f"{path.stem}.damaged*{path.suffix}"):
        assert aside.read_bytes() == data, "what was damaged is kept as it was"
        aside.unlink()
    state_files.take_damage_reports(folder)


_STORES: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("settings.json", Settings),
    ("model_settings.json", ModelSettingsStore),
    ("servers.json", ServerRegistry),
    ("measurements.json", MeasurementStore),
    ("downloads.json", DownloadStore),
    ("usage.json", UsageStore),
)


def _states() -> tuple[bytes, ...]:
    return (
        b'{"scheme": "dark", "welcomed": true, "context": 4096}',
        b'{"/m.gguf": {"context": 4096, "temperature": 0.5, "preset": "precise"}}',
        b'{"version": 1, "servers": [{"name": "s", "url": "https://h/v1", "model": "m"}]}',
        b'{"machine": {}, "models": {}}',
        b"[]",
        b'{"rows": []}',
    )


def _read_markdown(data: bytes, _folder: Path) -> None:
    text = data.decode(errors="replace")
    stream = BlockStream()
    third = len(text) // 3 + 1
    for start in range(0, len(text), third):
        stream.add_piece(text[start : start + third])
        _check_html(stream.blocks)
    _check_html(split_blocks(text, (), ()))
    _check_html([render_markdown(text)])


def _check_html(blocks: Any) -> None:
    """Fail if any element leads out of the program."""
    for block in blocks:
        for tag in _TAG.findall(getattr(block, "html", "")):
            assert not tag.lower().startswith(("<script", "<iframe", "<style", "<img src=h")), tag
            for _name, address in _ATTRIBUTE.findall(tag):
                assert address.startswith(_OWN), tag


def _read_frames(data: bytes, _folder: Path) -> None:
    stream = io.BytesIO(data)
    while (payload := read_payload(stream)) is not None:
        for decoder in _DECODERS:
            with contextlib.suppress(FrameError):
                decode_payload(payload, decoder)


_DECODERS: tuple[msgspec.msgpack.Decoder[Any], ...] = tuple(
    msgspec.msgpack.Decoder(union)
    for union in (
        messages.EngineRequest, messages.LibraryRequest, messages.CourierRequest,
        messages.ExtractorRequest, messages.PlannerRequest, messages.EngineEvent,
        messages.LibraryEvent, messages.CourierEvent, messages.ExtractorEvent,
    )
)  # fmt: skip


def _frames() -> tuple[bytes, ...]:
    load = messages.LoadModel(request_id="1", path="/m.gguf")
    stop = messages.Cancel(request_id="1")
    return (encode_frame(load), encode_frame(stop) + encode_frame(load))


def _read_examples(data: bytes, folder: Path) -> None:
    path = folder / "examples.jsonl"
    path.write_bytes(data)
    for example in read_example_file(path, "Be brief."):
        assert example.answer.strip()
        assert example.turns[0].role == messages.SYSTEM_ROLE


def _examples() -> tuple[bytes, ...]:
    turns = [{"role": role, "content": "words"} for role in ("user", "assistant")]
    lines = ({"prompt": "p", "response": "r"}, {"messages": turns * 2})
    return tuple(json.dumps(line).encode() + b"\n" for line in lines)


TARGETS: dict[str, Target] = {
    "gguf": Target(_gguf_corpus, _read_gguf),
    "chats": Target(_chats, _read_chats),
    "history": Target(_histories, _read_history),
    "state": Target(_states, _read_state),
    "markdown": Target(lambda: tuple(text.encode() for text in _MARKDOWN), _read_markdown),
    "frames": Target(_frames, _read_frames),
    "examples": Target(_examples, _read_examples),
}


def fault_of(name: str, data: bytes, folder: Path) -> BaseException | None:
    """Give `data` to a target; return what it must not have raised."""
    try:
        TARGETS[name].read(data, folder)
    except InglenookError as error:
        return None if str(error) else error
    except FrameError:
        return None
    except (Exception, RecursionError) as error:  # noqa: BLE001 - that is the question
        return error
    return None
