"""Memory that runs out while a model is loaded, in a process that may have only so much of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.engine.llama import llama_log
from core.engine.runtime.model_loading import load_with_fallback
from core.messages import Placement

PLACEMENT = Placement(
    context=8192, sequences=1, device="cpu", gpu_layers=0, cache_keys="f16", cache_values="f16"
)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a process to its limit")
def test_a_smaller_cache_is_taken_when_there_is_no_room(starter_model: Path) -> None:
    """Weights take 92 MiB; the cache 180, 96 or 51."""
    arguments = [str(starter_model), "cpu", str(280 << 20), "8192"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.tight_memory", *arguments],
        capture_output=True,
        check=True,
        timeout=60,
    )
    tried = json.loads(done.stdout)
    assert tried[0] == ["f16", 8192, 0]
    assert tried[1] == ["q8_0", 8192, 0]


def test_what_is_no_lack_of_memory_is_raised_at_once() -> None:
    tried: list[Placement] = []

    def make(placement: Placement) -> None:
        tried.append(placement)
        raise ModelError(ErrorCode.MODEL_LOAD_FAILED, file="x")

    with pytest.raises(ModelError) as refused:
        load_with_fallback(PLACEMENT, make, PLACEMENT)
    assert refused.value.code == ErrorCode.MODEL_LOAD_FAILED
    assert tried == [PLACEMENT]


def test_with_the_least_it_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama_log, "ran_out_of_memory", lambda: True)
    tried: list[Placement] = []

    def make(placement: Placement) -> None:
        tried.append(placement)
        raise ModelError(ErrorCode.MODEL_LOAD_FAILED, file="x")

    with pytest.raises(ModelError) as refused:
        load_with_fallback(PLACEMENT, make, PLACEMENT)
    assert refused.value.code == ErrorCode.MODEL_LOAD_FAILED
    assert [each.context for each in tried] == [8192, 8192, 8192, 4096, 2048, 1024, 512]
