"""`search`, `model` and `chat`, as scripts and as people see them."""

import datetime as dt
import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from core.app.models.model_quarantine import LOADING, ModelQuarantine
from core.base.errors import ErrorCode
from core.chat.conversations.conversation import Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase, new_id
from core.cli.chats.answer_stage_formatting import format_location
from core.cli.main import LATE_COMMANDS
from core.messages import (
    EvaluateRetrieval,
    Failed,
    Generate,
    ListFolders,
    SearchFilters,
    SearchFolders,
    SearchVerdict,
)
from tests.cli.answering_children import PASSAGE
from tests.cli.conftest import Inglenook
from tests.gguf.writing import Gguf, facts


def test_every_late_command_has_its_function() -> None:
    for module, function in LATE_COMMANDS.values():
        assert callable(getattr(importlib.import_module(module), function))


STARTER = "smollm2-135m-instruct-q4_1"


def test_searching(inglenook: Inglenook, documents: Path) -> None:
    inglenook("folder", "add", str(documents))
    ran = inglenook("search", "pears", "--folder", "documents", "-k", "3", "--json")
    searched = inglenook.library.last_sent(SearchFolders)
    assert (searched.query, searched.folder_ids, searched.k) == ("pears", ("folder-1",), 3)
    assert searched.filters == SearchFilters()
    assert ran.objects == [
        {
            "rank": 1,
            "file": "notes/garden.pdf",
            "path": "/docs/notes/garden.pdf",
            "page": 3,
            "line": None,
            "heading": "Trees",
            "text": PASSAGE,
            "score": 0.9123,
            "confidence": 0.0,
            "verdict": "answered",
            "search_confidence": 0.9,
        }
    ]
    assert PASSAGE in inglenook("search", "pears").out


def test_narrowing_a_search(inglenook: Inglenook) -> None:
    words = ["--type", "pdf", "--type", "md", "--path", "contracts/*"]
    inglenook("search", "pears", *words, "--since", "2024-01-01", "--until", "2024-01-31")
    filters = inglenook.library.last_sent(SearchFolders).filters
    assert filters.since is not None
    assert filters.until is not None
    assert (filters.types, filters.paths) == (("pdf", "md"), ("contracts/*",))
    first = dt.datetime.fromtimestamp(filters.since).astimezone()
    last = dt.datetime.fromtimestamp(filters.until).astimezone()
    assert (first.isoformat()[:19], last.isoformat()[:19]) == (
        "2024-01-01T00:00:00",
        "2024-02-01T00:00:00",
    )
    assert inglenook("search", "pears", "--since", "yesterday").code == 2


def test_measuring_a_search(inglenook: Inglenook, documents: Path) -> None:
    for name in ("corpus.jsonl", "queries.jsonl", "qrels.tsv"):
        (documents / name).touch()
    ran = inglenook("eval", "retrieval", str(documents), "--json")
    assert inglenook.library.last_sent(EvaluateRetrieval).path == str(documents)
    ways = {
        "vector": 0.5, "bm25": 0.5, "fused": 0.5, "reranked": None, "search": 0.5, "ask": 0.5,
    }  # fmt: skip
    (told,) = ran.objects
    assert list(told) == [
        "set", "queries", "unanswerable", "kept", "refused",
        "ndcg@10", "recall@10", "mrr@10", "hit@5", "ms_per_query",
    ]  # fmt: skip
    assert (told["set"], told["queries"], told["ndcg@10"]) == ("set", 2, ways)
    assert told["ms_per_query"]["fused"] == 1.23
    assert (told["kept"], told["unanswerable"], told["refused"]) == (0.9, 2, 0.5)
    table = inglenook("eval", "retrieval", str(documents)).out
    assert "0.500" in table
    assert "reranked" not in table


def test_a_folder_that_search_read_is_said_to_be_kept(
    inglenook: Inglenook, documents: Path
) -> None:
    ran = inglenook("search", "pears", "--folder", str(documents))
    assert ran.code == 0
    assert "documents was read and is kept" in ran.err
    assert "folder remove" in ran.err
    again = inglenook("search", "pears", "--folder", str(documents))
    assert "is kept" not in again.err


def test_a_name_with_a_line_end_takes_one_line(inglenook: Inglenook, documents: Path) -> None:
    inglenook("folder", "add", str(documents))
    inglenook.library.hits = tuple(
        structs.replace(hit, file="a\nb\x1b.pdf", page=None, heading="Of\ntrees")
        for hit in inglenook.library.hits
    )
    first, text = inglenook("search", "pears").out.splitlines()
    assert first == " 1. a b\ufffd.pdf — Of trees  (0.91)"
    assert text.startswith("    The pear tree")
    assert format_location("a\r\nb.pdf", 3, "Of\ntrees") == "a b.pdf, page 3 — Of trees"


