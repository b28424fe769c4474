"""Large modules that nothing calls are not loaded, and what stands in for them says so."""

import importlib.util
import json
import subprocess
import sys

import pytest

import contents
from core.base.imports import import_stubs
from tests.house.sources import ROOT

pytestmark = pytest.mark.slow

WITHOUT = """
import sys
for name in {absent!r}:
    sys.modules[name] = None
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.extractors.page_images.text_recognition import TextRecognizer
from core.library.search.cross_encoder_reranker import CrossEncoderReranker
from core.base.paths import embedding_model, text_recognition_model
embedder = SentenceTransformerEmbedder(embedding_model())
vectors = embedder.embed(["a lighthouse", "a lighthouse on a rock", "taxes"])
assert vectors[0] @ vectors[1] > 0.6 > vectors[0] @ vectors[2]
TextRecognizer(text_recognition_model())
from sentence_transformers import CrossEncoder
"""


def test_what_is_imported_from_a_stand_in_can_be_named_and_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "inglenook_no_such_module"
    monkeypatch.setitem(sys.modules, name, sys)  # so that it is taken away again
    del sys.modules[name]
    import_stubs.install_stubs((name,))
    placed = __import__(name)
    assert importlib.util.find_spec(name) is not None
    with pytest.raises(NotImplementedError, match=f"{name}.scores"):
        placed.scores([1], average="macro")
    with pytest.raises(AttributeError):
        _ = placed.__version__


def test_a_module_that_was_imported_stays() -> None:
    import_stubs.install_stubs(("json",))
    assert sys.modules["json"] is json


def test_what_installers_leave_out_is_not_missed() -> None:
    """In a fresh process, in which those that have no stand-in can't be imported."""
    placed = {*import_stubs.EMBEDDING_STUBS, *import_stubs.IMAGE_STUBS}
    absent = tuple(set(contents.NOWHERE) - placed)
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(absent=absent)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
