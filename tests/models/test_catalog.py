"""The list of models that ships: its schema, what it claims, and what becomes of a damaged one."""

from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.engine.memory.model_footprint import compute_footprint
from core.gguf.llama_tables import CHAT_ARCHITECTURES
from core.models.model_catalog import CatalogModel, catalog_path, load_catalog
from core.models.quantizations.catalog_header import estimate_bytes, estimate_header
from core.models.quantizations.quantization_types import find_quantization

ENTRY = """
version = 1
[[model]]
id = "a"
name = "A 1B"
family = "A"
kind = "chat"
architecture = "llama"
parameters = 1_000
context = 2048
licence = "MIT"
maker = "A"
repository = "a/a"
pattern = "a-{level}.gguf"
levels = ["Q4_K_M", "Q8_0"]
good_for = ["chat"]
source = "a card"
"""


@pytest.fixture(scope="module")
def models() -> tuple[CatalogModel, ...]:
    return load_catalog()


def test_each_model_can_be_run_and_named(models: tuple[CatalogModel, ...]) -> None:
    for model in models:
        assert model.source, model.id
        assert model.repository.count("/") == 1, model.id
        if model.kind == "chat":
            assert model.architecture in CHAT_ARCHITECTURES, model.id
            assert all(find_quantization(file.level) for file in model.files), model.id
            assert all(file.name.endswith(".gguf") for file in model.files), model.id
        else:
            assert "model.safetensors" in {file.name for file in model.files}, model.id


def test_no_file_has_a_size_or_hash_that_nobody_vouches_for(
    models: tuple[CatalogModel, ...],
) -> None:
    for model in models:
        for file in model.files:
            assert file.source or (file.bytes is None and not file.sha256), file.name


def test_sizes_from_the_smallest_to_the_largest(models: tuple[CatalogModel, ...]) -> None:
    chat = [model for model in models if model.kind == "chat"]
    assert min(model.parameters for model in chat) < 200_000_000
    assert max(model.parameters for model in chat) > 70_000_000_000
    assert {use for model in chat for use in model.good_for} >= {
        "chat",
        "coding",
        "reasoning",
        "multilingual",
    }
    assert any(model.active < model.parameters for model in chat), "mixtures of experts"
    assert {model.kind for model in models} == {"chat", "embedder", "reranker"}
    assert sum(model.starter for model in models) >= 2


def test_parameters_are_those_of_the_figures(models: tuple[CatalogModel, ...]) -> None:
    described = [(each, each.figures) for each in models if each.figures is not None]
    assert described
    for model, figures in described:
        header = estimate_header(model, "F16")
        assert header is not None
        assert header.parameters == pytest.approx(model.parameters, rel=0.001), model.id
        assert header.vocabulary_size == figures.vocabulary


def test_a_header_takes_what_its_level_takes(models: tuple[CatalogModel, ...]) -> None:
    model = next(each for each in models if each.id == "llama-3.1-8b")
    header = estimate_header(model, "Q4_K_M")
    assert header is not None
    assert header.size == pytest.approx(4.58 * 2**30, rel=0.01)  # llama.cpp, tools/quantize
    assert estimate_bytes(model, "Q4_K_M") == pytest.approx(header.size, rel=0.001)
    layer = compute_footprint(header).layers[0]
    assert (layer.keys, layer.values) == (1024, 1024)


def test_experts_are_told_from_the_rest(models: tuple[CatalogModel, ...]) -> None:
    model = next(each for each in models if each.id == "qwen3-30b-a3b")
    header = estimate_header(model, "Q4_K_M")
    assert header is not None
    assert compute_footprint(header).expert_layer_count == 48


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (("good_for", "godo_for"), "godo_for"),
        (('kind = "chat"', 'kind = "chap"'), "chap"),
        (("parameters = 1_000", "parameters = 0"), "figure"),
        (("a-{level}.gguf", "a.gguf"), "names no level"),
        (("a-{level}.gguf", "../a-{level}.gguf"), "no file"),
        (("version = 1", "version = 2"), "2"),
        (('"a/a"', "a/a"), "line"),
        (("version = 1", ""), "version"),
    ],
)
def test_a_damaged_list_says_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], detail: str
) -> None:
    path = tmp_path / "models.toml"
    path.write_text(ENTRY)
    assert load_catalog(path)[0].file_for_quantization("Q8_0")
    path.write_text(ENTRY.replace(*change))
    with pytest.raises(ModelError) as caught:
        load_catalog(path)
    assert caught.value.code == ErrorCode.CATALOG_INVALID
    assert detail in caught.value.message


def test_a_size_needs_a_source(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(ENTRY + '[[model.file]]\nlevel = "F16"\nname = "x.gguf"\nbytes = 5\n')
    with pytest.raises(ModelError, match="without a source"):
        load_catalog(path)


def test_a_list_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_catalog(tmp_path / "models.toml")
    assert caught.value.code == ErrorCode.CATALOG_INVALID


def test_the_list_that_ships_is_where_it_is_looked_for() -> None:
    assert catalog_path().is_file()
