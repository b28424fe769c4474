"""A cross-encoder on disk: refused, tried, used only as far as it is quick enough."""

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import embedding_model
from core.library.search.cross_encoder_reranker import (
    BUDGET_SECONDS,
    MAX_RERANKED,
    CrossEncoderReranker,
)
from core.library.tasks.reranker_switch import switch_reranker

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a cross-encoder of a few random weights."""
    from transformers import (  # noqa: PLC0415 - seconds to import
        AutoTokenizer,
        BertConfig,
        BertForSequenceClassification,
    )

    importlib.import_module("tqdm").tqdm.monitor_interval = 0  # its thread would outlive the test
    folder = tmp_path_factory.mktemp("models") / "tiny-cross-encoder"
    tokenizer = AutoTokenizer.from_pretrained(str(embedding_model()), local_files_only=True)
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=128,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def reranker(tiny: Path) -> CrossEncoderReranker:
    made = CrossEncoderReranker(tiny)
    made.load_model()
    return made


def test_it_reads_the_first_passages_and_keeps_the_rest_behind(
    reranker: CrossEncoderReranker,
) -> None:
    assert reranker.is_fast_enough
    scores = {n: 1 - n / 100 for n in range(MAX_RERANKED * 2)}
    read: list[int] = []

    def text_of(id_: int) -> str:
        read.append(id_)
        return f"passage {id_} " * 200  # longer than it reads

    ordered = reranker.rerank("which passage?", scores, text_of)
    assert set(ordered) == set(scores)
    assert read == list(range(len(read)))
    assert 0 < len(read) <= MAX_RERANKED
    assert list(ordered)[len(read) :] == list(scores)[len(read) :]
    values = list(ordered.values())
    assert values == sorted(values, reverse=True)
    assert all(0 <= value <= 1 for value in values)


class Scripted(CrossEncoderReranker):
    """One that judges by a script and takes `seconds` for a passage."""

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        super().__init__(Path("none"), lambda: self.now)
        self._model = self
        self._seconds = seconds
        self.milliseconds = 1000 * seconds

    def predict(self, pairs: Any, **_more: Any) -> list[float]:
        self.now += self._seconds * len(pairs)
        return [9.0 if "right" in text else -9.0 for _question, text in pairs]


def test_what_answers_comes_first() -> None:
    scores = {1: 0.9, 2: 0.6, 3: 0.5}
    texts = {1: "wrong", 2: "right", 3: "wrong"}
    ordered = Scripted(0.001).rerank("?", scores, texts.__getitem__)
    assert list(ordered) == [2, 1, 3]
    assert ordered[2] <= 0.9


def test_it_stops_when_the_time_is_up() -> None:
    slow = Scripted(BUDGET_SECONDS / 10)
    scores = {n: 1 - n / 100 for n in range(40)}
    read: list[int] = []

    def text_of(id_: int) -> str:
        read.append(id_)
        return "wrong"

    slow.rerank("?", scores, text_of)
    assert 8 <= len(read) <= 16


def test_one_that_is_too_slow_is_not_used() -> None:
    slow = Scripted(1.0)
    assert not slow.is_fast_enough
    assert slow.rerank("?", {1: 0.5, 2: 0.4}, str) == {1: 0.5, 2: 0.4}


@pytest.mark.parametrize("spoil", ["pickle", "code", "weights", "auto_map", "gone"])
def test_a_folder_that_would_run_code_or_lacks_a_part(
    tiny: Path, tmp_path: Path, spoil: str
) -> None:
    folder = tmp_path / "spoiled"
    shutil.copytree(tiny, folder)
    match spoil:
        case "pickle":
            (folder / "pytorch_model.bin").write_bytes(b"")
        case "code":
            (folder / "modeling.py").write_text("raise SystemExit")
        case "weights":
            (folder / "model.safetensors").unlink()
        case "auto_map":
            config = (folder / "config.json").read_text()
            (folder / "config.json").write_text(config.replace("{", '{"auto_map": {},', 1))
        case _:
            shutil.rmtree(folder)
    with pytest.raises(LibraryError) as caught:
        CrossEncoderReranker(folder).load_model()
    assert caught.value.code == ErrorCode.RERANKER_REFUSED


def test_damaged_weights_are_refused(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(tiny, folder)
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(LibraryError) as caught:
        CrossEncoderReranker(folder).load_model()
    assert caught.value.code == ErrorCode.RERANKER_REFUSED


class Searcher:
    """One that has a reranker already."""

    reranker: Any = "earlier"


class Desk:
    """What choosing a reranker needs of a task's context."""

    open_reranker = CrossEncoderReranker

    def __init__(self) -> None:
        self.searcher = Searcher()
        self.sent: list[Any] = []

    def send(self, event: Any) -> None:
        self.sent.append(event)


def run(steps: Iterator[bool]) -> None:
    for _step in steps:
        pass


def test_choosing_one_and_none(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # However busy this machine is, it is quick enough.
    monkeypatch.setattr("core.library.search.cross_encoder_reranker.BUDGET_SECONDS", 3600.0)
    desk: Any = Desk()
    run(switch_reranker("r", str(tiny), desk))
    (chosen,) = desk.sent
    assert (chosen.path, chosen.used) == (str(tiny), True)
    assert chosen.milliseconds > 0
    assert desk.searcher.reranker.model_folder == tiny
    run(switch_reranker("", "", desk))
    assert desk.searcher.reranker is None
    assert len(desk.sent) == 1


def test_choosing_one_that_can_not_be_used(tmp_path: Path) -> None:
    desk: Any = Desk()
    with pytest.raises(LibraryError) as refused:
        run(switch_reranker("r", str(tmp_path), desk))
    assert refused.value.code is ErrorCode.RERANKER_REFUSED
    assert desk.searcher.reranker is None