def test_a_search_that_answers_nothing_lists_the_nearest(inglenook: Inglenook) -> None:
    inglenook.library.verdict, inglenook.library.confidence = SearchVerdict.ON_TOPIC, 0.12
    ran = inglenook("search", "nothing")
    assert "Nothing here seems to answer this; nearest passages:" in ran.err
    assert ran.out.startswith(" 1. ")
    (told,) = inglenook("search", "nothing", "--json").objects
    assert (told["verdict"], told["search_confidence"]) == ("on_topic", 0.12)


def test_searching_for_what_is_not_there(inglenook: Inglenook) -> None:
    inglenook.library.hits = ()
    ran = inglenook("search", "nothing")
    assert (ran.code, ran.out) == (0, "")
    assert "nothing on that" in ran.err


def test_listing_models(inglenook: Inglenook, starter_model: Path) -> None:
    assert inglenook("model", "list", "--json").objects == [
        {
            "ref": STARTER,
            "path": str(starter_model),
            "family": "SmolLM2 135M",
            "parameters": 134_515_008,
            "quantization": "Q4_1",
            "bytes": 98_362_432,
            "context": 8192,
            "fits": "yes",
            "bits_per_weight": 5.74,
            "licence": "apache-2.0",
            "origin": "shipped",
            "sha256": "",
            "files": 1,
            "twins": [],
            "wasted": 0,
        }
    ]
    row = inglenook("model", "list").out.splitlines()[1]
    words = [STARTER, "SmolLM2", "135M", "135M", "Q4_1", "5.74", "98.4", "MB", "8192", "yes"]
    assert row.split() == [*words, "Inglenook"]


def test_adding_a_model_and_losing_it(inglenook: Inglenook, tmp_path: Path) -> None:
    file = Gguf().write(tmp_path / "mine.gguf")
    assert inglenook("model", "add", str(file)).out == "Added mine: Llama 128.\n"
    file.unlink()
    entry = inglenook("model", "list", "--json").objects[0]
    assert entry["problem"]["code"] == "model_gone"
    plain = inglenook("model", "list")
    assert plain.code == 0
    assert "unusable" in plain.out
    assert "There is no model file" in plain.err
    assert inglenook("model", "info", "mine").code == 1


