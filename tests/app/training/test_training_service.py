"""Trainings over scripted children: steps in their order, what is kept, refused and resumed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.app import App
from core.app.training import training_service, training_store
from core.app.training.example_file import read_example_file
from core.app.training.training_job import TrainingJobProgress, TrainingOutcome
from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.ipc.reply import Reply
from core.messages import ExampleText, PromptTurn, TrainingSettings
from tests.fakes.app import FakeChildren
from tests.fakes.models import tiny_gguf
from tests.gguf.synthetic import recurrent
from tests.gguf.test_adapters import adapter, pair

SETTINGS = TrainingSettings(passes=2)


def examples(count: int) -> list[tuple[ExampleText, str]]:
    return [
        (
            ExampleText(
                turns=(PromptTurn(role="user", text=f"What is number {number}?"),),
                answer=f"It is {number}.",
            ),
            "",
        )
        for number in range(count)
    ]


class Bench:
    """An application over scripted children, with one model that can be trained."""

    def __init__(self, paths: Paths) -> None:
        self.children = FakeChildren()
        self.paths = paths
        self.app = self.open()
        self.children.examples.script = ("An answer.",)

    def open(self) -> App:
        self.app = self.children.make_app(self.paths)
        self.app.open_root()
        return self.app

    def reopen(self) -> None:
        self.app.close()
        self.open()

    def settle(self) -> None:
        for _round in range(60):
            self.app.process_events()

    def train(self, count: int = 16) -> Reply[TrainingJobProgress, TrainingOutcome]:
        reply = self.app.training.train(MODEL, examples(count), SETTINGS, "My style")
        self.settle()
        return reply


MODEL = "starter"
ADAPTER = adapter(*pair("token_embd.weight", 4, 32)).encode()


@pytest.fixture
def bench(root: Paths) -> Iterator[Bench]:
    made = Bench(root)
    path = tiny_gguf().write(root.root.parent / "starter.gguf")
    made.app.models.add_model(str(path))
    yield made
    made.app.close()


def failure_code(reply: Reply[Any, Any]) -> str:
    assert reply.failure is not None
    return reply.failure.code


def test_an_adapter_is_trained_compared_and_listed(bench: Bench) -> None:
    seen: list[TrainingJobProgress] = []
    reply = bench.app.training.train(MODEL, examples(16), SETTINGS, "My style")
    reply.on_progress(seen.append)
    bench.settle()
    trainer = bench.children.trainer
    job = trainer.job
    assert len(job.examples) == 14
    assert len(job.held_out) == 2
    assert job.expected == (3.0, 3.0)
    assert bench.app.training.is_busy
    trainer.report_step(3, 8, 2.25, 2.5)
    bench.settle()
    trainer.finish(ADAPTER)
    bench.settle()
    outcome = reply.result
    assert outcome is not None, reply.failure
    assert (outcome.held_out_before, outcome.held_out_after) == (3.0, 1.0)
    assert {answer.after for answer in outcome.answers} == {"An answer."}
    assert [answer.is_held_out for answer in outcome.answers].count(True) == 2
    stages = list(dict.fromkeys(each.stage for each in seen))
    assert stages == ["reading", "training", "comparing"]
    assert [entry.ref for entry in bench.app.registry.list_adapters()] == ["my-style"]
    assert bench.app.training.store.read_outcome(outcome.path) == outcome
    assert not list(bench.paths.training_folder.iterdir())
    assert not bench.app.training.is_busy


def test_a_killed_training_is_kept_and_resumed(bench: Bench) -> None:
    bench.train()
    before = bench.children.trainer.job
    bench.reopen()
    with pytest.raises(ModelError) as caught:
        bench.train()
    assert caught.value.code is ErrorCode.TRAINING_UNFINISHED
    reply = bench.app.training.resume()
    bench.settle()
    again = bench.children.trainer.job
    assert (again.examples, again.held_out) == (before.examples, before.held_out)
    bench.children.trainer.finish(ADAPTER)
    bench.settle()
    assert reply.result is not None


def test_a_discarded_training_leaves_nothing(bench: Bench) -> None:
    reply = bench.train()
    with pytest.raises(ModelError) as refused:
        bench.app.training.discard()
    assert refused.value.code == ErrorCode.TRAINING_BUSY
    reply.cancel()
    bench.settle()
    assert failure_code(reply) == ErrorCode.CANCELLED
    bench.app.training.discard()
    assert not list(bench.paths.training_folder.iterdir())
    with pytest.raises(ModelError) as caught:
        bench.app.training.resume()
    assert caught.value.code is ErrorCode.TRAINING_NONE


def test_too_few_examples_are_said(bench: Bench) -> None:
    with pytest.raises(ModelError) as caught:
        bench.train(7)
    assert caught.value.facts == {"count": "7", "least": "8"}


def test_an_estimate_keeps_nothing(bench: Bench) -> None:
    reply = bench.app.training.estimate(MODEL, examples(16), SETTINGS)
    bench.settle()
    assert bench.children.trainer.job.seconds
    bench.children.trainer.finish()
    bench.settle()
    assert reply.result is not None
    assert reply.result.seconds == 130.0
    assert reply.result.adapter_bytes == 2_000_000
    assert not list(bench.paths.training_folder.iterdir())
    assert not bench.app.training.is_busy


def test_another_kind_of_model_is_refused(bench: Bench) -> None:
    path = recurrent().write_outline(bench.paths.root.parent / "mamba.gguf")
    bench.app.models.add_model(str(path))
    with pytest.raises(ModelError) as caught:
        bench.app.training.train("mamba", examples(16), SETTINGS)
    assert caught.value.code is ErrorCode.NOT_TRAINABLE


def test_a_stop_while_examples_are_read_is_an_end(bench: Bench) -> None:
    bench.children.examples.reads_at_once = False
    reply = bench.train()
    assert bench.children.examples.reading is not None
    reply.cancel()
    bench.settle()
    assert failure_code(reply) == ErrorCode.CANCELLED
    assert not bench.app.training.is_busy


def test_a_stop_between_two_steps_is_kept(bench: Bench) -> None:
    reply = bench.train()
    stages: list[str] = []

    def stop(progress: TrainingJobProgress) -> None:
        stages.append(progress.stage)
        if progress.stage == "comparing":
            reply.cancel()

    reply.on_progress(stop)
    bench.children.trainer.finish(ADAPTER)
    bench.settle()
    assert "comparing" in stages
    assert failure_code(reply) == ErrorCode.CANCELLED
    assert not bench.app.training.is_busy


def test_an_adapter_that_cannot_be_read_back_is_a_failure(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> bytes:
        raise ValueError  # as an encrypted file that is damaged

    monkeypatch.setattr(training_store, "read_data_file", refuse)
    reply = bench.train()
    bench.children.trainer.finish(ADAPTER)
    bench.settle()
    assert failure_code(reply) == ErrorCode.TRAINER_DIED
    assert not bench.app.training.is_busy
    monkeypatch.undo()
    assert bench.app.training.store.unfinished_job() is not None


def stop_comparing(bench: Bench) -> None:
    """Train, and stop when the adapter is there and not compared yet."""
    reply = bench.train()
    bench.children.examples.reads_at_once = False
    bench.children.trainer.finish(ADAPTER)
    bench.settle()
    assert [entry.ref for entry in bench.app.registry.list_adapters()] == ["my-style"]
    reply.cancel()
    bench.settle()
    bench.children.examples.reads_at_once = True
    assert failure_code(reply) == ErrorCode.CANCELLED


def test_a_stopped_comparison_goes_on_with_the_same_file(bench: Bench) -> None:
    stop_comparing(bench)
    reply = bench.app.training.resume()
    bench.settle()
    bench.children.trainer.finish(ADAPTER)
    bench.settle()
    assert reply.result is not None
    assert reply.result.ref == "my-style"
    assert [path.name for path in bench.paths.adapters.glob("*.gguf")] == ["my-style.gguf"]
    bench.train()
    bench.app.training.close()
    bench.app.training.discard()
    assert [path.name for path in bench.paths.adapters.glob("*.gguf")] == ["my-style.gguf"]


def test_a_discarded_comparison_takes_the_file_along(bench: Bench) -> None:
    stop_comparing(bench)
    bench.app.training.discard()
    assert not list(bench.paths.adapters.iterdir())
    assert bench.app.registry.list_adapters() == ()


def test_a_file_that_replaced_the_adapter_is_not_discarded(bench: Bench) -> None:
    stop_comparing(bench)
    (bench.paths.adapters / "my-style.gguf").write_bytes(b"another")
    bench.app.training.discard()
    assert (bench.paths.adapters / "my-style.gguf").exists()


def test_going_on_needs_the_memory_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = bench.train()
    reply.cancel()
    bench.settle()
    monkeypatch.setattr(training_service, "available_memory", lambda: 1)
    with pytest.raises(ModelError) as caught:
        bench.app.training.resume()
    assert caught.value.code is ErrorCode.TRAINING_MEMORY
    assert not bench.app.training.is_busy
    assert bench.app.training.store.unfinished_job() is not None


def test_an_estimate_can_be_followed_to_its_end(bench: Bench) -> None:
    bench.app.training.estimate(MODEL, examples(16), SETTINGS)
    bench.settle()
    assert bench.app.training.follow_active_job() is None
    followed = bench.app.training.follow_active_estimate()
    assert followed is not None
    bench.children.trainer.finish()
    bench.settle()
    assert followed.result is not None
    assert bench.app.training.follow_active_estimate() is None


def test_a_trainer_that_dies_leaves_what_it_had(bench: Bench) -> None:
    reply = bench.train()
    bench.children.trainer.die()
    bench.settle()
    assert failure_code(reply) == ErrorCode.TRAINER_DIED
    assert bench.app.training.store.unfinished_job() is not None


def test_files_of_prompts_and_of_chats_are_read(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    chat = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
        {"role": "assistant", "content": "d"},
    ]
    lines = [{"prompt": "p", "response": "r\u2028s"}, {"messages": chat}]
    text = "\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_bytes(f"{text}\n\n".encode())
    first, second, third = read_example_file(path, "Answer.")
    assert [turn.text for turn in first.turns] == ["Answer.", "p"]
    assert (first.answer, second.answer, third.answer) == ("r\u2028s", "b", "d")
    assert [turn.text for turn in third.turns] == ["Be brief.", "a", "b", "c"]


@pytest.mark.parametrize(
    "entry",
    [
        {"prompt": "p\n\nq", "completion": "r"},
        {"question": "p\n\nq", "answer": "r"},
        {"input": "p\n\nq", "output": "r"},
        {"instruction": "p", "input": "q", "output": "r"},
        {"instruction": "p\n\nq", "input": "", "output": "r"},
        {"conversations": [{"from": "human", "value": "p\n\nq"}, {"from": "gpt", "value": "r"}]},
    ],
)
def test_forms_of_other_data_sets_are_read(entry: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "examples.json"
    path.write_text(json.dumps([entry, entry], indent=2), encoding="utf-8")
    first, second = read_example_file(path, "")
    assert [turn.text for turn in first.turns] == ["p\n\nq"]
    assert first.answer == "r"
    assert first == second


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"prompt": 1, "response": "r"}',
        '{"messages": [{"role": "user", "content": "a"}]}',
    ],
)
def test_an_entry_that_is_none_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text('{"prompt": "p", "response": "r"}\n' + line, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_example_file(path, "")
    assert "entry 2" in caught.value.facts["detail"]
