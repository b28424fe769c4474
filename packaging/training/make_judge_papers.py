"""Making of papers for the judge's training; see README.md.

    python packaging/training/make_judge_papers.py --data DATA --papers 9000 --seed 14

Writes made-papers.jsonl (questions) and made-papers-claims.jsonl (statements) in DATA, of the kinds
that are held back held-papers.jsonl, held-papers-claims.jsonl and libraries (notes/papers-N.jsonl),
asked-abroad.jsonl and answered-abroad.jsonl: questions of other sources that are there, and answers
to them, in other languages than their passages.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from judge_training.made_papers import PaperMaker
from judge_training.made_tables import TableMaker
from judge_training.made_texts import (
    AnswerAbroad,
    read_answers_abroad,
    read_questions_abroad,
    read_texts,
)
from judge_training.source_rows import Row, statement_row, window

NOTES_LANGUAGES = ("en", "en", "en", "en", "de", "fr", "es")
"""Language of each library of papers."""


def write_papers(folder: Path, name: str, texts_name: str, papers: int, rng: Random) -> None:
    """Make papers of all kinds of a folder of texts in turn, and write their rows."""
    texts = read_texts(texts_name)
    plain, tables = PaperMaker(rng, texts), TableMaker(rng, texts)
    lines: dict[str, list[str]] = {"qa": [], "nli": []}
    for number in range(papers):
        kind = texts.kinds[number % len(texts.kinds)]
        maker = tables if kind.columns else plain
        for row in maker.rows(kind, number):
            row["source"] = name
            lines[row["kind"]].append(json.dumps(row, ensure_ascii=False))
    for kind_of_row, file in (("qa", name), ("nli", f"{name}-claims")):
        text = "\n".join(lines[kind_of_row]) + "\n"
        (folder / f"{file}.jsonl").write_text(text, encoding="utf-8")
        print(f"{file}: {len(lines[kind_of_row])} rows")


def write_notes(folder: Path, rng: Random) -> None:
    """Write libraries of one paper of each held kind, as sources for `fit_evidence.py`."""
    texts = read_texts("held_texts")
    for number, language in enumerate(NOTES_LANGUAGES, start=1):
        mine = texts._replace(languages=(language,))
        plain, tables = PaperMaker(rng, mine), TableMaker(rng, mine)
        notes = []
        for place, kind in enumerate(texts.kinds):
            rows = list((tables if kind.columns else plain).rows(kind, place))
            asked = [row for row in rows if row["kind"] == "qa"]
            notes.append(
                {
                    "lang": language,
                    "file": f"{kind.name} {place}.txt",
                    "passage": asked[0]["context"],
                    "answered": [row["question"] for row in asked if row["answerable"]],
                    "unanswerable": [row["question"] for row in asked if not row["answerable"]],
                }
            )
        answered = {question for note in notes for question in note["answered"]}
        for note in notes:
            note["unanswerable"] = [each for each in note["unanswerable"] if each not in answered]
        text = "\n".join(json.dumps(note, ensure_ascii=False) for note in notes) + "\n"
        (folder / "notes").mkdir(exist_ok=True)
        (folder / "notes" / f"papers-{number}.jsonl").write_text(text, encoding="utf-8")


def write_questions_abroad(folder: Path, rng: Random) -> None:
    """Write questions of other sources in languages that their passages aren't in.

    Each also beside another passage, of its document if there is one.
    """
    asked = read_questions_abroad()
    rows = []
    for source in sorted({name for name, _question in asked}):
        lines = (folder / f"{source}.jsonl").read_text(encoding="utf-8").splitlines()
        known = {row["question"].strip(): row for row in map(json.loads, lines) if row["answers"]}
        named = {words: known[words] for name, words in asked if name == source}
        for words, row in named.items():
            others = [each for each in named.values() if each["context"] != row["context"]]
            near = [each for each in others if each["group"] == row["group"]]
            for question in asked[source, words]:
                here = {**row, "source": "asked-abroad", "question": question}
                other = rng.choice(near or others)["context"]
                is_there = row["answers"][0].lower() in other.lower()
                if not is_there and rng.random() < 0.35:
                    nowhere = {"context": other, "answers": [], "starts": [], "answerable": False}
                    rows.append({**here, **nowhere})
                rows.append(here)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    (folder / "asked-abroad.jsonl").write_text(text, encoding="utf-8")
    print(f"asked-abroad: {len(rows)} rows")


def write_answers_abroad(folder: Path, rng: Random) -> None:
    """Write answers in languages that their passages aren't in: right, wrong, or of elsewhere."""
    asked, answers = read_questions_abroad(), read_answers_abroad()
    rows: list[Row] = []
    for source in sorted({name for name, _question in asked}):
        lines = (folder / f"{source}.jsonl").read_text(encoding="utf-8").splitlines()
        for row in map(json.loads, lines):
            words = row["question"].strip()
            if row["answers"] and row["answers"][0] in answers and (source, words) in asked:
                answer = answers[row["answers"][0]]
                rows += _answer_rows(row, asked[source, words], answer, list(answers.values()), rng)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    (folder / "answered-abroad.jsonl").write_text(text, encoding="utf-8")
    print(f"answered-abroad: {len(rows)} rows")


def _answer_rows(
    row: Row, questions: list[str], answer: AnswerAbroad, answers: list[AnswerAbroad], rng: Random
) -> Iterator[Row]:
    start, context = row["starts"][0], row["context"]
    others = [
        each
        for each in answers
        if each.kind == answer.kind and each.answer.lower() not in context.lower()
    ]
    for place, question in enumerate(questions):
        evidence = window(context, start, rng.choice((200, 300, 400, 500)))
        right, wrong = answer.translated[place], rng.choice(others).translated[place]
        end = rng.choice((".", "")) if place != 1 else rng.choice(("。", ""))
        lang = ("de", "zh", "ar", "ru", "es")[place]
        more = {"question": question, "source": "answered-abroad"}
        yield statement_row(row["group"], right + end, evidence, "supported", lang, **more)
        yield statement_row(row["group"], wrong + end, evidence, "contradicted", lang, **more)
        if len(rest := context.replace(answer.answer, "…")) > 300 and rng.random() < 0.6:
            far = start + 400 if start < len(context) / 2 else start - 400
            beside = window(rest, max(0, far), 300)
            yield statement_row(row["group"], right + end, beside, "unsupported", lang, **more)


def main() -> None:
    """Write all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the sources")
    parser.add_argument("--papers", type=int, default=9000)
    parser.add_argument("--held-papers", type=int, default=400)
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args()
    rng = Random(options.seed)  # noqa: S311 - no secret is made of it
    write_papers(options.data, "made-papers", "training_texts", options.papers, rng)
    write_questions_abroad(options.data, rng)
    write_answers_abroad(options.data, rng)
    write_papers(options.data, "held-papers", "held_texts", options.held_papers, rng)
    write_notes(options.data, rng)


if __name__ == "__main__":
    main()
