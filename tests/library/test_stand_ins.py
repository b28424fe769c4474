"""Large modules that nothing calls are not loaded, and what stands in for them says so."""

import importlib.util
import json
import subprocess
import sys

import pytest

import contents
from core.library import stand_ins
from tests.house.sources import ROOT

pytestmark = pytest.mark.slow

WITHOUT = """
import sys
for name in {absent!r}:
    sys.modules[name] = None
from core.library.embedder import Embedder
from core.library.extractors.recognition import Recognizer
from core.library.reranker import Reranker
from core.paths import embedding_model, text_recognition_model
vectors = Embedder(embedding_model()).embed(["a lighthouse", "a lighthouse on a rock", "taxes"])
assert vectors[0] @ vectors[1] > 0.6 > vectors[0] @ vectors[2]
Recognizer(text_recognition_model())
from sentence_transformers import CrossEncoder
"""


def test_what_is_imported_from_a_stand_in_can_be_named_and_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "inglenook_no_such_module"
    monkeypatch.setitem(sys.modules, name, sys)  # so that it is taken away again
    del sys.modules[name]
    stand_ins.place((name,))
    placed = __import__(name)
    assert importlib.util.find_spec(name) is not None
    with pytest.raises(NotImplementedError, match=f"{name}.scores"):
        placed.scores([1], average="macro")
    with pytest.raises(AttributeError):
        _ = placed.__version__


def test_a_module_that_was_imported_stays() -> None:
    stand_ins.place(("json",))
    assert sys.modules["json"] is json


def test_what_installers_leave_out_is_not_missed() -> None:
    """In a fresh process, in which those that have no stand-in can't be imported."""
    placed = {*stand_ins.OF_EMBEDDING, *stand_ins.OF_PICTURES}
    absent = tuple(set(contents.NOWHERE) - placed)
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(absent=absent)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
