"""`model train`: what it would take, training, going on, discarding, and why not."""

import json
from pathlib import Path

import pytest

from core.base.paths import shipped_models
from core.messages import Generate
from tests.cli.conftest import Inglenook
from tests.cli.test_commands import STARTER
from tests.fakes.models import adapter_gguf


@pytest.fixture
def examples(tmp_path: Path) -> str:
    lines = [{"prompt": f"What is {n}?", "response": f"It is {n}."} for n in range(16)]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def _trains(inglenook: Inglenook) -> None:
    inglenook.children.trainer.content = adapter_gguf(shipped_models()[0], "Mine").encode()
    inglenook.children.examples.script = ("As trained.",)


def test_an_estimate_trains_nothing(inglenook: Inglenook, examples: str) -> None:
    told = inglenook("model", "train", STARTER, "--examples", examples, "--dry-run").out
    assert "14 examples to learn from, 2 held out, 60 steps." in told
    assert "About 2 minutes on this computer" in told
    ran = inglenook("model", "train", STARTER, "--examples", examples, "--dry-run", "--json")
    assert ran.objects[-1]["event"] == "estimate"
    assert ran.objects[-1]["seconds"] == 130.0
    assert not list(inglenook.paths.adapters.iterdir())


def test_an_adapter_is_trained_listed_used_and_deleted(inglenook: Inglenook, examples: str) -> None:
    told = inglenook("model", "train", STARTER, "--examples", examples, "--name", "Mine").out
    assert "Trained mine for" in told
    assert "after: As trained." in told
    (path,) = inglenook.paths.adapters.glob("*.gguf")
    assert inglenook("ask", "What is 1?", "--adapter", "mine").code == 0
    (asked,) = inglenook.engine.last_sent(Generate).adapters
    assert asked.path == str(path)
    assert inglenook("model", "remove", "mine").out == "Deleted mine.\n"
    assert not list(inglenook.paths.adapters.iterdir())


def test_a_stopped_training_goes_on_or_is_discarded(inglenook: Inglenook, examples: str) -> None:
    trainer = inglenook.children.trainer
    trainer.dies = True
    assert inglenook("model", "train", STARTER, "--examples", examples).code == 1
    again = inglenook("model", "train", STARTER, "--examples", examples)
    assert "A training is not finished yet." in again.err
    trainer.dies = False
    assert "Trained" in inglenook("model", "train", "--resume").out
    assert "There is no training that was stopped." in inglenook("model", "train", "--discard").err


def test_without_examples_it_says_what_to_do(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("model", "train", STARTER)
    assert ran.code == 1
    assert "Too few examples to learn from: 0, and at least 8 are needed." in ran.err
    assert "No answer was rated well" in inglenook("model", "train", "--list").err
    (tmp_path / "odd.jsonl").write_text("{}", encoding="utf-8")
    odd = inglenook("model", "train", STARTER, "--examples", str(tmp_path / "odd.jsonl"))
    assert "entry 1 holds neither" in odd.err


def test_without_a_model_it_says_what_is_missing(inglenook: Inglenook, examples: str) -> None:
    ran = inglenook("model", "train", "--examples", examples)
    assert ran.code == 1
    assert "arguments are required: REF" in ran.err
    assert "“inglenook model train --help”" in ran.err