def test_a_model_of_an_unknown_kind_is_added_when_it_is_to_be_tried(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    file = replace(Gguf(), facts=facts("qwen99")).write(tmp_path / "new.gguf")
    refused = inglenook("model", "add", str(file))
    assert refused.code == 1
    assert "“qwen99” model, which this version does not know yet" in refused.err
    assert "--try-anyway" in refused.err
    assert inglenook("model", "add", str(file), "--try-anyway").code == 0
    entry = inglenook("model", "list", "--json").objects[0]
    assert (entry["ref"], "problem" in entry) == ("new", False)


def test_a_model_that_was_put_aside_is_tried_again(inglenook: Inglenook, tmp_path: Path) -> None:
    file = Gguf().write(tmp_path / "mine.gguf")
    inglenook("model", "add", str(file))
    paths = inglenook.paths
    for _crash in range(3):
        quarantine = ModelQuarantine(paths)
        quarantine.begin_attempt(str(file), LOADING)
        quarantine.record_crash("signal SIGSEGV")
    entry = inglenook("model", "list", "--json").objects[0]
    assert entry["problem"]["code"] == "model_put_aside"
    assert "3 times in a row with it (signal SIGSEGV)" in entry["problem"]["message"]
    assert "inglenook model retry mine" in entry["problem"]["hint"]
    ran = inglenook("model", "retry", "mine")
    assert (ran.code, ran.out) == (0, "mine is used again when it is asked.\n")
    assert "problem" not in inglenook("model", "list", "--json").objects[0]


def test_adding_what_is_no_model(inglenook: Inglenook, tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<html>")
    ran = inglenook("model", "add", str(tmp_path / "page.gguf"))
    assert ran.code == 1
    assert ran.err.splitlines()[0] == "inglenook: page.gguf is not a GGUF model."


@pytest.mark.parametrize(
    "words",
    [("model", "add"), ("model", "info"), ("ask", "Who?", "--model"), ("ask", "Who?", "--folder")],
)
@pytest.mark.parametrize("name", ["bad\udcff.gguf", "a/bad\udcff.gguf", "bad\udcff"])
def test_names_that_are_no_text_are_refused(
    inglenook: Inglenook, words: tuple[str, ...], name: str
) -> None:
    ran = inglenook(*words, name, "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] != "internal"
    assert len(ran.err.splitlines()) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_folder_whose_name_is_no_text_is_passed_on_unharmed(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    folder = tmp_path / "odd\udcff"
    folder.mkdir()
    ran = inglenook("folder", "add", str(folder), "--json")
    assert ran.code == 0
    assert ran.objects[-1]["path"].endswith("odd\\udcff")
    assert inglenook("folder", "remove", str(folder)).code == 0


def test_a_root_whose_name_is_no_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Inglenook(tmp_path / "odd\udcff", capsys)("model", "list", "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "root_unwritable"
    assert not list(tmp_path.iterdir())


def test_all_about_a_model(inglenook: Inglenook) -> None:
    out = inglenook("model", "info", "smol").out
    assert "SmolLM2 135M" in out
    assert "8192 tokens" in out
    fields = inglenook("model", "info", "smol", "--json").objects[0]
    assert fields["architecture"] == "llama"
    assert fields["has_template"] is True


@pytest.fixture
def chat(inglenook: Inglenook) -> str:
    paths = inglenook.paths
    paths.create_folders()
    chats = ChatDatabase(paths.chats, paths.backups)
    conversation = chats.new_conversation("Pears")
    for role, text in ((Role.USER, "Who?"), (Role.ASSISTANT, "Aunt Mathilda.")):
        turn = Turn(
            turn_id=new_id(),
            parent_id=conversation.leaf_id,
            role=role,
            state=TurnState.DONE,
            text=text,
            note="One passage was left out." if role is Role.ASSISTANT else "",
            created=1_700_000_000.0,
        )
        conversation = conversation.with_turn(turn)
        chats.save_turns(conversation, [turn])
    chats.close()
    return conversation.chat_id


def test_listing_chats(inglenook: Inglenook, chat: str) -> None:
    (fields,) = inglenook("chat", "list", "--json").objects
    assert (fields["id"], fields["title"], fields["turns"]) == (chat, "Pears", 2)
    assert chat[:13] in inglenook("chat", "list").out


def test_showing_a_chat(inglenook: Inglenook, chat: str) -> None:
    turns = inglenook("chat", "show", chat[:13], "--json").objects
    assert [(turn["role"], turn["text"]) for turn in turns] == [
        ("user", "Who?"),
        ("assistant", "Aunt Mathilda."),
    ]
    plain = inglenook("chat", "show", chat).out
    assert "Aunt Mathilda.\n  One passage was left out.\n" in plain
    assert inglenook("chat", "show", "nope").code == 1


def test_damaged_chats_are_said(inglenook: Inglenook, chat: str) -> None:
    inglenook.paths.chats.write_bytes(b"no database at all " * 1000)
    ran = inglenook("chat", "list", "--json")
    assert (ran.code, ran.out) == (0, "")
    first, second = ran.err.splitlines()
    assert "chats.db was damaged" in first
    assert "backup" in second
    assert inglenook("chat", "list", "--json").err == ""


def test_a_damaged_library_is_said_once(inglenook: Inglenook) -> None:
    facts = {"path": "/data/library.db", "aside": "library.damaged"}
    damage = Failed(request_id="", code=ErrorCode.DATABASE_DAMAGED, facts=facts)
    inglenook.library.said_first = {ListFolders: (damage, damage)}
    ran = inglenook("folder", "list", "--json")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        "inglenook: /data/library.db was damaged; it is kept beside as library.damaged, "
        "and an empty one was begun.\n"
        "Chats come back from a backup of yours; folders are read again by themselves.\n"
    )


def asked_folders(inglenook: Inglenook, chat: str, *folder_ids: str) -> tuple[set[str], str]:
    """Let the chat have asked these folders, go on with it, and return what is asked and said."""
    paths = inglenook.paths
    chats = ChatDatabase(paths.chats, paths.backups)
    chats.save_turns(structs.replace(chats.load_conversation(chat), folder_ids=folder_ids), [])
    chats.close()
    before = len(inglenook.library.sent)
    ran = inglenook("ask", "And then?", "--chat", chat, "--json")
    assert ran.code == 0
    searches = [each for each in inglenook.library.sent[before:] if isinstance(each, SearchFolders)]
    return {folder_id for search in searches for folder_id in search.folder_ids}, ran.err


def test_a_chat_goes_on_with_its_folders(inglenook: Inglenook, documents: Path, chat: str) -> None:
    inglenook("folder", "add", str(documents))
    assert asked_folders(inglenook, chat, "folder-1") == ({"folder-1"}, "")
    asked, said = asked_folders(inglenook, chat, "folder-1", "folder-9")
    assert asked == {"folder-1"}
    assert said.startswith("A folder this chat asked is no longer there")
    asked, said = asked_folders(inglenook, chat, "folder-9")
    assert asked == set()
    assert said.startswith("The folder this chat asked is no longer there")


def test_going_on_with_a_chat(inglenook: Inglenook, chat: str) -> None:
    (started, *_events) = inglenook("ask", "And then?", "--chat", chat[:13], "--json").objects
    assert started["chat"] == chat
    turns = inglenook.engine.last_sent(Generate).turns
    assert turns[-1].text == "And then?"
    assert len(inglenook("chat", "show", chat, "--json").objects) == 4
