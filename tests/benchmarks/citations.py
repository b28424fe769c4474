"""Prints how well the app's own citations find the passage an answer came from.

Two forms of set are known by their fields. With "passage": the sentence that holds the answer,
and "question: answer", judged against the right passage among seven others of the same title;
plausible wrong answers and altered figures must get no citation at all. With "positive_wrong": the
sentence that states an altered fact must not be cited from the snippets that state the true one.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.conversations.conversation import Source

SENT = 8
Item = dict[str, Any]


@dataclass(slots=True)
class Case:
    """An answer, the passages sent with it, and the numbers that may be cited."""

    kind: str
    answer: str
    passages: list[str]
    right: set[int]
    judged: str = ""
    """Only citations of the sentence that holds this are counted."""


@dataclass(slots=True)
class Tally:
    """What one kind of case came to."""

    cases: int = 0
    found: int = 0
    cited: int = 0
    wrong: int = 0


def main() -> None:
    """Measure each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, help="folders, each with items.jsonl")
    for folder in parser.parse_args().sets:
        lines = (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()
        items = [json.loads(line) for line in lines]
        _measure(folder.name, _altered(items) if "positive_wrong" in items[0] else _asked(items))


def _measure(name: str, cases: Iterator[Case]) -> None:
    tallies: dict[str, Tally] = {}
    seconds = 0.0
    for case in cases:
        sources = [_source(n, text) for n, text in enumerate(case.passages, start=1)]
        started = time.process_time()
        judged = AnswerJudgement(case.answer, sources).result()
        seconds += time.process_time() - started
        numbers = {
            cited.n
            for cited in judged.citations
            if case.judged in judged.text[cited.start : cited.end]
        }
        tally = tallies.setdefault(case.kind, Tally())
        tally.cases += 1
        tally.found += bool(numbers & case.right)
        tally.cited += len(numbers)
        tally.wrong += len(numbers - case.right)
    for kind, tally in tallies.items():
        sys.stdout.write(f"{name:20} {kind:26} {tally.cases:4} answers  {_figures(kind, tally)}\n")
    total = sum(tally.cases for tally in tallies.values())
    sys.stdout.write(f"{name:20} {1000 * seconds / max(1, total):.2f} ms of processor an answer\n")


def _figures(kind: str, tally: Tally) -> str:
    if kind.startswith("false"):
        return f"wrongly cited {tally.wrong} marks ({tally.wrong / tally.cases:.2f} an answer)"
    precision = 1 - tally.wrong / tally.cited if tally.cited else 1.0
    return f"precision {precision:.3f}  recall {tally.found / tally.cases:.3f}"


def _asked(items: list[Item]) -> Iterator[Case]:
    """Answers about one passage, sent with others of its title (and language)."""
    for item in items:
        others = _others(item, items)
        place = len(item["id"]) % (len(others) + 1)
        passages = [*others[:place], item["passage"], *others[place:]]
        question = item["question"].rstrip(" ?？؟")
        if not item["answerable"]:
            for wrong in item.get("plausible_wrong", [])[:1]:
                yield Case("false: tempting span", f"{question}: {wrong}.", passages, set())
            continue
        holding = _holding(item["passage"], item["answers"][0])
        yield Case("sentence", holding, passages, {place + 1})
        yield Case("question: answer", f"{question}: {item['answers'][0]}.", passages, {place + 1})
        figure = re.search(r"\d+", holding)
        if figure:
            wrong = str(int(figure[0]) + 7131)
            altered = holding.replace(figure[0], wrong)
            yield Case("false: altered figure", altered, passages, set(), judged=wrong)


def _others(item: Item, items: list[Item]) -> list[str]:
    """Return seven other passages, those of the same title first."""
    pool = [
        (other.get("title") != item.get("title"), other["passage"])
        for other in items
        if other["passage_id"] != item["passage_id"] and other.get("lang") == item.get("lang")
    ]
    return list(dict.fromkeys(text for _, text in sorted(pool, key=lambda row: row[0])))[: SENT - 1]


def _altered(items: list[Item]) -> Iterator[Case]:
    """Pairs of snippets that differ in the fact alone, cut to the piece that holds it."""
    for item in items:
        others = item["negative"][: SENT // 2]
        for true, false in zip(item["positive"], item["positive_wrong"], strict=False):
            fact, fake = _pieces(true, false)
            if fact == fake:
                continue
            yield Case("true fact", fact, [true, *others], {1})
            yield Case("false: altered fact", fake, [true], set())
        question = item["question"].rstrip(" ?")
        for key, kind in (("answer", "short true answer"), ("fake_answer", "false: short answer")):
            answer = item[key] if isinstance(item[key], str) else item[key][0]
            right = set(range(1, 5)) if key == "answer" else set()
            yield Case(kind, f"{question}: {answer}.", item["positive"][:4], right)


def _pieces(true: str, false: str) -> tuple[str, str]:
    """Return the first sentence that the two tell differently, of each."""
    for one, other in zip(_cut(true), _cut(false), strict=False):
        if one != other:
            return one, other
    return true, true


def _cut(text: str) -> list[str]:
    return [
        piece for piece in re.split(r"(?<=[.!?。])\s+|\s\.\.\.\s?|\s·\s", text) if piece.strip()
    ]


def _holding(passage: str, answer: str) -> str:
    return next((piece for piece in _cut(passage) if answer in piece), passage)


def _source(n: int, text: str) -> Source:
    return Source(
        n=n, folder_id="f", folder="Home", file=f"{'abcdefgh'[n - 1]}.txt", path="", page=None,
        heading="", text=text, content_hash="", score=1.0,
    )  # fmt: skip


if __name__ == "__main__":
    main()
