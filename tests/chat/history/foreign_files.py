"""Files as other chat programs write them, made for the tests."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

START = 1_700_000_000.0


def _node(
    mapping: dict[str, Any], key: str, parent: str, role: str, content: Any, **more: Any
) -> None:
    """Add a message to a tree."""
    message = {
        "id": key,
        "author": {"role": role},
        "create_time": START + more.get("number", 0) + len(mapping),
        "content": content,
        "metadata": more.get("metadata", {}),
        "recipient": more.get("recipient", "all"),
    }
    mapping[key] = {"id": key, "parent": parent, "children": [], "message": message}


def chatgpt_chat(number: int = 0, *, answers: int = 1) -> dict[str, Any]:
    """Return a chat with a hidden system message, thoughts, an attachment and a second answer."""
    mapping: dict[str, Any] = {"root": {"id": "root", "parent": None, "message": None}}
    _node(mapping, "s", "root", "system", {"content_type": "text", "parts": ["Be kind."]})
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file://x"}
    parts = [picture, f"What grows in bed {number}?"]
    question = {"content_type": "multimodal_text", "parts": parts}
    files = {"attachments": [{"name": "photo of bed.png"}]}
    _node(mapping, "q", "s", "user", question, metadata=files, number=number)
    thoughts = [{"summary": "Looking", "content": "The leaves are long."}]
    _node(mapping, "t", "q", "assistant", {"content_type": "thoughts", "thoughts": thoughts})
    code = {"content_type": "code", "text": "look(1)"}
    _node(mapping, "c", "t", "assistant", code, recipient="python")
    _node(mapping, "o", "c", "tool", {"content_type": "execution_output", "text": "leek"})
    model = {"model_slug": "gpt-4o"}
    for nth in range(answers):
        words = {"content_type": "text", "parts": [f"Leeks, says answer {nth}."]}
        _node(mapping, f"a{nth}", "o", "assistant", words, metadata=model, number=number)
    return {
        "title": f"Bed {number}",
        "create_time": START + number,
        "update_time": START + number + 60,
        "mapping": mapping,
        "current_node": f"a{answers - 1}",
        "conversation_id": f"conversation-{number}",
    }


def claude_chat() -> dict[str, Any]:
    """Return a chat with thinking, an attachment, and a question that was asked in another way."""

    def message(key: str, parent: str, sender: str, text: str, **more: Any) -> dict[str, Any]:
        content = [*more.pop("before", []), {"type": "text", "text": text}]
        return {
            "uuid": key,
            "text": text,
            "content": content,
            "sender": sender,
            "created_at": f"2024-05-01T10:0{len(key)}:00.000000Z",
            "attachments": more.get("attachments", []),
            "files": [],
            "parent_message_uuid": parent,
        }

    root = "00000000-0000-4000-8000-000000000000"
    thinking = [{"type": "thinking", "thinking": "Pears keep long."}]
    return {
        "uuid": "claude-1",
        "name": "Pears",
        "created_at": "2024-05-01T10:00:00Z",
        "updated_at": "2024-05-02T10:00:00Z",
        "chat_messages": [
            message("q", root, "human", "Ripe?", attachments=[{"file_name": "pears.txt"}]),
            message("a1", "q", "assistant", "In autumn.", before=thinking),
            message("q2x", "a1", "human", "And plums?"),
            message("q2yy", "a1", "human", "And apples?"),
            message("a2yyy", "q2yy", "assistant", "Later."),
        ],
    }


def open_webui_chat() -> dict[str, Any]:
    """Return an exported chat with two answers of different models."""
    reasoning = (
        '<details type="reasoning" done="true">\n<summary>Thought</summary>\n&gt; Hm.\n</details>\n'
    )
    messages = {
        "q": {"id": "q", "parentId": None, "role": "user", "content": "Tea?",
              "timestamp": 1715000000, "files": [{"type": "file", "name": "tea.pdf"}]},
        "a": {"id": "a", "parentId": "q", "role": "assistant", "content": f"{reasoning}Green.",
              "timestamp": 1715000010, "model": "llama3:8b"},
        "b": {"id": "b", "parentId": "q", "role": "assistant", "content": "Black.",
              "timestamp": 1715000020, "model": "qwen3:4b"},
    }  # fmt: skip
    return {
        "id": "webui-1",
        "title": "Tea",
        "created_at": 1715000000,
        "updated_at": 1715000020,
        "chat": {"title": "Tea", "history": {"messages": messages, "currentId": "a"}},
    }


def lm_studio_chat() -> dict[str, Any]:
    """Return a conversation with two versions of an answer, of which the first is chosen."""

    def answer(text: str, *, thought: str = "") -> dict[str, Any]:
        thinking = {
            "type": "contentBlock",
            "content": [{"type": "text", "text": thought}],
            "style": {"type": "thinking", "ended": True},
        }
        block = {
            "type": "contentBlock",
            "content": [{"type": "text", "text": text}],
            "genInfo": {"indexedModelIdentifier": "qwen/qwen3-4b"},
        }
        steps = [thinking, block, {"type": "toolStatus"}] if thought else [block]
        return {"type": "multiStep", "role": "assistant", "steps": steps}

    question = {
        "type": "singleStep",
        "role": "user",
        "content": [
            {"type": "file", "fileIdentifier": "soil.pdf", "fileType": "application/pdf"},
            {"type": "text", "text": "Soil?"},
        ],
    }
    return {
        "name": "Soil",
        "createdAt": 1720000000000,
        "messages": [
            {"versions": [question], "currentlySelected": 0},
            {"versions": [answer("Loam.", thought="Clay?"), answer("Sand.")],
             "currentlySelected": 0},
            {"versions": [{"type": "singleStep", "role": "user",
                           "content": [{"type": "text", "text": "Why?"}]}], "currentlySelected": 0},
        ],
    }  # fmt: skip


def write_jan(folder: Path) -> None:
    """Write a data folder of Jan with one thread, one of whose lines is damaged."""
    thread = folder / "threads" / "jan-1"
    thread.mkdir(parents=True)
    head = {"id": "jan-1", "title": "Hens", "created": 1718000000, "updated": 1718000100,
            "assistants": [{"model": {"id": "llama3.2-3b"}}]}  # fmt: skip
    (thread / "thread.json").write_text(json.dumps(head))

    def line(key: str, role: str, text: str) -> str:
        content = [{"type": "text", "text": {"value": text, "annotations": []}}]
        return json.dumps(
            {"id": key, "role": role, "content": content, "created_at": 1718000000000,
             "attachments": [{"name": "hens.csv"}] if role == "user" else []}
        )  # fmt: skip

    lines = [
        line("m1", "user", "Hens?"),
        "{broken",
        line("m2", "assistant", "<think>Two.</think>Two."),
    ]
    (thread / "messages.jsonl").write_text("\n".join(lines))


def _text(words: str) -> bytes:
    data = words.encode("utf-16-be")
    return struct.pack(">I", len(data)) + data


def _item(version: int, name: str, value: str, files: list[str]) -> bytes:
    """Return a message; an answer of the newest version has a thought and a text as parts."""
    is_answer = name == "Response: "
    data = b"" if version >= 12 else struct.pack(">i", 0)
    data += _text(name) + _text(value)
    data += _text("old") if version < 10 else b""
    data += _text("") + bytes(4)
    data += b"\0" if version >= 11 and is_answer else b""
    data += struct.pack(">q", 1) if version >= 8 else _text("") + struct.pack(">I", 0)
    if version >= 8:
        data += b"".join(_text(part) for part in "abcdefg") + struct.pack(">iii", 1, 2, 3)
    if version >= 10:
        data += struct.pack(">q", len(files))
        for file in files:
            address = f"file:///home/{file}".encode()
            data += struct.pack(">I", len(address)) + address + struct.pack(">I", 0)
    if version >= 12:
        data += struct.pack(">q", 2 if is_answer else 0)
        if is_answer:
            data += _text("Think: ") + _text("Clouds.") + struct.pack(">qq", 5, 0)
            data += _text("Text: ") + _text("Soon.") + struct.pack(">q", 0)
    return data


def gpt4all_chat(version: int = 12) -> bytes:
    """Return a chat as Qt streams it."""
    state = b""
    if version < 11:
        state = b"\1" + struct.pack(">ii", 1, 1) + _text("r") + _text("n") + struct.pack(">I", 9)
        state += struct.pack(">I", 3) * (2 if version >= 7 else 1)
        state += struct.pack(">Q", 2) + bytes(8) if version < 9 else b""
        state += struct.pack(">Q", 1) + bytes(4) + struct.pack(">I", 3) + b"kv!"
    head = b"\xf5\xd5\x53\xcc" + struct.pack(">iq", version, 1_690_000_000)
    head += _text("chat-id") + _text("Rain") + _text("") + _text("Llama 3 8B")
    question = _item(version, "Prompt: ", "Rain?", ["sky.txt"])
    answer = _item(version, "Response: ", "" if version >= 12 else "Soon.", [])
    return head + struct.pack(">I", 0) + state + struct.pack(">i", 2) + question + answer


def write_json(path: Path, value: object) -> Path:
    """Write a value as JSON."""
    path.write_text(json.dumps(value))
    return path


def write_zip(path: Path, **files: str | bytes) -> Path:
    """Write an archive; "__" in a name stands for its dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return path
