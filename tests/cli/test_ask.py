"""`inglenook ask`: the event stream, the words, and how it can end."""

import signal
import sys
from pathlib import Path

import pytest

from core.app.app import App
from core.app.root_lock import RootLock
from core.base.interrupts import INTERRUPTED
from core.base.paths import Paths
from core.chat.store.chat_database import ChatDatabase
from core.cli import main as cli_main
from core.messages import FoundFile, Generate, LoadModel, SearchFolders, SearchVerdict
from tests.cli.answering_children import PASSAGE
from tests.cli.conftest import Inglenook

MODEL = "smollm2-135m-instruct-q4_1"


def test_the_events_of_a_plain_answer(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--json")
    assert ran.code == 0
    chat_id, turn_id = saved_answer(inglenook.paths)
    seconds = ran.objects[-1]["seconds_to_first_token"]
    assert seconds == round(seconds, 4) > 0
    assert ran.objects == [
        {"event": "start", "version": 1, "chat": chat_id, "turn": turn_id, "model": MODEL},
        {"event": "sources", "sources": []},
        {"event": "token", "text": "Aunt"},
        {"event": "token", "text": " Mathilda"},
        {"event": "token", "text": " planted it."},
        {
            "event": "done",
            "text": "Aunt Mathilda planted it.",
            "citations": [],
            "prompt_tokens": 31,
            "cached_tokens": 7,
            "completion_tokens": 3,
            "seconds_to_first_token": seconds,
            "tokens_per_second": 101.24,
            "checks": 40,
            "drafted_tokens": 120,
            "accepted_tokens": 84,
            "stop": "eos",
        },
    ]
    assert inglenook.is_closed


def saved_answer(paths: Paths) -> tuple[str, str]:
    """Return the ids of the only chat and of its answer."""
    chats = ChatDatabase(paths.chats, paths.backups)
    (chat_id,) = chats.chat_ids()
    answer_id = chats.load_conversation(chat_id).leaf_id
    chats.close()
    assert answer_id
    return chat_id, answer_id


def test_the_sources_of_an_answer(inglenook: Inglenook, documents: Path) -> None:
    ran = inglenook("ask", "Who?", "--json", "--folder", str(documents))
    assert ran.objects[1] == {
        "event": "sources",
        "sources": [
            {
                "n": 1,
                "file": "notes/garden.pdf",
                "path": "/docs/notes/garden.pdf",
                "page": 3,
                "heading": "Trees",
                "text": PASSAGE,
                "score": 0.9123,
            }
        ],
        "verdict": "answered",
        "confidence": 0.9,
        "unread_files": 0,
    }
    assert ran.objects[-1]["citations"] == [
        {"n": 1, "start": 0, "end": 25, "source_start": 0, "source_end": len(PASSAGE)}
    ]
    assert [source["text"] for source in ran.objects[-1]["sources"]] == [PASSAGE]


def test_a_refusal_names_the_nearest_and_the_ways_on(inglenook: Inglenook, documents: Path) -> None:
    inglenook.library.verdict, inglenook.library.confidence = SearchVerdict.ON_TOPIC, 0.12
    ran = inglenook("ask", "Who?", "--folder", str(documents))
    assert ran.out.startswith("The documents speak of this, but I found no answer. Nearest: ")
    assert "Nearest passages:\n[1] notes/garden.pdf, page 3" in ran.out
    assert "--documents nearest" in ran.err
    told = inglenook("ask", "Who?", "--json", "--folder", str(documents)).objects[-1]
    assert (told["verdict"], told["confidence"], told["refused"]) == ("on_topic", 0.12, True)
    ran = inglenook("ask", "Who?", "--folder", str(documents), "--documents", "nearest")
    assert ran.out.startswith("Aunt Mathilda planted it.")


def test_a_greeting_is_not_searched_for(inglenook: Inglenook, documents: Path) -> None:
    ran = inglenook("ask", "hi", "--json", "--folder", str(documents))
    assert ran.objects[0]["intent"] == ran.objects[-1]["intent"] == "talk"
    assert not inglenook.library.all_sent(SearchFolders)


def test_an_answer_in_words(inglenook: Inglenook, documents: Path) -> None:
    ran = inglenook("ask", "Who?", "--folder", str(documents))
    assert ran.code == 0
    assert ran.out == (
        "Aunt Mathilda planted it.\n\nSources:\n[1] notes/garden.pdf, page 3 — Trees\n"
    )


def test_a_new_folder_is_read_first_and_known_by_name_then(
    inglenook: Inglenook, documents: Path
) -> None:
    for words in ([str(documents)], ["DOCUMENTS", "--folder", str(documents)]):
        inglenook("ask", "Who?", "--folder", *words)
        assert inglenook.library.last_sent(SearchFolders).folder_ids == ("folder-1",)
    assert len(inglenook.library.all_sent(SearchFolders)) == 2
    assert len(inglenook.library.folders) == 1


def test_an_unknown_folder(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--folder", "nowhere")
    assert ran.code == 1
    assert ran.err.splitlines()[0] == "inglenook: No folder is called “nowhere”."
    assert len(ran.err.splitlines()) == 2
    assert ran.out == ""


def test_an_unknown_model_as_an_event(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--model", "hal", "--json")
    assert ran.code == 1
    (event,) = ran.objects
    assert event["event"] == "error"
    assert event["code"] == "model_unknown"
    assert event["message"] == "No model is called “hal”."
    assert event["hint"]
    assert "hal" in ran.err


def test_a_failure_on_the_way_is_the_last_event(inglenook: Inglenook) -> None:
    inglenook.engine.dies = True
    ran = inglenook("ask", "Who?", "--json")
    assert ran.code == 1
    assert [event["event"] for event in ran.objects] == [
        "start",
        "sources",
        *["token"] * 3,
        "error",
    ]
    assert ran.objects[-1]["code"] == "engine_died"


def test_a_held_root(inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_main, "HOLDER_PATIENCE_SECONDS", 0.3)
    lock = RootLock(inglenook.paths)
    lock.acquire()
    ran = inglenook("ask", "Who?")
    lock.release()
    assert ran.code == 1
    assert ran.err.startswith("inglenook: Inglenook is already open")


def test_a_mistake_of_our_own_names_the_log(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_app: App) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr(App, "open_root", break_down)
    ran = inglenook("ask", "Who?", "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "internal"
    assert str(inglenook.paths.logs) in ran.objects[-1]["hint"]


def test_the_flags_reach_the_application(inglenook: Inglenook, starter_model: Path) -> None:
    inglenook(
        *("ask", "Who?", "--temperature", "0", "--seed", "7", "--max-tokens", "9"),
        *("--threads", "2", "--model", "smol"),
    )
    asked = inglenook.engine.last_sent(Generate)
    assert asked.sampling.temperature == 0
    assert asked.sampling.seed == 7
    assert asked.max_tokens == 9
    load = inglenook.engine.last_sent(LoadModel)
    assert Path(load.path) == starter_model
    assert load.placement.threads == 2
    assert not inglenook.paths.settings.exists(), "for this once only"


def test_going_on_with_a_chat_that_is_not_there(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--chat", "0193", "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "chat_unknown"


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't send itself Ctrl-C there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, 143)])
def test_ctrl_c_stops_the_answer_and_it_ends_in_order(
    inglenook: Inglenook, number: signal.Signals, code: int
) -> None:
    inglenook.engine.interrupts = number
    ran = inglenook("ask", "Who?", "--json")
    assert ran.code == code
    assert ran.objects[-1]["event"] == "done"
    assert ran.objects[-1]["stop"] == "cancelled"
    assert "Stopped" in ran.err
    assert inglenook.is_closed


def test_control_characters_of_a_model_do_not_reach_the_terminal(inglenook: Inglenook) -> None:
    inglenook.engine.pieces = ("a\x1b]0;title\x07b", "\x9b2Jc\r\nd")
    out = inglenook("ask", "Who?").out
    assert out == "a\ufffd]0;title\ufffdb\ufffd2Jc\nd\n"


def test_the_library_is_asked_about_itself(inglenook: Inglenook, documents: Path) -> None:
    inglenook.library.found_files = (
        FoundFile(
            folder_id="f", folder="notes", file="lease.pdf", path="/n/lease.pdf", size=1, modified=0
        ),
    )
    asked = "How many contracts are there?"
    ran = inglenook("ask", asked, "--json", "--folder", str(documents))
    assert ran.objects[0]["intent"] == ran.objects[-1]["intent"] == "library"
    assert ran.objects[0]["model"] == "Inglenook"
    assert not inglenook.library.all_sent(SearchFolders)


def test_an_answer_that_repeats_itself_is_stopped_unless_it_may(inglenook: Inglenook) -> None:
    inglenook.engine.script = ("The gate is closed at nine. ",) * 60
    ran = inglenook("ask", "When?", "--json")
    assert (ran.objects[-1]["stop"], ran.objects[-1]["repeated"]) == ("repeat", True)
    told = inglenook("ask", "And when?")
    assert "it had begun to repeat itself" in told.err
    ran = inglenook("ask", "When then?", "--json", "--may-repeat")
    assert ran.objects[-1]["stop"] == "eos"
    assert "repeated" not in ran.objects[-1]
