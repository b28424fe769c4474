"""Questions are read without torch, and as torch reads them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tqdm import tqdm  # type: ignore[import-untyped]

from core.base.paths import (
    embedding_model,
    multilingual_embedding_model,
    program_folder,
)
from core.library.embedding.question_encoder import QuestionEncoder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.embedding.sentence_transformers_folder import SentenceTransformersFolder

QUESTIONS = [
    "Where do the keys lie?",
    "Was kostet eine Rückfahrkarte für die Fähre?",
    "",
    "x" * 60,
    "many words " * 700,
]
_WITHOUT_TORCH = """
import sys
from core.base.paths import embedding_model, judge_model
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.judging.learned_judge import LearnedJudge

embedder = SentenceTransformerEmbedder(embedding_model())
assert embedder.reads_questions and not embedder.is_loaded
assert embedder.query_embedder.embed(["Where do the keys lie?"]).shape == (1, 384)
answers = LearnedJudge(judge_model()).answer_probabilities("When?", ["At nine.", "Bread."])
assert len(answers) == 2
heavy = {"torch", "transformers", "sentence_transformers", "scipy"} & set(sys.modules)
assert not heavy, heavy
"""


def test_a_search_needs_no_torch() -> None:
    environment = {**os.environ, "PYTHONPATH": str(program_folder())}
    command = [sys.executable, "-P", "-c", _WITHOUT_TORCH]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


_CUT = """
import sys
from pathlib import Path
from core.base.errors import ErrorCode, LibraryError
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder

embedder = SentenceTransformerEmbedder(Path(sys.argv[1]))
assert not embedder.reads_questions
try:
    embedder.load_model()
except LibraryError as error:
    assert error.code is ErrorCode.EMBEDDER_MISSING
    assert "torch" not in sys.modules
else:
    raise AssertionError("a cut model was loaded")
"""


def test_a_cut_model_is_told_before_torch_is_imported(tmp_path: Path) -> None:
    folder = shutil.copytree(embedding_model(), tmp_path / "model")
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(1_000_000)
    environment = {**os.environ, "PYTHONPATH": str(program_folder())}
    command = [sys.executable, "-P", "-c", _CUT, str(folder)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("folder", [embedding_model(), multilingual_embedding_model()])
def test_torch_reads_questions_alike(folder: Path) -> None:
    embedder = SentenceTransformerEmbedder(folder)
    before = embedder.query_embedder.embed(QUESTIONS)
    tqdm.monitor_interval = 0  # the thread of a progress bar would outlive the test
    embedder.load_model()
    after = embedder.query_embedder.embed(QUESTIONS)
    assert np.allclose(np.linalg.norm(before, axis=1), 1, atol=1e-5)
    assert float((before * after).sum(axis=1).min()) > 0.999


def test_another_kind_of_model_is_left_to_torch(tmp_path: Path) -> None:
    for number, (file, old, new) in enumerate(
        (
            ("config.json", '"gelu"', '"relu"'),
            ("1_Pooling/config.json", '_cls_token": false', '_cls_token": true'),
        )
    ):
        folder = tmp_path / str(number)
        shutil.copytree(embedding_model(), folder)
        settings = (folder / file).read_text()
        assert old in settings
        (folder / file).write_text(settings.replace(old, new))
        with pytest.raises(ValueError, match="another kind"):
            QuestionEncoder(SentenceTransformersFolder(folder))
        assert not SentenceTransformerEmbedder(folder).reads_questions
