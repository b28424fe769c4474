"""The real command with the real model: its JSON lines, its exit codes, its sentences."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.paths import Paths
from tests.end2end.documents import make_garden
from tests.gguf.writing import Gguf, Tensor, facts
from tests.waiting import WaitFor

Line = dict[str, Any]


class Command:
    """Runs `inglenook` on one root as a person would in a terminal."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "desktop", "--root", str(self.root), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, list[Line], str]:
        """Return exit code, JSON lines, and standard error."""
        process = self.start(*words, "--json")
        output, errors = process.communicate(timeout=300)
        assert "Traceback" not in errors, errors
        return process.returncode, [json.loads(line) for line in output.splitlines()], errors


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path / "a root with spaces")


@pytest.fixture(scope="session")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_garden(tmp_path_factory.mktemp("documents") / "Garden")


@pytest.fixture(scope="session")
def read_once(tmp_path_factory: pytest.TempPathFactory, garden: Path) -> Path:
    """A root that has read the garden. Tests work on copies of it."""
    root = tmp_path_factory.mktemp("read") / "root"
    code, lines, _ = Command(root).run("folder", "add", str(garden))
    assert code == 0, lines
    return root


@pytest.fixture
def gardener(command: Command, read_once: Path) -> Command:
    """The command on a root that has read the garden."""
    shutil.copytree(read_once, command.root)
    return command


heavy = pytest.mark.timeout(600)
"""Each command that reads or searches a folder loads the embedding model anew."""


@heavy
def test_a_folder_is_found_in_and_forgotten(gardener: Command, garden: Path) -> None:
    code, lines, _ = gardener.run("folder", "list")
    assert code == 0
    assert set(lines[0]) == {"name", "path", "files", "indexed", "skipped", "state"}
    assert (lines[0]["name"], lines[0]["indexed"], lines[0]["state"]) == ("Garden", 6, "ready")

    code, hits, _ = gardener.run("search", "when are the long beds watered", "-k", "3")
    assert code == 0
    place = {"rank", "file", "path", "page", "heading", "line", "text", "score"}
    assert set(hits[0]) == place | {"confidence", "verdict", "search_confidence"}
    assert hits[0]["file"] == "duties.md"
    assert Path(hits[0]["path"]) == garden / "duties.md"

    assert gardener.run("folder", "remove", "Garden")[0] == 0
    assert gardener.run("folder", "list")[1] == []
    assert (garden / "duties.md").exists()


@heavy
def test_a_folder_answers(gardener: Command) -> None:
    question = "How often are the long beds watered?"
    code, lines, _ = gardener.run("ask", question, "--folder", "Garden", "--max-tokens", "40")
    assert code == 0, lines
    kinds = [line["event"] for line in lines]
    assert kinds[0] == "start"
    assert kinds[1] == "sources"
    assert set(kinds[2:-1]) == {"token"}
    assert kinds[-1] == "done"
    start, sources, done = lines[0], lines[1]["sources"], lines[-1]
    assert start["version"] == 1
    assert set(sources[0]) == {"n", "file", "path", "page", "heading", "text", "score"}
    assert done["stop"] in {"eos", "length"}
    assert done["seconds_to_first_token"] > 0
    for citation in done["citations"]:
        assert 0 <= citation["start"] < citation["end"] <= len(done["text"])

    go_on_with_what_it_does_not_hold(gardener, start["chat"])


def go_on_with_what_it_does_not_hold(gardener: Command, chat: str) -> None:
    code, lines, _ = gardener.run("ask", "Who won the chess olympiad of 1972?", "--chat", chat)
    assert code == 0
    assert lines[0]["chat"] == chat
    assert (lines[1]["event"], lines[1]["verdict"]) == ("sources", "nothing")
    assert lines[-1]["refused"]
    assert lines[-1]["completion_tokens"] == 0
    assert lines[-1]["event"] == "done"
    assert "Garden" in lines[-1]["text"]
    assert [line["id"] for line in gardener.run("chat", "list")[1]] == [chat]


def test_the_same_seed_says_the_same(command: Command) -> None:
    words = ("ask", "Invent a name for a boat.", "--seed", "7", "--max-tokens", "12")
    first, second = (command.run(*words)[1][-1]["text"] for _ in range(2))
    assert first == second


def test_control_c_keeps_what_was_written(command: Command) -> None:
    process = command.start("ask", "Tell me a very long story.", "--json")
    assert process.stdout is not None
    lines: list[Line] = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if len(lines) == 3:
            process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    process.communicate()
    assert lines[-1]["event"] == "done"
    assert lines[-1]["stop"] == "cancelled"
    code, (chat,), _ = command.run("chat", "list")
    assert code == 0
    assert chat["id"] == lines[0]["chat"]


def broken_models(folder: Path, starter: Path) -> dict[str, Path]:
    folder.mkdir()
    text = folder / "text.gguf"
    text.write_text("this is no model\n" * 100)
    half = folder / "half.gguf"
    half.write_bytes(starter.read_bytes()[:-500_000])
    unknown = folder / "unknown.gguf"
    Gguf(facts=facts("frobnicator")).write(unknown)
    return {"not_gguf": text, "gguf_truncated": half, "architecture_unknown": unknown}


def test_models_that_cannot_be_used(command: Command, tmp_path: Path, starter_model: Path) -> None:
    for code, path in broken_models(tmp_path / "models", starter_model).items():
        for words in (("model", "add", str(path)), ("ask", "Hi", "--model", str(path))):
            result, lines, errors = command.run(*words)
            assert result == 1
            assert lines[-1]["event"] == "error"
            assert lines[-1]["code"] == code
            assert lines[-1]["message"]
            assert lines[-1]["hint"]
            assert 1 <= len(errors.strip().splitlines()) <= 2
    assert command.run("ask", "Hi", "--max-tokens", "3")[0] == 0


