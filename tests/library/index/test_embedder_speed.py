"""Batches: as large as was measured, chosen by processor time, compared with a bare encode."""

from collections.abc import Callable

import numpy as np
import pytest

from core.base.paths import embedding_model
from core.library.embedding import sentence_transformer_embedder as module
from core.library.embedding.embedding_queue import EmbeddingQueue
from core.library.maintenance.embedder_speed import EmbedderSpeed
from core.library.store.library_records import LibraryRecords
from core.library.text.embedder_token_counter import EmbedderTokenCounter
from tests.library import shelving


class Clock:
    """A thread's processor time that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("time.thread_time", lambda: self.now)

    def run(self, *seconds: float) -> Callable[[], object]:
        waiting = list(seconds)

        def step() -> None:
            self.now += waiting.pop(0) if len(waiting) > 1 else waiting[0]

        return step


def test_a_batch_holds_what_was_measured() -> None:
    queue = EmbeddingQueue()
    for number in range(8):
        queue.add_text(bytes([number]), f"text {number}", 100)
    assert [len(queue.next_batch(tokens)) for tokens in (100, 200, 450, 50)] == [1, 2, 4, 1]
    assert not queue


@pytest.mark.parametrize(
    ("seconds", "fastest"),
    [
        ((1.0, 1.0, 1.0), 1.0),
        ((9.0, 5.0, 3.0, 1.02, 1.0), 1.0),  # a busy machine, until it is quiet
        ((5.0, 4.0, 3.0), 3.0),
    ],
)
def test_a_time_counts_when_another_run_agrees(
    seconds: tuple[float, ...], fastest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module._seconds(Clock(monkeypatch).run(*seconds)) == pytest.approx(fastest)


def test_the_batch_does_not_depend_on_what_else_the_machine_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    busy = iter([5.0, 1.0] * 100)

    def encode(_model: object, texts: list[str]) -> None:
        clock.now += (0.004 + 0.01 * len(texts)) * next(busy)

    monkeypatch.setattr(module, "_encode", encode)
    assert module._best_batch(None) == 1024


class Embedder:
    """Counts what it embeds; a batch costs ten tokens more than a bare encode does."""

    batch_tokens = 64
    number_format = "float32"

    def __init__(self, clock: Clock, counter: EmbedderTokenCounter) -> None:
        self.token_counter = counter
        self.calls: list[str] = []
        self._clock = clock

    def encode_reference(self, texts: list[str]) -> None:
        self.calls.append("bare")
        self._clock.now += 0.9 * len(texts)

    def embed(self, texts: list[str]) -> np.ndarray:
        self.calls.append("own")
        self._clock.now += len(texts)
        return np.zeros((len(texts), 4), np.float32)


def test_both_ways_embed_the_same_by_turns(
    records: LibraryRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = records.add_folder("/notes")
    for number in range(200):
        shelving.put(records, folder, f"{number}.txt", f"Note {number} on rent.")
    counter = EmbedderTokenCounter(embedding_model())
    embedder = Embedder(Clock(monkeypatch), counter)
    speed = EmbedderSpeed(records.connection, embedder)  # type: ignore[arg-type]
    list(speed.measure_in_steps())
    measured = speed.result("1")
    assert measured.against_bare == pytest.approx(0.9)
    assert measured.tokens > 200
    assert embedder.calls.count("bare") == 2
    assert embedder.calls[:2] == ["bare", "own"]
    assert embedder.calls[-1] == "own"
