"""Prints how whole sentences are marked beside passages in another language.

Usage: python tests/benchmarks/sentences/abroad.py --judge DIR [--passages 60] FILE...

FILEs are translations of the same sentences: Universal Dependencies' parallel treebanks (.conllu,
`de_pud-ud-test.conllu` is German), or one .jsonl file of {"document": …, "texts": {language: …}} in
the order of their documents. One of them must be English. A passage is a few sentences that follow
each other; beside it stands one of them in the other language: as it is, with one fact changed (on
the English side, by the rules of `corruption.py`), with the sentence taken out of the passage, and
beside another passage. Nothing of the treebanks was trained on or chosen with.
"""

import argparse
import importlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.library.judging.judge import Judge
from tests.benchmarks.sentences import corruption
from tests.benchmarks.sentences.short_answers import Answer, judged_verdict, print_rates

SENTENCES_PER_PASSAGE = 5
_MIN_CHARACTERS, _MAX_CHARACTERS = 40, 300
_UNSPACED = frozenset({"zh", "ja", "th"})

Texts = dict[str, str]
"""One sentence in each language."""


def main() -> None:
    """Judge sentences of the files and print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--judge", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=60, help="of each pair of languages")
    options = parser.parse_args()
    module = importlib.import_module("core.library.judging.learned_judge")
    judge = cast("Judge", module.LearnedJudge(options.judge))
    answers = list(answers_abroad(read_sentences(options.files), options.passages))
    print_rates("all", [(each, judged_verdict(each, judge)) for each in answers])


def read_sentences(files: Sequence[Path]) -> list[Texts]:
    """Return the sentences of all files, those of every language."""
    if files[0].suffix == ".jsonl":
        lines = files[0].read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["texts"] for line in lines]
    by_name: dict[str, Texts] = {}
    for file in files:
        name = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            key, _equals, value = line.removeprefix("# ").partition(" = ")
            if key == "sent_id":
                name = value
            if key == "text":
                by_name.setdefault(name, {})[file.name.partition("_")[0]] = value
    return [texts for texts in by_name.values() if len(texts) == len(files)]


def answers_abroad(sentences: Sequence[Texts], passages: int) -> Iterator[Answer]:
    """Yield true and false sentences beside passages, the same each time."""
    chance = random.Random(1)
    languages = sorted({name for texts in sentences for name in texts} - {"en"})
    first = range(0, len(sentences) - SENTENCES_PER_PASSAGE, SENTENCES_PER_PASSAGE)
    for language in languages:
        shared = [
            start
            for start in first
            if all({"en", language} <= texts.keys() for texts in _passage(sentences, start))
        ]
        for start in chance.sample(shared, min(passages, len(shared))):
            far = chance.choice([other for other in shared if other != start])
            here, there = _passage(sentences, start), _passage(sentences, far)
            for said, read in ((language, "en"), ("en", language)):
                yield from _beside(here, there, said, read, chance)


def _passage(sentences: Sequence[Texts], start: int) -> Sequence[Texts]:
    return sentences[start : start + SENTENCES_PER_PASSAGE]


def _beside(
    here: Sequence[Texts], there: Sequence[Texts], said: str, read: str, chance: random.Random
) -> Iterator[Answer]:
    """Yield one sentence of a passage in one language beside what is read in the other."""
    usable = [
        place
        for place, texts in enumerate(here)
        if _MIN_CHARACTERS <= len(texts["en"]) <= _MAX_CHARACTERS
    ]
    if not usable:
        return
    place = chance.choice(usable)
    evidence = [texts[read] for texts in here]
    statement = here[place][said]
    rest = [text for at, text in enumerate(evidence) if at != place]
    shown = f"{said} beside {read}"
    number = f"{said}-{read}-{statement[:40]}"
    yield Answer(f"{shown}, true", "", statement, _joined(evidence, read), True, number)
    yield Answer(f"{shown}, taken out", "", statement, _joined(rest, read), False, number)
    other = _joined([texts[read] for texts in there], read)
    yield Answer(f"{shown}, of elsewhere", "", statement, other, False, number)
    kind, changed = _changed(here[place]["en"], " ".join(texts["en"] for texts in here), chance)
    if changed:
        is_said = said == "en"
        if not is_said:
            evidence[place] = changed
        text = changed if is_said else statement
        yield Answer(f"{shown}, {kind}", "", text, _joined(evidence, read), False, number)


def _changed(sentence: str, passage: str, chance: random.Random) -> tuple[str, str]:
    """Return how one fact of an English sentence was changed, and the sentence then."""
    kinds = list(corruption.CORRUPTIONS.items())
    for kind, change in chance.sample(kinds, len(kinds)):
        changed = change(sentence, passage, chance)
        if changed and changed != sentence and kind != "predicate of the next":
            return f"changed: {kind}", changed
    return "", ""


def _joined(sentences: Sequence[str], language: str) -> str:
    return ("" if language in _UNSPACED else " ").join(sentences)


if __name__ == "__main__":
    main()