def test_a_model_too_large_for_memory(command: Command, tmp_path: Path) -> None:
    terabyte = 1 << 40
    path = tmp_path / "huge.gguf"
    rows = terabyte // (4 * 4096)
    figures = {"context_length": 2048, "embedding_length": 4096, "attention.head_count": 32}
    huge = Gguf(facts=facts(figures=figures), tensors=(Tensor(shape=(4096, rows), size=0),))
    huge.write(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size + terabyte)
    code, lines, errors = command.run("ask", "Hi", "--model", str(path))
    assert code == 1
    assert lines[-1]["code"] == "model_too_large"
    assert "GB" in errors or "TB" in errors


def test_a_folder_without_documents(command: Command, tmp_path: Path) -> None:
    empty = tmp_path / "Empty"
    empty.mkdir()
    (empty / "photo.bin").write_bytes(bytes(range(256)) * 10)
    code, lines, errors = command.run("folder", "add", str(empty))
    assert code == 1
    assert lines[-1]["code"] == "folder_empty"
    assert len(errors.strip().splitlines()) <= 3


@pytest.fixture
def away(garden: Path, read_once: Path) -> Iterator[None]:
    """The garden is not where it was, for one test."""
    elsewhere = garden.with_name("Elsewhere")
    garden.rename(elsewhere)
    yield
    elsewhere.rename(garden)


@heavy
@pytest.mark.usefixtures("away")
def test_a_folder_that_is_away_still_answers(gardener: Command) -> None:
    code, lines, _ = gardener.run("folder", "sync", "Garden")
    assert code == 1
    assert lines[-1]["code"] == "folder_gone"
    folders = {line["name"]: line["state"] for line in gardener.run("folder", "list")[1]}
    assert folders["Garden"] == "offline"
    assert gardener.run("search", "water pump", "--folder", "Garden")[1]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("ask", "Hi", "--model", "nothing-like-it"), "model_unknown"),
        (("ask", "Hi", "--folder", "no-such-folder"), "folder_unknown"),
        (("ask", "Hi", "--chat", "zzzz"), "chat_unknown"),
        (("folder", "add", "/no/such/folder"), "folder_gone"),
        (("folder", "remove", "nothing"), "folder_unknown"),
        (("model", "info", "nothing"), "model_unknown"),
        (("chat", "show", "zzzz"), "chat_unknown"),
    ],
)
def test_unknown_names(command: Command, words: tuple[str, ...], code: str) -> None:
    result, lines, errors = command.run(*words)
    assert result == 1
    assert lines[-1]["event"] == "error"
    assert lines[-1]["code"] == code
    assert 1 <= len(errors.strip().splitlines()) <= 2


@pytest.mark.parametrize("words", [("ask",), ("frobnicate",), ("search", "x", "-k", "many")])
def test_arguments_that_cannot_be_parsed(command: Command, words: tuple[str, ...]) -> None:
    process = command.start(*words)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors


def test_a_holder_runs_the_commands_of_others(command: Command, wait_for: WaitFor) -> None:
    holder = command.start("ask", "Tell me a very long story.", "--json")
    assert holder.stdout is not None
    holder.stdout.readline()
    wait_for(Paths(command.root).channel_address.exists)
    code, lines, errors = command.run("model", "list")
    holder.send_signal(signal.SIGINT)
    holder.communicate(timeout=60)
    assert (code, errors) == (0, "")
    assert lines[0]["ref"] == "smollm2-135m-instruct-q4_1"


def test_damaged_settings_are_said_in_words_alone(command: Command) -> None:
    command.root.mkdir()
    (command.root / "settings.json").write_bytes(b"\x81{" * 300)
    code, _lines, errors = command.run("settings")
    assert code == 0
    assert "settings.damaged.json" in errors
    assert "DecodeError" not in errors


def test_a_root_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, lines, _ = Command(tmp_path / "file" / "root").run("model", "list")
    assert code == 1
    assert lines[-1]["code"] == "root_no_folder"


@heavy
def test_a_folder_is_asked_about_its_own_texts(gardener: Command) -> None:
    code, lines, _ = gardener.run("eval", "folder", "Garden", "--questions", "12")
    assert code == 0, lines
    (tested,) = lines
    assert tested["recall"]["all"]["count"] == len(tested["questions"]) > 0
    assert tested["recall"]["all"]["among_all"] >= 0.5
    assert tested["advice"]


@heavy
def test_a_set_of_questions_is_asked_and_graded(gardener: Command, tmp_path: Path) -> None:
    questions = (
        {"question": "How often are the beds watered?", "answers": ["every second Friday"]},
        {"question": "Which wine goes with trout?", "file": None},
    )
    asked, page = tmp_path / "set.jsonl", tmp_path / "page.html"
    asked.write_text("".join(json.dumps(each) + "\n" for each in questions), encoding="utf-8")
    out = tmp_path / "out.jsonl"
    code, lines, _ = gardener.run(
        "eval", "answers", str(asked), "--folder", "Garden", "--out", str(out),
        "--max-tokens", "12", "--html", str(page), "--judge", "smollm2-135m",
    )  # fmt: skip
    assert code == 0, lines
    (summary,) = lines
    assert (summary["questions"], summary["failed"]) == (2, 0)
    assert {"token_f1", "bleu", "rouge1", "bert_score", "judge"} <= set(summary["scores"])
    assert 0 < summary["scores"]["bert_score"]["mean"] <= 1
    assert "<svg" in page.read_text(encoding="utf-8")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
