"""Prints how short answers, and sentences in another language than their source, are judged.

Usage: python tests/benchmarks/sentences/short_answers.py --judge DIR [--show KIND] ITEMS

ITEMS is a .jsonl file in the form of XQuAD ("id": language and number, "lang", "question",
"passage", "answers"), the same passages in several languages. Of each question its answer is judged
bare and after lead-ins ("The answer is: …"), beside the passage in its own and in another language,
and so is another number or name of the passage; of each English passage its sentences, true ones
and corrupted ones, beside its translations. Questions are split in two halves by their number: what
is called "held" isn't looked at while rules and thresholds are chosen.
"""

import argparse
import hashlib
import importlib
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict, Source
from core.library.judging.judge import Judge
from tests.benchmarks.sentences.corruption import cases_from_folder

BOOTSTRAPS = 1000
_FRAMES = {
    "bare": dict.fromkeys(("en", "de", "es", "ru", "zh", "ar"), "{}."),
    "the answer is": {
        "en": "The answer is: {}.",
        "de": "Die Antwort lautet: {}.",
        "es": "La respuesta es: {}.",
        "ru": "Ответ: {}.",
        "zh": "答案是：{}。",
        "ar": "الجواب هو: {}.",
    },
    "by the sources": {
        "en": "Based on the provided context, the answer is {}.",
        "de": "Im Text steht, dass die Antwort {} ist.",
        "es": "Según el texto, la respuesta es {}.",
        "ru": "Согласно тексту, {}.",
        "zh": "根据上述文本，{}。",
    },
}
"""Lead-ins by language, as models write them."""
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")
_NAME = re.compile(r"(?<=[a-zß-ÿ,] )[A-ZÄ-Ü][\wß-ÿ]{2,}(?: [A-Z][\wß-ÿ]+)+")

Item = dict[str, Any]


class Answer(NamedTuple):
    """An answer to a question beside a passage, and whether the passage supports it."""

    kind: str
    question: str
    text: str
    passage: str
    holds: bool
    number: str


