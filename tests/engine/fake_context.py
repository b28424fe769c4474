"""A context without a model: the next token of a sequence is a rule of the tokens before it."""

from collections.abc import Callable, Sequence
from itertools import count

import numpy as np

from core.engine.llama.abort_flag import Aborted
from core.engine.llama.llama_context import KvCacheFull, TokenBatch
from core.messages import Adapter

VOCABULARY = 1000
Rule = Callable[[Sequence[int]], int]


def count_up(tokens: Sequence[int]) -> int:
    """Write the token after the last one."""
    return (tokens[-1] + 1) % VOCABULARY


class FakeContext:
    """Has a Context's calls; keeps what each sequence holds as lists, and every batch it was given.

    `size` cells are shared: a prefix that one sequence got from another takes cells once.
    """

    computes_later = True

    def __init__(self, size: int = 512, sequences: int = 4, capacity: int = 64) -> None:
        self.size = size
        self.sequences = sequences
        self.batch = TokenBatch(capacity)
        self.handle = self
        self.cells: list[list[int]] = [[] for _ in range(sequences)]
        self._numbers: list[list[int]] = [[] for _ in range(sequences)]
        self._numbering = count()
        self.batches: list[list[tuple[int, int, int]]] = []  # (sequence, tokens, logits)
        self.rule: Rule = count_up
        self.aborts = 0
        self.attached: list[tuple[Adapter, ...]] = []
        self.keeps_a_state = False
        self._next: dict[int, int] = {}

    def decode(self) -> None:
        native = self.batch.native_batch()
        rows = [
            (native.token[i], native.pos[i], native.seq_id[i][0], bool(native.logits[i]))
            for i in range(native.n_tokens)
        ]
        if self.aborts:
            self.aborts -= 1
            raise Aborted
        if self._taken() + len(rows) > self.size:
            raise KvCacheFull
        self._next = {}
        for index, (token, position, sequence, logits) in enumerate(rows):
            cells = self.cells[sequence]
            assert position == len(cells), "a token out of place"
            cells.append(token)
            self._numbers[sequence].append(next(self._numbering))
            if logits:
                self._next[index] = self.rule(cells)
        self.batches.append(
            [
                (
                    sequence,
                    sum(r[2] == sequence for r in rows),
                    sum(r[3] for r in rows if r[2] == sequence),
                )
                for sequence in dict.fromkeys(row[2] for row in rows)
            ]
        )

    def synchronize(self) -> None:
        pass

    def chosen(self, index: int) -> int:
        return self._next[index]

    def _taken(self) -> int:
        pairs = zip(self.cells, self._numbers, strict=True)
        return len({number for cells, numbers in pairs for number in numbers[: len(cells)]})

    def cached_count(self, sequence: int) -> int:
        return len(self.cells[sequence])

    def truncate(self, sequence: int, count: int) -> int:
        cells = self.cells[sequence]
        if len(cells) > count:
            del cells[0 if self.keeps_a_state else count :]
        del self._numbers[sequence][len(cells) :]
        return len(cells)

    def share_prefix(self, source: int, target: int, count: int) -> int:
        assert not self.cells[target]
        self.cells[target] = self.cells[source][:count]
        self._numbers[target] = self._numbers[source][:count]
        return count

    def export_state(self, sequence: int) -> bytearray:
        return bytearray(np.asarray(self.cells[sequence], dtype="<i4").tobytes())

    def import_state(self, sequence: int, data: bytearray, count: int) -> bool:
        assert not self.cells[sequence]
        tokens = np.frombuffer(data, dtype="<i4").tolist()
        if len(tokens) != count or self._taken() + count > self.size:
            return False
        self.cells[sequence] = tokens
        self._numbers[sequence] = [next(self._numbering) for _ in tokens]
        return True

    def attach_adapters(self, adapters: tuple[Adapter, ...]) -> None:
        self.attached.append(adapters)


class FakeSampler:
    """Takes what the fake context's rule says; `choices`: how many chose from each batch."""

    def __init__(self) -> None:
        self.choices: list[int] = []

    def choose_token(self, context: FakeContext, index: int, *, choices: int) -> int:
        self.choices.append(choices)
        return context.chosen(index)

    def close(self) -> None:
        pass
