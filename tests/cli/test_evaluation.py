"""`inglenook eval answers`: a set asked, scored, resumed and reported."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.messages import EvaluateFolder, Generate, SearchFiles
from tests.cli.conftest import Inglenook

ANSWERED = {"id": "a", "question": "Who planted it?", "answers": ["Aunt Mathilda"], "kind": "name"}
REQUIRED = {"id": "b", "question": "When?", "must_contain": ["1931"], "file": "notes/garden.pdf"}
NOTHING = {"id": "c", "question": "Which wine?", "file": None, "kind": "unanswerable"}


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
    assert ran.objects[-1]["code"] == "answer_set_refused"


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
