"""A small cache compared with f16 by the starter model: how well a text is predicted with each."""

import math
from pathlib import Path

import pytest

from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.quantization.quality_text import load_quality_text
from core.engine.tuning.cache_quality import CacheComparison, windows_in_time
from core.messages import Placement

pytestmark = pytest.mark.slow


def perplexity(model: LlamaModel, type_: str) -> float:
    comparison = CacheComparison(model, type_, load_quality_text(), windows=1)
    try:
        for _piece in range(20):
            if (found := comparison.run_piece()) is not None:
                return found
    finally:
        comparison.close()
    raise AssertionError("the comparison doesn't end")


def test_the_same_cache_predicts_as_well_and_a_small_one_nearly(starter_model: Path) -> None:
    placement = Placement(context=512, threads=1, sequences=1, device="cpu", gpu_layers=0)
    model = LlamaModel(starter_model, placement, AbortFlag())
    try:
        assert perplexity(model, "f16") == 0.0
        small = perplexity(model, "q8_0")
        assert math.isfinite(small)
        assert 0.0 < abs(small) < 0.1
    finally:
        model.close()


def test_a_slow_model_has_no_time_for_a_window() -> None:
    assert windows_in_time(300.0, 1.0) == 0
    assert windows_in_time(5000.0, 1.0) == 4
    assert windows_in_time(5000.0, -1.0) == 0
