"""Models in parts: one entry, read, planned and loaded as a whole."""

import shutil
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.engine.memory.placement_planner import choose_placement
from core.gguf import fingerprint, read_header
from core.messages import AnswerDone, Generate, ModelLoaded, Placement, PromptTurn, Sampling
from core.models.info.model_fit_cache import ModelFit
from core.models.registry.model_registry import ModelRegistry
from tests.engine.conftest import Driver, driver  # noqa: F401 - a fixture
from tests.gguf.splitting import split
from tests.gguf.writing import Gguf, Tensor


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    tensors = tuple(Tensor(name=f"blk.0.t{n}.weight", offset=512 * n) for n in range(5))
    whole = Gguf(tensors=tensors).write(tmp_path / "whole.gguf")
    return split(whole, tmp_path, "cut", 3)


def code_of(path: Path) -> ErrorCode:
    with pytest.raises(ModelError) as caught:
        read_header(path)
    return caught.value.code


def test_parts_are_read_as_the_one_model_they_are(parts: list[Path], tmp_path: Path) -> None:
    whole, joined = read_header(tmp_path / "whole.gguf"), read_header(parts[0])
    assert [tensor.name for tensor in joined.tensors] == [t.name for t in whole.tensors]
    assert [tensor.part for tensor in joined.tensors] == [0, 0, 1, 1, 2]
    assert joined.size == sum(part.stat().st_size for part in parts)
    assert joined.later_parts == tuple(map(str, parts[1:]))
    assert fingerprint(parts[0], joined) == fingerprint(parts[0], joined)


def test_a_part_that_is_missing_named_otherwise_or_another_models_is_told(
    parts: list[Path], tmp_path: Path
) -> None:
    assert code_of(parts[1]) == ErrorCode.MODEL_SPLIT
    renamed = tmp_path / "mine.gguf"
    shutil.copyfile(parts[0], renamed)
    assert code_of(renamed) == ErrorCode.MODEL_PART_NAME
    aside = parts[2].rename(tmp_path / "aside")
    assert code_of(parts[0]) == ErrorCode.MODEL_PART_MISSING
    shutil.copyfile(parts[1], parts[2])
    assert code_of(parts[0]) == ErrorCode.GGUF_INVALID
    parts[2].write_bytes(aside.read_bytes()[:-600])
    assert code_of(parts[0]) == ErrorCode.GGUF_TRUNCATED


def test_any_part_stands_for_the_model_and_a_lost_one_is_seen(
    parts: list[Path], root: Paths, tmp_path: Path
) -> None:
    shelf = ModelRegistry(root, lambda _header: ModelFit("yes", 1))
    entry = shelf.add_model(str(parts[1]))
    assert (entry.ref, entry.path, len(entry.files)) == ("cut", str(parts[0]), 3)
    assert entry.bytes_on_disk == sum(part.stat().st_size for part in parts)
    parts[1].rename(tmp_path / "aside")
    assert shelf.find_model("cut").problem_code == ErrorCode.MODEL_PART_MISSING
    (tmp_path / "aside").rename(parts[1])
    assert not shelf.find_model("cut").problem_code


@pytest.mark.slow
def test_the_real_model_in_parts_plans_and_answers_as_the_whole_does(
    driver: Driver,  # noqa: F811 - the fixture
    starter_model: Path,
    tmp_path: Path,
) -> None:
    first = split(starter_model, tmp_path, "Smol", 3)[0]
    wish = Placement(context=512, threads=1)
    plans = [
        choose_placement(read_header(path), wish, (), 1 << 40).plan
        for path in (starter_model, first)
    ]
    assert abs(plans[0].total - plans[1].total) < 1 << 20
    request = Generate(
        request_id="a",
        turns=(PromptTurn(role="user", text="Name a colour.", plain="Name a colour."),),
        sampling=Sampling(temperature=0),
        max_tokens=8,
    )
    texts = []
    for path in (starter_model, first):
        assert isinstance(driver.load(path, 512), ModelLoaded)
        done = driver.answer(request)
        assert isinstance(done, AnswerDone)
        texts.append(done.text)
    assert texts[0]
    assert texts[0] == texts[1]
