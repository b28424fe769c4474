"""`inglenook eval` with the real model: a folder tested, its questions asked, graded, reported."""

import json
from pathlib import Path

import pytest

from tests.end2end.documents import make_garden
from tests.end2end.test_command_line import Command

QUESTIONS = (
    {
        "id": "water",
        "question": "How often are the long beds watered?",
        "answers": ["every second Friday"],
        "must_contain": ["second Friday"],
        "file": "duties.md",
    },
    {"id": "wine", "question": "Which wine goes with trout?", "file": None},
)


@pytest.mark.timeout(900)
def test_a_folder_is_evaluated(tmp_path: Path) -> None:
    command = Command(tmp_path / "root")
    assert command.run("folder", "add", str(make_garden(tmp_path / "Garden")))[0] == 0

    code, lines, _ = command.run("eval", "folder", "Garden", "--questions", "12")
    assert code == 0, lines
    (tested,) = lines
    assert tested["recall"]["all"]["count"] == len(tested["questions"]) > 0
    assert tested["recall"]["all"]["among_all"] >= 0.5
    assert tested["advice"]

    asked, out = tmp_path / "set.jsonl", tmp_path / "out.jsonl"
    asked.write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS), encoding="utf-8")
    page = tmp_path / "page.html"
    code, lines, _ = command.run(
        "eval", "answers", str(asked), "--folder", "Garden", "--out", str(out),
        "--max-tokens", "40", "--temperature", "0", "--html", str(page),
        "--judge", "smollm2-135m",
    )  # fmt: skip
    assert code == 0, lines
    (summary,) = lines
    assert summary["questions"] == 2
    assert summary["failed"] == 0
    assert {"token_f1", "bleu", "rouge1", "bert_score", "judge"} <= set(summary["scores"])
    assert 0 < summary["scores"]["bert_score"]["mean"] <= 1
    assert sum(summary["refusals"][f"answerable_{how}"] for how in ("answered", "refused")) == 1
    assert "<svg" in page.read_text(encoding="utf-8")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
