"""Embedding models in folders of a person's own: what they say of themselves, what is refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import embedding_model
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.embedding.sentence_transformers_folder import SentenceTransformersFolder
from tests.library.tiny_model import tiny_model, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "my-model")


@pytest.fixture
def model(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "my-model"))


def refusal(folder: Path) -> LibraryError:
    with pytest.raises(LibraryError) as caught:
        SentenceTransformersFolder(folder).check_folder()
    return caught.value


def test_the_model_that_ships_is_taken(model: Path) -> None:
    for folder in (embedding_model(), model):
        SentenceTransformersFolder(folder).check_folder()
    assert SentenceTransformersFolder(embedding_model()).prompts == ("", "")
    assert SentenceTransformersFolder(embedding_model()).name == "all-MiniLM-L6-v2:90868376:256"


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "modeling_x.py", "old/weights.pt", "x.PKL", "1_Pooling/a.ckpt"]
)
def test_a_folder_that_could_run_code_is_refused(model: Path, name: str) -> None:
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).write_bytes(b"")
    problem = refusal(model)
    assert problem.code == ErrorCode.EMBEDDER_REFUSED
    assert Path(name).name in problem.message


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_a_folder_that_names_code_is_refused(model: Path, name: str) -> None:
    write(
        model / name, {**json.loads((model / name).read_text()), "auto_map": {"AutoModel": "x.y"}}
    )
    assert f"{name} names code" in refusal(model).message


@pytest.mark.parametrize(
    "kind", ["evil.Module", "sentence_transformers.models.Dense", "os.system", None, 7]
)
def test_a_module_of_another_kind_is_refused(model: Path, kind: object) -> None:
    write(model / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": kind}])
    assert f"it needs the module {kind}" in refusal(model).message


@pytest.mark.parametrize("content", ["", "[]", "{}", "[7]", "\ufeff", "[" * 100_000])
def test_a_damaged_list_of_modules_is_refused(model: Path, content: str) -> None:
    (model / "modules.json").write_text(content)
    assert refusal(model).code == ErrorCode.EMBEDDER_REFUSED


def test_what_is_missing_is_named(model: Path, tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone").code == ErrorCode.EMBEDDER_MISSING
    (model / "tokenizer.json").unlink()
    assert refusal(model).code == ErrorCode.EMBEDDER_MISSING


@pytest.mark.parametrize(
    ("name", "own", "prompts"),
    [
        ("multilingual-e5-small", {}, ("query: ", "passage: ")),
        ("nomic-embed-text", {}, ("search_query: ", "search_document: ")),
        ("bge-m3", {}, ("", "")),
        ("bge-small-en", {}, ("Represent this sentence for searching relevant passages: ", "")),
        ("bge-small-en", {"query": "Q: ", "document": "D: "}, ("Q: ", "D: ")),
        ("mine", {"query": "find: "}, ("find: ", "")),
        ("mine", {}, ("", "")),
    ],
)
def test_prompts_come_from_the_folder_or_its_family(
    model: Path, name: str, own: dict[str, str], prompts: tuple[str, str]
) -> None:
    folder = model.rename(model.with_name(name))
    write(folder / "config_sentence_transformers.json", {"prompts": own})
    assert SentenceTransformersFolder(folder).prompts == prompts


def test_the_window_is_the_least_that_is_said(model: Path) -> None:
    assert SentenceTransformersFolder(model).window_tokens == 128
    (model / "sentence_bert_config.json").unlink()
    assert SentenceTransformersFolder(model).window_tokens == 512
    write(model / "tokenizer_config.json", {"model_max_length": 300})
    assert SentenceTransformersFolder(model).window_tokens == 300
    write(model / "config_sentence_transformers.json", {"prompts": {"document": "passage: "}})
    assert SentenceTransformersFolder(model).passage_window == 298


def test_questions_and_passages_are_read_with_their_prompts(tmp_path: Path) -> None:
    prompts = {"query": "query: ", "document": "passage: "}
    plain = SentenceTransformerEmbedder(tiny_model(tmp_path / "plain"))
    prompted = SentenceTransformerEmbedder(tiny_model(tmp_path / "prompted", prompts=prompts))
    texts = ["the rent is due"]
    passage, question = prompted.embed(texts), prompted.query_embedder.embed(texts)
    assert np.allclose(passage, plain.embed(["passage: the rent is due"]), atol=1e-2)
    assert np.allclose(question, plain.embed(["query: the rent is due"]), atol=1e-2)
    assert not np.allclose(passage, question, atol=1e-2)
    assert passage.shape == (1, 32)
    assert prompted.name != plain.name


def test_what_was_measured_is_remembered(model: Path) -> None:
    first = SentenceTransformerEmbedder(model)
    assert (first.tuning_json, first.number_format) == ("", "")
    first.load_model()
    assert first.number_format in {"float32", "bfloat16"}
    again = SentenceTransformerEmbedder(
        model, first.tuning_json.replace(str(first.batch_tokens), "512")
    )
    again.load_model()
    assert again.batch_tokens == 512
    for wrong in ("{}", "?", first.tuning_json.replace(first.name, "another")):
        forgotten = SentenceTransformerEmbedder(model, wrong)
        forgotten.load_model()
        assert json.loads(forgotten.tuning_json)["model"] == first.name
