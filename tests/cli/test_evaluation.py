"""`inglenook eval answers`: a set asked, scored, resumed and reported."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from core.base.imports.import_stubs import EMBEDDING_STUBS
from core.chat.store.chat_database import ChatDatabase
from core.messages import (
    EvaluateFolder,
    Generate,
    ScoreSimilarity,
    SearchFiles,
    SearchVerdict,
)
from tests.cli.conftest import Inglenook

ANSWERED = {"id": "a", "question": "Who planted it?", "answers": ["Aunt Mathilda"], "kind": "name"}
REQUIRED = {"id": "b", "question": "When?", "must_contain": ["1931"], "file": "notes/garden.pdf"}
NOTHING = {"id": "c", "question": "Which wine?", "file": None, "kind": "unanswerable"}


@pytest.fixture(autouse=True)
def _no_stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    """rouge-score imports SciPy's statistics: stubs of the library's child can't stand in for it.

    A test of embedding that ran in this process before has put them in place.
    """
    for name in EMBEDDING_STUBS:
        monkeypatch.delitem(sys.modules, name, raising=False)


def write_set(folder: Path, *questions: dict[str, Any]) -> str:
    path = folder / "garden.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in questions), encoding="utf-8")
    return str(path)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_set_is_asked_scored_and_kept(
    inglenook: Inglenook, documents: Path, tmp_path: Path
) -> None:
    asked = write_set(tmp_path, ANSWERED, REQUIRED, NOTHING)
    out, page = tmp_path / "out.jsonl", tmp_path / "page.html"
    ran = inglenook(
        "eval", "answers", asked, "--folder", str(documents), "--out", str(out),
        "--html", str(page), "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (summary,) = ran.objects
    scores = {name: each["mean"] for name, each in summary["scores"].items()}
    assert scores["exact_match"] == 0
    assert scores["token_f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert scores["contains"] == 0
    assert scores["rouge1"] == pytest.approx(2 / 3, abs=1e-4)
    assert 0 < scores["bleu"] < 1
    assert scores["citation_precision"] == scores["citation_recall"] == 1
    assert scores["supported"] == 1
    assert scores["bert_score"] == 0.5
    assert summary["right"]["mean"] == pytest.approx(1 / 3)
    assert summary["refusals"] == {
        "answerable_answered": 2,
        "answerable_refused": 0,
        "unanswerable_answered": 1,
        "unanswerable_refused": 0,
        "balanced_accuracy": 0.5,
    }
    assert summary["corpus_bleu"] > 0
    head, *records = lines(out)
    assert head["set_name"] == "garden"
    assert [record["id"] for record in records] == ["a", "b", "c"]
    assert records[0]["cited_files"] == ["notes/garden.pdf"]
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "http" not in text.replace("http-equiv", "")


def test_tables_for_people(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, ANSWERED, NOTHING)
    inglenook.engine.pieces = ("I don't know.",)
    ran = inglenook("eval", "answers", asked, "--out", str(tmp_path / "out.jsonl"))
    assert ran.code == 0, ran.err
    assert "right answers" in ran.out
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["the", "set", "has", "an", "answer", "0", "1"] in rows
    assert ["nothing", "answers", "it", "0", "1"] in rows


def test_only_what_has_no_reply_is_asked_again(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, ANSWERED, NOTHING)
    out = tmp_path / "out.jsonl"
    words = ("eval", "answers", asked, "--out", str(out))
    inglenook(*words)
    whole = out.read_bytes()
    first_two = b"\n".join(whole.split(b"\n")[:2])
    out.write_bytes(first_two + b'\n{"id":"c","quest')  # as a kill leaves it
    before = len(inglenook.engine.all_sent(Generate))
    ran = inglenook(*words)
    assert ran.code == 0, ran.err
    assert len(inglenook.engine.all_sent(Generate)) == before + 1
    assert "1 of 2 are answered already" in ran.err
    assert [record["id"] for record in lines(out)[1:]] == ["a", "c"]


def test_results_of_another_run_are_left_alone(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, ANSWERED)
    out = tmp_path / "out.jsonl"
    inglenook("eval", "answers", asked, "--out", str(out))
    before = out.read_bytes()
    ran = inglenook("eval", "answers", asked, "--out", str(out), "--temperature", "0.5")
    assert ran.code == 1
    assert "another run (other settings)" in ran.err
    assert out.read_bytes() == before


def test_a_passage_of_the_set_is_asked_as_a_file(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, {**ANSWERED, "passage": "Aunt Mathilda planted the pear tree."})
    ran = inglenook("eval", "answers", asked, "--out", str(tmp_path / "out.jsonl"))
    assert ran.code == 0, ran.err
    (path,) = inglenook.library.last_sent(SearchFiles).paths
    assert path.endswith("passage-1.txt")
    assert not Path(path).exists()


def test_failures_in_a_row_end_the_run(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, *({**ANSWERED, "id": str(number)} for number in range(9)))
    out = tmp_path / "out.jsonl"
    inglenook.engine.dies = True
    ran = inglenook("eval", "answers", asked, "--out", str(out))
    assert ran.code == 1
    assert ran.err
    kept = lines(out)[1:]
    assert 1 <= len(kept) <= 3
    assert all(record["problem"] for record in kept)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no question"),
        (b"{}", "has no question"),
        (b"[1]", "is no object"),
        (b"nonsense", "is not JSON"),
        (b'{"question": "Who?", "answers": {"a": 1}}', "is no text"),
        (b'{"question": "Who?", "answerable": "yes"}', "neither true nor false"),
        (b'{"id": "1", "question": "Who?"}\n{"id": "1", "question": "When?"}', "stands twice"),
        (b"\xff\xfe\x00", "is not JSON"),
    ],
)
def test_what_is_no_set(inglenook: Inglenook, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    ran = inglenook("eval", "answers", str(path))
    assert ran.code == 1
    assert reason in ran.err
    assert "Traceback" not in ran.err


def test_a_set_that_is_not_there(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("eval", "answers", str(tmp_path / "none.jsonl"), "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "file_missing"


def test_a_folder_is_asked_about_its_own_texts(inglenook: Inglenook, documents: Path) -> None:
    inglenook("folder", "add", str(documents))
    ran = inglenook("eval", "folder", "documents", "--questions", "9", "--seed", "4", "-k", "5")
    assert ran.code == 0, ran.err
    request = inglenook.library.last_sent(EvaluateFolder)
    assert (request.folder_id, request.questions, request.seed, request.k) == ("folder-1", 9, 4, 5)
    assert "documents: 3 questions, made from 3 of 9 files" in ran.out
    assert "all questions          3  0.333    0.667    0.667     1.000  0.444" in ran.out
    assert "the landlady what each spring?" in ran.out
    assert "home/lease.pdf, page 2 — Repairs: ranked at place 17" in ran.out
    assert "2 files are only scanned pages, without text." in ran.out
    assert "→ Wait until the folder is read, and test it again." in ran.out
    ran = inglenook("eval", "folder", "documents", "--json")
    (fields,) = ran.objects
    assert fields["recall"]["all"]["mrr"] == pytest.approx(4 / 9)
    assert fields["recall"]["figure"]["first"] == 1
    assert fields["questions"][2]["reason"] == "further_down"
    assert fields["skipped"] == {"file_encrypted": 1}


def test_a_folder_that_is_not_known(inglenook: Inglenook) -> None:
    ran = inglenook("eval", "folder", "nowhere", "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "folder_unknown"


def test_a_model_grades_twice_and_once_only(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, ANSWERED, NOTHING)
    words = ("eval", "answers", asked, "--out", str(tmp_path / "out.jsonl"), "--json")
    inglenook(*words)
    inglenook.engine.pieces = ('{"grade": 4}',)
    ran = inglenook(*words, "--judge", "smollm2-135m")
    assert ran.code == 0, ran.err
    assert ran.objects[0]["scores"]["judge"]["mean"] == pytest.approx(0.75)
    graded = inglenook.engine.all_sent(Generate)[-4:]
    texts = [request.turns[-1].text for request in graded]
    assert all("Grade the answer" in text for text in texts)
    assert texts[0].index("Reference:") < texts[0].index("Answer:")
    assert texts[1].index("Reference:") > texts[1].index("Answer:\n")
    assert all(request.sampling.json_schema for request in graded)
    before = len(inglenook.engine.all_sent(Generate))
    inglenook(*words, "--judge", "smollm2-135m")
    assert len(inglenook.engine.all_sent(Generate)) == before


def two_runs(inglenook: Inglenook, tmp_path: Path) -> tuple[str, str]:
    """Ask a set twice, wrong answers first."""
    asked = write_set(tmp_path, *({**ANSWERED, "id": str(number)} for number in range(4)))
    files = str(tmp_path / "weak.jsonl"), str(tmp_path / "strong.jsonl")
    for file, pieces in zip(files, (("Nobody.",), ("Aunt Mathilda",)), strict=True):
        inglenook.engine.pieces = pieces
        assert inglenook("eval", "answers", asked, "--out", file).code == 0
    return files


def test_two_runs_are_compared(inglenook: Inglenook, tmp_path: Path) -> None:
    files = two_runs(inglenook, tmp_path)
    page = tmp_path / "page.html"
    ran = inglenook("eval", "compare", *files, "--html", str(page))
    assert ran.code == 0, ran.err
    assert "strong against weak" in ran.out
    row = next(line for line in ran.out.splitlines() if line.startswith("right answers"))
    assert row.split()[2:] == ["+1.000", "+1.000", "+1.000", "4", "0", "0", "0.125"]
    assert "<svg" in page.read_text(encoding="utf-8")


def test_a_judge_that_prefers_the_first_place_prefers_nobody(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    files = two_runs(inglenook, tmp_path)
    inglenook.engine.pieces = ('{"better": "A"}',)
    ran = inglenook("eval", "compare", *files, "--judge", "smollm2-135m", "--json")
    (fields,) = ran.objects
    assert fields["judge"] == {
        "second_better": 0, "first_better": 0, "equal": 4, "unread": 0, "p": 1.0,
    }  # fmt: skip
    assert fields["differences"]["exact_match"]["better"] == 4


def test_runs_without_a_common_question(inglenook: Inglenook, tmp_path: Path) -> None:
    first, _second = two_runs(inglenook, tmp_path)
    other = tmp_path / "other.jsonl"
    other.write_text('{"evaluation": 1}\n', encoding="utf-8")
    ran = inglenook("eval", "compare", first, str(other))
    assert ran.code == 1
    assert "no answer to a question of the other file" in ran.err
    ran = inglenook("eval", "compare", first, str(tmp_path / "none.jsonl"))
    assert ran.code == 1
    ran = inglenook("eval", "compare", first, write_set(tmp_path, ANSWERED))
    assert ran.code == 1
    assert "is no line of results" in ran.err


def rate_answers(inglenook: Inglenook, *ratings: int) -> None:
    """Give the answers of all chats ratings, in the order in which they were asked."""
    chats = ChatDatabase(inglenook.paths.chats, inglenook.paths.backups)
    for chat_id, rating in zip(sorted(chats.chat_ids()), ratings, strict=True):
        chat = chats.load_conversation(chat_id)
        answer = structs.replace(chat.path()[-1], rating=rating, rating_note="seen")
        chats.save_turns(chat.with_turn(answer), [answer])
    chats.close()


def test_ratings_become_a_set_and_results(inglenook: Inglenook, tmp_path: Path) -> None:
    inglenook("ask", "Who planted it?")
    inglenook("ask", "Who cut it?")
    rate_answers(inglenook, 1, -1)
    file = tmp_path / "rated.jsonl"
    ran = inglenook("eval", "ratings", str(file))
    assert ran.code == 0, ran.err
    assert "1 answers rated good and 1 rated bad" in ran.out
    head, good, bad = lines(file)
    assert head["set_name"] == "rated"
    assert (good["answers"], good["rating"]) == (["Aunt Mathilda planted it."], 1)
    assert (bad["answers"], bad["rating"], bad["rating_note"]) == ([], -1, "seen")
    ran = inglenook("eval", "answers", str(file), "--out", str(tmp_path / "again.jsonl"), "--json")
    assert ran.code == 0, ran.err
    assert ran.objects[0]["scores"]["exact_match"] == {
        "mean": 1.0, "low": 1.0, "high": 1.0, "count": 1,
    }  # fmt: skip


def test_ratings_of_a_kept_run_are_taken_over(inglenook: Inglenook, tmp_path: Path) -> None:
    asked = write_set(tmp_path, ANSWERED, NOTHING)
    out = tmp_path / "out.jsonl"
    assert inglenook("eval", "answers", asked, "--out", str(out), "--keep").code == 0
    rate_answers(inglenook, 1, 0)
    ran = inglenook("eval", "ratings", str(out), "--import", "--json")
    assert ran.code == 0, ran.err
    assert ran.objects[0]["ratings"] == [1, 0]
    assert [record["rating"] for record in lines(out)[1:]] == [1, None]


def test_without_an_embedding_model_one_score_is_missing(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    inglenook.library.deadly.add(ScoreSimilarity)
    asked = write_set(tmp_path, ANSWERED)
    ran = inglenook("eval", "answers", asked, "--out", str(tmp_path / "out.jsonl"), "--json")
    assert ran.code == 0, ran.err
    assert ran.err
    assert "bert_score" not in ran.objects[0]["scores"]
    assert "token_f1" in ran.objects[0]["scores"]


def test_the_verdict_of_the_app_is_counted_and_its_confidence_measured(
    inglenook: Inglenook, documents: Path, tmp_path: Path
) -> None:
    asked = write_set(tmp_path, ANSWERED, NOTHING)
    inglenook.library.verdict, inglenook.library.confidence = SearchVerdict.ON_TOPIC, 0.25
    page = tmp_path / "page.html"
    ran = inglenook(
        "eval", "answers", asked, "--folder", str(documents), "--out", str(tmp_path / "out.jsonl"),
        "--html", str(page), "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (summary,) = ran.objects
    assert summary["verdicts"] == {"on_topic": 2}
    assert summary["refusals"]["answerable_refused"] == 1
    assert summary["refusals"]["unanswerable_refused"] == 1
    assert summary["calibration"]["error"] == pytest.approx(0.25)
    assert "share that can be answered" in page.read_text(encoding="utf-8")


def test_a_file_that_is_there_is_replaced_only_by_force(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    kept, asked = tmp_path / "diary.txt", write_set(tmp_path, ANSWERED)
    out = tmp_path / "out.jsonl"
    assert inglenook("eval", "answers", asked, "--out", str(out)).code == 0
    kept.write_text("mine")
    for words in (
        ("eval", "ratings", str(kept)),
        ("eval", "ratings", str(out), "--import", "--html", str(kept)),
        ("eval", "answers", asked, "--out", str(out), "--html", str(kept)),
        ("eval", "compare", str(out), str(out), "--html", str(kept)),
    ):
        ran = inglenook(*words)
        assert (ran.code, kept.read_text()) == (1, "mine"), words
        assert ran.err == (
            f"inglenook: There is a file {kept} already.\n"
            "Name another one, or write over it with “--force”; it was left as it is.\n"
        )
        assert inglenook(*words, "--force").code == 0
        assert kept.read_text() != "mine"
        kept.write_text("mine")
