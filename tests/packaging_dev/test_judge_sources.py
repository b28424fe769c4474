"""The judge's sources are read from real repositories in the forms that they are published in."""

import json
import re
import subprocess
from pathlib import Path

import msgspec
import pytest

from make_judge_sources import PUBLISHED, READERS, PublishedSource, published_sources, write_source

README = PUBLISHED.parents[1] / "README.md"


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    folder = tmp_path / "clones"
    folder.mkdir()
    return folder


def published(name: str, clones: Path, files: dict[str, str]) -> PublishedSource:
    """Return a source whose repository holds these files and nothing else."""
    [source] = [each for each in published_sources() if each.name == name]
    owner, repository = source.repository.split("/")
    folder = clones / f"{owner}+{repository}.git"

    def git(*arguments: str, text: str = "") -> str:
        done = subprocess.run(
            ["git", "--git-dir", str(folder), *arguments],
            input=text.encode(),
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    git("init", "--bare", "--quiet", str(folder))
    for path, text in files.items():
        blob = git("hash-object", "-w", "--stdin", text=text)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    tree = git("write-tree")
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    commit = git(*author, "commit-tree", tree, "-m", "files")
    return msgspec.structs.replace(source, commit=commit)


def read(source: PublishedSource, clones: Path) -> list[dict[str, object]]:
    data = clones.parent / "data"
    data.mkdir()
    assert write_source(source, clones, data)
    text = (data / f"{source.name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_every_source_has_a_reader_a_commit_and_a_line_in_the_readme() -> None:
    sources = published_sources()
    assert {each.name for each in sources} == READERS.keys()
    assert len(sources) == len(READERS)
    readme = README.read_text(encoding="utf-8")
    for each in sources:
        assert re.fullmatch(r"[0-9a-f]{40}", each.commit)
        authors = re.search(r"\(([^)]*)\)", each.work)
        assert (authors.group(1).split(";")[0] if authors else each.work) in readme


def test_squad_questions_with_and_without_an_answer(clones: Path) -> None:
    asked = [
        {"question": "Where? ", "answers": [{"text": "Rome", "answer_start": 6}]},
        {"question": "When?", "answers": [], "is_impossible": True},
        {"question": "Where? ", "answers": [{"text": "Rome", "answer_start": 6}]},
    ]
    article = {"title": "A_town", "paragraphs": [{"context": "It is Rome.", "qas": asked}]}
    files = {"dataset/train-v2.0.json": json.dumps({"data": [article]})}
    rows = read(published("squad2-train-part", clones, files), clones)
    assert [(row["question"], row["answers"], row["starts"]) for row in rows] == [
        ("Where?", ["Rome"], [6]),
        ("When?", [], []),
    ]
    assert {row["group"] for row in rows} == {"A town"}


def test_tokens_are_joined_and_labels_are_ours(clones: Path) -> None:
    line = {
        "classification": "REFUTES",
        "query": "Rome is in Spain.",
        "evidences": [[{"docid": "Rome", "text": "It is in Italy -LRB- Lazio -RRB- ."}]],
    }
    files = {f"data/fever/{part}.jsonl": "" for part in ("test", "dev")}
    files["data/fever/val.jsonl"] = json.dumps(line)
    [row] = read(published("fever", clones, files), clones)
    assert row["evidence"] == "Rome: It is in Italy (Lazio)."
    assert row["label"] == "contradicted"


def test_a_table_is_read_as_words_or_drawn(clones: Path) -> None:
    cells = [["", "2019", "2020"], ["Sales", "4", "5"], ["Costs", "2", "3"]]
    asked = {
        "question": "What were sales in 2020?",
        "answer": ["5"],
        "answer_type": "span",
        "answer_from": "table",
    }
    documents = [
        {"table": {"uid": name, "table": cells}, "paragraphs": [], "questions": [asked]}
        for name in ("a", "b", "c", "d")
    ]
    files = {
        "dataset_raw/tatqa_dataset_dev.json": json.dumps(documents),
        "dataset_raw/tatqa_dataset_test_gold.json": "[]",
    }
    rows = read(published("tat-qa", clones, files), clones)
    assert {row["context"] for row in rows} == {
        "|   | 2019 | 2020 |\n| Sales | 4 | 5 |\n| Costs | 2 | 3 |",
        "Sales: 2019: 4; 2020: 5\nCosts: 2019: 2; 2020: 3",
    }


def test_pages_of_held_claims_are_left_out(clones: Path) -> None:
    claims = [
        {
            "claim": f"Claim {number}.",
            "evidence": ["A sentence."],
            "label": "partially_supported",
            "meta": {"id": f"dev{number:05}", "claim_title": f"Page {number // 2}"},
        }
        for number in range(40)
    ]
    path = "code_and_resources/entailment_inputs/oracle_chunks/claim/dev.jsonl"
    files = {path: "\n".join(map(json.dumps, claims))}
    rows = read(published("wice-dev", clones, files), clones)
    assert 0 < len(rows) < len(claims)
    assert all(row["label"] == "unsupported" and row["partial"] for row in rows)
