"""`model judge` and what `model info` says of a model as a judge."""

from pathlib import Path

import pytest

from core import gguf
from core.app.judging import ability_service
from core.base.errors import ErrorCode
from core.chat.judging.judging_cases import bundled_cases
from core.messages import JudgePrompts, SearchVerdict
from core.models.info.judging_ability import JudgedScores
from core.models.quantizations.measurement_store import MeasurementStore
from tests.cli.conftest import Inglenook
from tests.cli.test_commands import STARTER

CASES = bundled_cases()
RIGHT = {case.prompt[-1].text: case.outcome for kind in CASES[:2] for case in kind}


def test_judging_is_measured_at_once_and_told(inglenook: Inglenook) -> None:
    inglenook.engine.judge = lambda prompt: 2.0 if RIGHT[prompt] else -2.0
    (told,) = inglenook("model", "judge", STARTER, "--json").objects
    assert (told["ref"], told["right"], told["cases"]) == (STARTER, 100, 100)
    assert told["answers"]["auc"] == 1.0
    assert told["supports"]["weight"] > 0.5
    assert "100 of 100" in inglenook("model", "judge", STARTER).out
    asked = inglenook.engine.all_sent(JudgePrompts)
    assert sum(len(request.prompts) for request in asked) == 100, "it was known already"


def test_what_is_known_of_a_model_is_in_its_information(
    inglenook: Inglenook, starter_model: Path
) -> None:
    inglenook.paths.create_folders()
    (before,) = inglenook("model", "info", STARTER, "--json").objects
    assert before["judging"] is None
    assert "not measured yet" in inglenook("model", "info", STARTER).out
    store = MeasurementStore(inglenook.paths.measurements)
    fingerprint = gguf.fingerprint(starter_model, gguf.read_header(starter_model))
    store.save_judging(fingerprint, JudgedScores(cases=CASES.key, scores=(1.0,) * 100))
    (after,) = inglenook("model", "info", STARTER, "--json").objects
    assert after["judging"]["answers"]["weight"] == 0.0
    assert "it is not asked" in inglenook("model", "info", STARTER).out


def test_the_failure_of_a_measurement_is_told(inglenook: Inglenook) -> None:
    def fail(_prompt: str) -> float:
        inglenook.engine.die()
        return 0.0

    inglenook.engine.judge = fail
    ran = inglenook("model", "judge", STARTER, "--json")
    assert ran.code != 0
    assert ErrorCode.ENGINE_DIED in ran.out + ran.err


def test_a_refusal_names_the_command_for_a_model_that_may_be_able(
    inglenook: Inglenook, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inglenook.library.verdict, inglenook.library.confidence = SearchVerdict.ON_TOPIC, 0.12
    ask = ("ask", "Who?", "--folder", str(documents))
    assert "model judge" not in inglenook(*ask).err, "so small a model is hardly ever able"
    monkeypatch.setattr(ability_service, "ABLE_PARAMETERS", 100_000_000)
    assert f"“inglenook model judge {STARTER}” tries that" in inglenook(*ask).err
    assert "model judge" not in inglenook(*ask, "--documents", "nearest").err
    inglenook.engine.judge = lambda prompt: 2.0 if RIGHT[prompt] else -2.0
    inglenook("model", "judge", STARTER)
    assert "model judge" not in inglenook(*ask).err
