"""Training mix: which source how often, what of it is held back, and pairs as batches of tokens."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple, cast

from tokenizers import Tokenizer

from core.library.judging.learned_judge import MAX_TOKENS
from judge_training.parallel_pairs import ParallelRow
from judge_training.training_pairs import (
    Pair,
    QuestionRow,
    QuestionSource,
    Rows,
    StatementRow,
    parallel_pairs,
    read_rows,
    statement_pairs,
)

_QUESTION_TOKENS, _STATEMENT_TOKENS = 60, 90
_HELD_PERCENT = 4
_HELD_OF_SMALL = {"wice": 30}
"""Percent of a source's documents that are held back; WiCE is small and like what is judged."""
_HELD_ARTICLES = frozenset({"Spectre (2015 film)", "Solar energy"})
_LARGEST = 20_000
_ROWS_EXPONENT = 0.6
_BUFFER = 512
_START, _END = 0, 2


class TokenPair(NamedTuple):
    """A pair as token numbers; `start` and `end` are the answer's, 0 for none, -1 if not asked."""

    ids: list[int]
    start: int
    end: int
    pair: Pair


def is_held(source: str, group: str) -> bool:
    """Return whether a document is kept for choosing and never trained on; the same each time."""
    if source.startswith("squad2-train"):
        return group in _HELD_ARTICLES
    if source.startswith(("made-papers", "held-papers")):
        return source.startswith("held")  # kinds of papers are held back whole
    share = _HELD_OF_SMALL.get(source.partition("-")[0], _HELD_PERCENT)
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % 100 < share


def token_pair(tokenizer: Tokenizer, pair: Pair) -> TokenPair | None:
    """Return the pair as the judge reads it; None if the answer lies behind what it reads."""
    head = [_START, *_tokens(tokenizer, pair.question)[:_QUESTION_TOKENS], _END]
    if pair.statement:
        head += [*_tokens(tokenizer, pair.statement)[:_STATEMENT_TOKENS], _END]
    head.append(_END)
    evidence = tokenizer.encode(pair.evidence, add_special_tokens=False)
    room = MAX_TOKENS - len(head) - 1
    ids = [*head, *evidence.ids[:room], _END]
    if pair.statement:
        return TokenPair(ids, -1, -1, pair)
    if pair.span is None:
        return TokenPair(ids, -1 if pair.label else 0, -1 if pair.label else 0, pair)
    inside = [
        place
        for place, (start, end) in enumerate(evidence.offsets)
        if start < pair.span[1] and end > pair.span[0]
    ]
    if not inside or inside[-1] >= room:
        return None
    return TokenPair(ids, inside[0] + len(head), inside[-1] + len(head), pair)


def _tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    return list(tokenizer.encode(text.strip(), add_special_tokens=False).ids)


class TrainingMix:
    """All sources in a folder, drawn by their weights in `shares` (1 if not named, 0 for never)."""

    def __init__(
        self,
        folder: Path,
        shares: Mapping[str, float],
        seed: int,
        *,
        head: str = "",
    ) -> None:
        self._head = head
        self._rng = Random(seed)  # noqa: S311 - no secret is made of it
        self._rows: dict[str, Rows] = {}
        self._sources: dict[str, QuestionSource] = {}
        self._weights: dict[str, float] = {}
        self._left: dict[str, list[int]] = {}
        for path in sorted(folder.glob("*.jsonl")):
            share = shares.get(path.stem, 1.0)
            if share:
                self._add(path, share)

    def _add(self, path: Path, share: float) -> None:
        name = path.stem
        rows = [row for row in read_rows(path) if not is_held(name, row.group)]
        if not rows:
            return
        questions = [row for row in rows if isinstance(row, QuestionRow)]
        if questions:
            self._sources[name] = QuestionSource(questions, self._rng)
        self._rows[name] = cast("Rows", rows)
        self._weights[name] = share * min(len(rows), _LARGEST) ** _ROWS_EXPONENT
        self._left[name] = []

    def pairs(self) -> Iterator[Pair]:
        """Yield pairs without end; each row of a source comes once before any comes again."""
        names, weights = list(self._weights), list(self._weights.values())
        while True:
            name = self._rng.choices(names, weights)[0]
            left = self._left[name] or self._rng.sample(
                range(len(self._rows[name])), len(self._rows[name])
            )
            row = self._rows[name][left.pop()]
            self._left[name] = left
            if isinstance(row, QuestionRow):
                yield from self._sources[name].pairs(row)
            elif isinstance(row, ParallelRow):
                yield from parallel_pairs(row, self._rng)
            else:
                other = self._rng.choice(self._rows[name])
                yield from statement_pairs(row, cast("StatementRow", other), self._rng)

    def batches(self, tokenizer: Tokenizer, tokens: int) -> Iterator[list[TokenPair]]:
        """Yield pairs of like length together, at most `tokens` of them with their padding."""
        buffer: list[TokenPair] = []
        for pair in self.pairs():
            if self._head and bool(pair.statement) != (self._head == "support"):
                continue
            if (encoded := token_pair(tokenizer, pair)) is not None:
                buffer.append(encoded)
            if len(buffer) < _BUFFER:
                continue
            buffer.sort(key=lambda each: len(each.ids) + self._rng.random() * 6)
            batches: list[list[TokenPair]] = [[]]
            for each in buffer:
                if len(each.ids) * (len(batches[-1]) + 1) > tokens:
                    batches.append([])
                batches[-1].append(each)
            buffer = []
            self._rng.shuffle(batches)
            yield from (batch for batch in batches if batch)
