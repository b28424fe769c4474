"""What is looked at before anything is started, and what standard input adds to a question."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.cli import question_input
from core.cli.short_ids import shortest_ids
from core.messages import EvaluateRetrieval, Generate, SearchFolders
from tests.cli.conftest import Inglenook

PipeIn = Callable[[bytes], None]


@pytest.fixture
def pipe_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PipeIn]:
    """Returns a function that puts something behind “|”."""
    with contextlib.ExitStack() as opened:

        def pipe(content: bytes) -> None:
            (tmp_path / "piped").write_bytes(content)
            stream = opened.enter_context((tmp_path / "piped").open(encoding="utf-8"))
            monkeypatch.setattr(sys, "stdin", stream)

        yield pipe


def test_a_set_without_a_file_is_refused_before_a_child_starts(
    inglenook: Inglenook, documents: Path
) -> None:
    (documents / "corpus.jsonl").touch()
    ran = inglenook("eval", "retrieval", str(documents))
    assert (ran.code, "queries.jsonl" in ran.err) == (1, True)
    assert not inglenook.library.all_sent(EvaluateRetrieval)


@pytest.mark.parametrize("folders", [(), ("--folder", "nowhere")])
def test_a_search_of_nothing_starts_nothing(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch, folders: tuple[str, ...]
) -> None:
    monkeypatch.setattr(
        "core.library.client.library_client.LibraryClient.look_at_folders", lambda _client: ()
    )
    ran = inglenook("search", "pears", *folders, "--json")
    assert ran.code == 1
    code = ErrorCode.FOLDER_UNKNOWN if folders else ErrorCode.NO_FOLDERS
    assert ran.objects[0]["code"] == code
    assert not inglenook.library.all_sent(SearchFolders)


def test_a_question_without_its_folder_makes_no_chat(inglenook: Inglenook) -> None:
    assert inglenook("ask", "Who?", "--folder", "nowhere").code == 1
    assert inglenook("chat", "list", "--json").objects == []


def test_a_question_that_failed_leaves_no_chat(inglenook: Inglenook) -> None:
    inglenook.engine.dies = True
    inglenook.engine.pieces = ()
    assert inglenook("ask", "Who?").code == 1
    inglenook.engine.dies = False
    assert inglenook("chat", "list", "--json").objects == []


def test_a_schema_that_no_grammar_can_express_is_refused(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "nonsense"}', encoding="utf-8")
    ran = inglenook("ask", "Who?", "--json-schema", str(schema))
    assert ran.code == 2
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "piped", "asked"),
    [
        ("-", b"Who planted it?\n", "Who planted it?"),
        ("What failed?", b"error 17\n", "What failed?\n\nerror 17"),
    ],
    ids=["instead of the question", "beside it"],
)
def test_what_is_piped_in_is_asked(
    inglenook: Inglenook, pipe_in: PipeIn, typed: str, piped: bytes, asked: str
) -> None:
    pipe_in(piped)
    assert inglenook("ask", typed).code == 0
    assert inglenook.engine.last_sent(Generate).turns[-1].text == asked


def test_an_empty_question_from_standard_input_is_refused(
    inglenook: Inglenook, pipe_in: PipeIn
) -> None:
    pipe_in(b"\n")
    assert inglenook("ask", "-").code == 1
    assert not inglenook.engine.all_sent(Generate)


def test_what_is_piped_in_in_another_encoding_is_text(
    inglenook: Inglenook, pipe_in: PipeIn
) -> None:
    for number, encoding in enumerate(("cp1252", "utf-16", "utf-16-le", "utf-8-sig")):
        pipe_in("Größe: zehn Äpfel für Zoë\n".encode(encoding))
        assert inglenook("ask", f"What is {number}?").code == 0
        asked = inglenook.engine.last_sent(Generate).turns[-1].text
        assert asked == f"What is {number}?\n\nGröße: zehn Äpfel für Zoë"
    pipe_in("Äpfel 水".encode()[:-1])  # as behind “head -c”
    assert inglenook("ask", "What is cut?").code == 0
    assert inglenook.engine.last_sent(Generate).turns[-1].text == "What is cut?\n\nÄpfel"


@pytest.mark.parametrize(
    "given",
    [
        bytes(range(256)) * 12,
        b"one.txt\x00two.txt\x00three.txt\x00",
        b"\x01\x02\x03" * 9,
        "Все слова".encode("cp1251"),
        b"\xff\xfe\x00\x01\x02\x00binary\x00",
    ],
    ids=["every byte", "NUL", "control", "unknown", "marked binary"],
)
@pytest.mark.parametrize("question", ["What failed?", "-"])
def test_what_is_no_text_is_refused(
    inglenook: Inglenook, pipe_in: PipeIn, given: bytes, question: str
) -> None:
    pipe_in(given)
    ran = inglenook("ask", question, "--json")
    assert (ran.code, ran.objects[0]["code"]) == (1, ErrorCode.INPUT_REFUSED)
    assert len(ran.err.splitlines()) == 2
    assert not inglenook.engine.all_sent(Generate)


def test_too_large_an_input_is_told_to_go_as_a_file(
    inglenook: Inglenook, pipe_in: PipeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_input, "MAX_INPUT", 64)
    pipe_in(b"word " * 13)
    ran = inglenook("ask", "What is said?", "--json")
    assert (ran.code, ran.objects[0]["code"]) == (1, ErrorCode.INPUT_REFUSED)
    assert "--file" in ran.objects[0]["hint"]
    assert not inglenook.engine.all_sent(Generate)


def test_ids_are_as_long_as_they_must_be() -> None:
    ids = ["0190aaaa-0000-7000-8000-000000000001", "0190aaaa-0000-7000-8000-00000000000f"]
    other = "0190bbbb-0000-7000-8000-000000000001"
    short = shortest_ids([*ids, other])
    assert short == {ids[0]: ids[0], ids[1]: ids[1], other: other[:13]}


def test_an_ambiguous_id_says_of_how_many_it_is(inglenook: Inglenook) -> None:
    for question in ("Who?", "What?"):
        inglenook("ask", question)
    (first, _second) = (chat["id"] for chat in inglenook("chat", "list", "--json").objects)
    ran = inglenook("chat", "show", first[:4], "--json")
    assert (ran.code, ran.objects[0]["code"]) == (1, ErrorCode.CHAT_AMBIGUOUS)
    assert "2" in ran.objects[0]["message"]


def test_a_query_may_come_through_standard_input(
    inglenook: Inglenook, documents: Path, pipe_in: PipeIn
) -> None:
    inglenook("folder", "add", str(documents))
    pipe_in(b"pears\n")
    assert inglenook("search", "-").code == 0
    assert inglenook.library.last_sent(SearchFolders).query == "pears"
    pipe_in(b" \n")
    assert inglenook("search", "-").code == 1


def test_what_a_command_does_not_know_is_said_with_its_own_help(inglenook: Inglenook) -> None:
    ran = inglenook("search", "pears", "--limit", "3")
    assert ran.code == 2
    assert "unrecognized arguments: --limit 3" in ran.err.lower()
    assert "inglenook search --help" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("words", [("search", "x", "-k", "0", "--json"), ("--json", "zzz")])
def test_wrong_usage_is_an_event_for_scripts(inglenook: Inglenook, words: tuple[str, ...]) -> None:
    ran = inglenook(*words)
    (event,) = ran.objects
    assert (ran.code, event["event"], event["code"]) == (2, "error", ErrorCode.USAGE_WRONG)
    assert ran.err == f"inglenook: {event['message']} {event['hint']}\n"


@pytest.mark.parametrize("option", [(), ("--drop",), ("--dry-run",)])
def test_a_missing_name_of_a_model_is_wrong_usage(
    inglenook: Inglenook, option: tuple[str, ...]
) -> None:
    ran = inglenook("model", "get", *option)
    assert ran.code == 2
    assert "required: NAME" in ran.err
    assert "model get --help" in ran.err


def test_a_folder_is_no_file_that_is_read(inglenook: Inglenook, documents: Path) -> None:
    ran = inglenook("folder", "text", str(documents))
    assert (ran.code, "There is no file" in ran.err) == (1, True)
    assert inglenook.library.starts == 0


def test_that_there_is_no_reranker_starts_nothing(inglenook: Inglenook) -> None:
    ran = inglenook("folder", "reranker")
    assert (ran.code, ran.out) == (0, "There is no reranker.\n")
    assert inglenook.library.starts == 0


def test_the_version_is_printed(inglenook: Inglenook) -> None:
    ran = inglenook("--version")
    assert (ran.code, ran.out.split()[0]) == (0, "inglenook")


def test_a_pack_that_is_not_there_is_said_so(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("pack", "add", str(tmp_path / "none.zip"), "--json")
    assert (ran.code, ran.objects[0]["code"]) == (1, ErrorCode.FILE_MISSING)


def test_a_set_of_questions_that_is_no_file_is_said_so(
    inglenook: Inglenook, documents: Path
) -> None:
    ran = inglenook("eval", "answers", str(documents), "--json")
    assert (ran.code, ran.objects[0]["code"]) == (1, ErrorCode.FILE_MISSING)