def main() -> None:
    """Measure the answers of one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--show", default="", help="print what went wrong with this kind of answer")
    options = parser.parse_args()
    module = importlib.import_module("core.library.judging.learned_judge")
    judge = cast("Judge", module.LearnedJudge(options.judge))
    lines = options.items.read_text(encoding="utf-8").splitlines()
    answers = list(answers_of([json.loads(line) for line in lines]))
    verdicts = [(each, judged_verdict(each, judge)) for each in answers]
    for half in ("open", "held"):
        those = [(each, said) for each, said in verdicts if half_of(each.number) == half]
        print_rates(half, those)
        for each, said in those if half == "open" and options.show else ():
            if options.show in each.kind and (said is SentenceVerdict.SUPPORTED) is not each.holds:
                _say(
                    f"-- {each.kind} {said.value} {each.question} | {each.text}\n   {each.passage}"
                )


def half_of(number: str) -> str:
    """Return which half a question or passage belongs to."""
    return "held" if hashlib.sha256(number.encode()).digest()[0] % 2 else "open"


def answers_of(items: list[Item]) -> Iterator[Answer]:
    """Yield what is made of parallel questions and passages, the same each time."""
    chance = random.Random(1)
    by_number: dict[str, dict[str, Item]] = defaultdict(dict)
    for item in items:
        by_number[item["id"].partition("-")[2]][item["lang"]] = item
    for number, languages in by_number.items():
        for language, item in languages.items():
            beside = languages.get("de" if language == "en" else "en", item)
            for where, passage in (("own", item["passage"]), ("other", beside["passage"])):
                yield from _short_answers(number, item, passage, where, chance)
    yield from _translated(list(by_number.values()))


def _short_answers(
    number: str, item: Item, passage: str, where: str, chance: random.Random
) -> Iterator[Answer]:
    right = item["answers"][0]
    wrong = _other_answer(right, item["passage"], chance)
    for holds, words in ((True, right), (False, wrong)):
        for form, frames in _FRAMES.items() if words else ():
            if frame := frames.get(item["lang"]):
                kind = f"{where} language, {form}"
                text = frame.format(words)
                yield Answer(kind, item["question"], text, passage, holds, number)


def _other_answer(right: str, passage: str, chance: random.Random) -> str:
    """Return another number or name of the passage where the answer is one, else ""."""
    numbers = _NUMBER.findall(right)
    if numbers:
        others = sorted(set(_NUMBER.findall(passage)) - set(numbers))
        same = [each for each in others if len(each) == len(numbers[0])] or others
        return right.replace(numbers[0], chance.choice(same), 1) if same else ""
    others = sorted({name for name in _NAME.findall(passage) if name not in right})
    return chance.choice(others) if others and right[:1].isupper() else ""


def _translated(numbers: list[dict[str, Item]]) -> Iterator[Answer]:
    passages = {item["en"]["passage"]: item for item in numbers if "en" in item}
    with TemporaryDirectory() as folder:
        by_file = {}
        for place, (passage, languages) in enumerate(passages.items()):
            file = Path(folder) / f"{place:03}.txt"
            file.write_text(passage, encoding="utf-8")
            by_file[str(file)] = languages
        for case in cases_from_folder(Path(folder)):
            languages = by_file[case.source]
            if case.kind.startswith("false: its sentence"):
                continue
            number = languages["en"]["id"].partition("-")[2]
            kind = f"translated, {case.kind.removeprefix('true: ').removeprefix('false: ')}"
            for language, item in languages.items():
                if language != "en":
                    yield Answer(kind, "", case.statement, item["passage"], case.holds, number)


def judged_verdict(answer: Answer, judge: Judge) -> SentenceVerdict:
    """Return the worst verdict on an answer's sentences."""
    judgement = AnswerJudgement(answer.text, [_source(answer.passage)], answer.question)
    pairs = judgement.statements()
    found = judge.judge_statements(answer.question, pairs) if pairs else []
    said = {each.verdict for each in judgement.result([SupportChance(*c) for c in found]).sentences}
    if said == {SentenceVerdict.SUPPORTED}:
        return SentenceVerdict.SUPPORTED
    is_against = SentenceVerdict.CONTRADICTED in said
    return SentenceVerdict.CONTRADICTED if is_against else SentenceVerdict.UNSUPPORTED


def print_rates(half: str, judged: list[tuple[Answer, SentenceVerdict]]) -> None:
    """Print for each kind how many true and false answers are marked, with intervals."""
    groups: dict[str, list[tuple[bool, SentenceVerdict]]] = defaultdict(list)
    for answer, verdict in judged:
        for kind in (answer.kind, f"all {answer.kind.partition(',')[0]}"):
            groups[kind].append((answer.holds, verdict))
    for kind, rows in sorted(groups.items()):
        parts = []
        for holds in (True, False):
            those = [verdict for held, verdict in rows if held is holds]
            if those:
                marked = [verdict is SentenceVerdict.SUPPORTED for verdict in those]
                against = [verdict is SentenceVerdict.CONTRADICTED for verdict in those]
                low, high = _interval(marked)
                parts.append(
                    f"{'true' if holds else 'false'} {len(those):4} marked {_mean(marked):.3f}"
                    f" [{low:.3f}, {high:.3f}] contradicted {_mean(against):.3f}"
                )
        _say(f"{half:5} {kind:38} {'   '.join(parts)}")


def _interval(values: list[bool]) -> tuple[float, float]:
    chance = random.Random(0)
    means = sorted(_mean(chance.choices(values, k=len(values))) for _ in range(BOOTSTRAPS))
    return means[BOOTSTRAPS // 40], means[-BOOTSTRAPS // 40]


def _mean(values: list[bool]) -> float:
    return sum(values) / len(values)


def _source(text: str) -> Source:
    return Source(
        n=1, folder_id="f", folder="Home", file="a.txt", path="", page=None, heading="",
        text=text, content_hash="", score=1.0,
    )  # fmt: skip


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
