"""Prints how well the sentences of answers are judged, by rules and with a learned judge.

Usage: python tests/benchmarks/sentences/verdicts.py [--judge DIR] [--fit] [--seed N] PATH...

A PATH to a .jsonl file holds claims in the form of WiCE ("claim", "evidence", "label": supported,
partially_supported or not_supported): balanced accuracy of "supported". A folder holds free texts,
from which true statements and corrupted ones are made: the share of cited statements that are
supported, and of supported ones that are cited; files are split in two halves by their name, of
which the one called "held" isn't looked at while rules and thresholds are chosen. `--fit` looks for
thresholds on the first half of what is given, `--judge` names the folder of a judge's weights.
"""

import argparse
import hashlib
import importlib
import itertools
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.chat.citations import sentence_verdicts
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict, Source
from core.library.judging.judge import Judge
from tests.benchmarks.sentences.corruption import Case, cases_from_folder

SUPPORTED, CONTRADICTED = SentenceVerdict.SUPPORTED, SentenceVerdict.CONTRADICTED
BOOTSTRAPS = 1000
GRID = {
    "MIN_SUPPORT": (0.0, 0.1, 0.2),
    "MIN_SCORE": (0.7, 0.75, 0.8, 0.85, 0.9, 1.0, 1.1, 1.2),
    "WITHHELD_COST": (0.0, 0.1, 0.2, 0.3, 0.5),
}


@dataclass(slots=True)
class Judged:
    """A case with its judgement and what the judge says of it."""

    case: Case
    judgement: AnswerJudgement
    chances: list[SupportChance] = field(default_factory=list)

    def verdicts(self) -> set[SentenceVerdict]:
        """Return the verdicts of the statement's sentences."""
        return {each.verdict for each in self.judgement.result(self.chances).sentences}

    @property
    def is_cited(self) -> bool:
        """Whether all of the statement is called supported."""
        return self.verdicts() == {SUPPORTED}


def main() -> None:
    """Measure each path, with the judge if one is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=4000, help="statements made of a folder")
    parser.add_argument("--show", default="", help="print what went wrong with this kind of case")
    options = parser.parse_args()
    judge = _open_judge(options.judge) if options.judge else None
    for path in options.paths:
        made = cases_from_folder(path, seed=options.seed, most=options.most)
        cases = _claims(path) if path.is_file() else made
        _measure(path.name, _judge_all(list(cases), judge), fit=options.fit, show=options.show)


def _measure(name: str, judged: Sequence[Judged], *, fit: bool, show: str) -> None:
    halves = {"open": [], "held": []}  # type: dict[str, list[Judged]]
    for each in judged:
        digest = hashlib.sha256(Path(each.case.source).name.encode()).digest()
        halves["held" if digest[0] % 2 else "open"].append(each)
    if fit:
        _fit(halves["open"])
    for half, those in halves.items():
        _print_kinds(f"{name} {half}", those)
        _print_totals(f"{name} {half}", those)
    for each in halves["open"]:
        if show and show in each.case.kind and each.is_cited is not each.case.holds:
            _say(f"-- {each.case.statement}\n   {each.case.passage}")


def _judge_all(cases: Sequence[Case], judge: Judge | None) -> list[Judged]:
    started = time.process_time()
    judged = [Judged(case, AnswerJudgement(case.statement, [_source(case)])) for case in cases]
    spent = time.process_time() - started
    _say(f"{1000 * spent / max(1, len(cases)):.2f} ms of processor a statement for the rules")
    for each in judged if judge is not None else ():
        pairs = each.judgement.statements()
        found = judge.judge_statements("", pairs) if pairs and judge is not None else []
        each.chances = [SupportChance(*support) for support in found]
    return judged


def _claims(path: Path) -> Iterable[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        evidence = item["evidence"]
        text = evidence if isinstance(evidence, str) else " ".join(evidence)
        source = str(item.get("source") or item.get("id") or number)
        yield Case(item["label"], item["claim"], text, item["label"] == "supported", source)


def _print_kinds(name: str, judged: Sequence[Judged]) -> None:
    kinds = sorted({each.case.kind for each in judged})
    for kind in kinds:
        those = [each for each in judged if each.case.kind == kind]
        cited = sum(each.is_cited for each in those)
        against = sum(CONTRADICTED in each.verdicts() for each in those)
        _say(
            f"{name:20} {kind:34} {len(those):5}  cited {cited / len(those):.3f}"
            f"  contradicted {against / len(those):.3f}"
        )


def _print_totals(name: str, judged: Sequence[Judged]) -> None:
    rows = [(each.case.holds, each.is_cited) for each in judged]
    chance = random.Random(0)
    samples = [_rates(chance.choices(rows, k=len(rows))) for _ in range(BOOTSTRAPS)]
    labels = ("cited ones supported", "supported ones cited", "balanced accuracy")
    for place, label in enumerate(labels):
        values = sorted(sample[place] for sample in samples)
        low, high = values[BOOTSTRAPS // 40], values[-BOOTSTRAPS // 40]
        _say(f"{name:20} {label:24} {_rates(rows)[place]:.3f}  [{low:.3f}, {high:.3f}]")


def _rates(rows: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Return precision and recall of the citations, and balanced accuracy."""
    cited = [holds for holds, is_cited in rows if is_cited]
    found = [is_cited for holds, is_cited in rows if holds]
    left = [not is_cited for holds, is_cited in rows if not holds]
    recall = sum(found) / max(1, len(found))
    return sum(cited) / max(1, len(cited)), recall, (recall + sum(left) / max(1, len(left))) / 2


def _fit(judged: Sequence[Judged]) -> None:
    """Set and print the thresholds with the best balanced accuracy."""
    best, chosen = 0.0, dict.fromkeys(GRID, 0.0)
    for values in itertools.product(*GRID.values()):
        thresholds = dict(zip(GRID, values, strict=True))
        _set(thresholds)
        rate = _rates([(each.case.holds, each.is_cited) for each in judged])[2]
        if rate > best:
            best, chosen = rate, thresholds
    _set(chosen)
    for threshold, value in chosen.items():
        _say(f"{threshold} = {value}")


def _set(thresholds: dict[str, float]) -> None:
    for threshold, value in thresholds.items():
        setattr(sentence_verdicts, threshold, value)


def _open_judge(folder: Path) -> Judge:
    # The judge reads its weights with libraries that the rules do without.
    module = importlib.import_module("core.library.judging.learned_judge")
    return cast("Judge", module.LearnedJudge(folder))


def _source(case: Case) -> Source:
    return Source(
        n=1, folder_id="f", folder="Home", file="a.txt", path="", page=None, heading="",
        text=case.passage, content_hash="", score=1.0,
    )  # fmt: skip


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
