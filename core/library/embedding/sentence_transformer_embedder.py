"""Embedder on sentence_transformers: text to vectors, offline, in the fastest faithful format."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import psutil

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.base.imports import import_stubs
from core.library.embedding.embedder import DEFAULT_BATCH_TOKENS, QueryEmbedder
from core.library.embedding.packed_transformer import packed_transformer
from core.library.embedding.packed_weights import is_whole
from core.library.embedding.question_encoder import QuestionEncoder
from core.library.embedding.sentence_transformers_folder import SentenceTransformersFolder
from core.library.embedding.vector_types import Vectors
from core.library.text.embedder_token_counter import TokenCounter

_BATCHES = (256, 512, 1024, 2048)
_LONGEST_SECONDS = 0.1
"""Longest time of a batch: a search waits for its end, and an answer for the processor."""
_NEARLY_AS_FAST = 0.97
_FAITHFUL_COSINE = 0.999
_FASTER = 1.1
_ROUNDS = (3, 12)
"""Fewest and most runs of which the shortest counts: other programs only make times longer."""
_AGREEMENT = 1.05
"""Ratio of the two shortest times from which on no more runs are needed."""
_LEAST_SECONDS = 0.2 if sys.platform == "win32" else 0.0
"""Windows counts a thread's time in steps of 16 ms."""
_KEPT_PRIMITIVES = "16"
"""Of the shapes of batches. oneDNN keeps what it compiled for each, with its buffers, by default of
1,024 shapes: 240 batches of mixed lengths added 260 MB, and none with 16."""
_BFLOAT16, _FLOAT32 = "bfloat16", "float32"
_PROBE = (
    "The tenant bears the cost of small repairs up to 110 euros for each repair. " * 8,
    "def read(path): return [line.strip() for line in open(path)] " * 8,
    "Die Heizung wird einmal im Jahr gewartet, zuletzt am 14. November. " * 8,
    "Valve ECL86; capacitor 50 µF, 350 V; 12 months; error code E18. " * 8,
)
_PROBE_TOKENS = 160
"""Tokens of each of them, about as many as a passage has."""

_log = logging.getLogger(__name__)


class EmbedderTuning(msgspec.Struct, frozen=True):
    """Fastest settings of one model on one machine; measured once and stored in library.db."""

    model: str
    machine: str
    number_format: str
    batch_tokens: int


class SentenceTransformerEmbedder:
    """A sentence-transformers folder, loaded at the first text: the import takes seconds.

    `remembered` is the `tuning_json` of an earlier process; that of another machine is not used.
    """

    def __init__(self, folder: Path, remembered: str = "") -> None:
        self._folder = SentenceTransformersFolder(folder)
        self._remembered = remembered
        self._model: Any = None
        self._questions = _QuestionEmbedder(self, self._folder)
        self._name = ""
        self._tuning: EmbedderTuning | None = None

    @property
    def model_folder(self) -> Path:
        """The folder of the model."""
        return self._folder.path

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._model is not None

    @property
    def reads_questions(self) -> bool:
        """Whether questions are read now, by torch or without it."""
        return self.is_loaded or self._questions.has_encoder

    @property
    def window_tokens(self) -> int:
        """Longest input in tokens, with special ones, without the passage prompt."""
        return self._folder.passage_window

    @property
    def token_counter(self) -> TokenCounter:
        """The model's tokenizer, read once: a vocabulary may take a second."""
        return self._folder.token_counter

    @property
    def name(self) -> str:
        """Identity of the model's vectors. Raises LibraryError if it is missing."""
        if not self._name:
            self._name = self._folder.name
        return self._name

    @property
    def batch_tokens(self) -> int:
        """Most tokens of one forward pass."""
        return self._tuning.batch_tokens if self._tuning else DEFAULT_BATCH_TOKENS

    @property
    def number_format(self) -> str:
        """Format of the weights: bfloat16 or float32, "" until it is loaded."""
        return self._tuning.number_format if self._tuning else ""

    @property
    def tuning_json(self) -> str:
        """The EmbedderTuning for the next process; "" until it is loaded."""
        return msgspec.json.encode(self._tuning).decode() if self._tuning else ""

    @property
    def is_multilingual(self) -> bool:
        """Whether texts of one meaning in several languages are near each other."""
        return self._folder.is_multilingual

    @property
    def query_embedder(self) -> QueryEmbedder:
        """The embedder with the prompt of questions."""
        return self._questions

    def check_model(self) -> None:
        """Refuse a folder that can't be used, without loading it. Raises LibraryError."""
        if not self._folder.weights_file.is_file():
            detail = _("it holds no model.safetensors")
            raise LibraryError(
                ErrorCode.EMBEDDER_REFUSED, path=str(self.model_folder), detail=detail
            )
        self._folder.check_folder()

    def load_model(self) -> None:
        """Bring the model into memory; takes seconds. Raises LibraryError if it can't be used."""
        if self._model is not None:
            return
        self._folder.check_folder()
        if not is_whole(self._folder.weights_file):  # told before torch is imported
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self.model_folder))
        # Threads that spin while they wait lose tenfold as soon as another process wants the cores.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
            os.environ.setdefault(name, _KEPT_PRIMITIVES)
        # Only here: the import takes 3 to 8 seconds, and progress is answered before it.
        import_stubs.install_stubs(import_stubs.EMBEDDING_STUBS)
        import torch  # noqa: PLC0415
        from transformers.utils import logging as transformers_logging  # noqa: PLC0415

        transformers_logging.disable_progress_bar()  # it draws into the log, from a thread
        torch.set_num_threads(_threads())
        try:
            model = (
                _packed_model(self._folder)
                if self._folder.is_packed
                else _plain_model(self.model_folder)
            )
        except Exception as error:  # a damaged folder raises whatever its reader raises
            _log.exception("the embedding model can't be loaded")
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self.model_folder)) from error
        model.default_prompt_name = None  # `embed` adds prompts itself, once
        machine = f"{psutil.cpu_count()} torch {torch.__version__}"
        self._tuning = self._remembered_tuning(machine) or _measure(
            model, torch, self.name, machine
        )
        self._model = model.to(getattr(torch, self._tuning.number_format))
        self._questions.release_encoder()

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per passage, in order; one forward pass, so keep it small."""
        return self.embed_prompted(texts, self._folder.prompts[1])

    def embed_few(self, texts: list[str]) -> Vectors:
        """Return what `embed` does, but for rounding, without torch where that is not there."""
        return self._questions.embed_prompted(texts, self._folder.prompts[1])

    def embed_prompted(self, texts: list[str], prompt: str) -> Vectors:
        """Return one unit vector per text with a prompt before it, in order."""
        self.load_model()
        return _encode(self._model, [prompt + text for text in texts] if prompt else texts)

    def token_vectors(self, texts: list[str]) -> list[Vectors]:
        """Return for each text the unit vectors of its tokens, without the special ones."""
        self.load_model()
        found = self._model.encode(
            texts, output_value="token_embeddings", show_progress_bar=False, convert_to_numpy=False
        )
        return [_unit_rows(each[1:-1].float().cpu().numpy()) for each in found]

    def encode_reference(self, texts: Sequence[str]) -> None:
        """Call the library's own `encode` and nothing else: the reference of measurements."""
        self.load_model()
        self._model.encode(list(texts), show_progress_bar=False, convert_to_numpy=True)

    def _remembered_tuning(self, machine: str) -> EmbedderTuning | None:
        try:
            tuning = msgspec.json.decode(self._remembered, type=EmbedderTuning)
        except (msgspec.MsgspecError, json.JSONDecodeError):
            return None
        known = tuning.number_format in {_BFLOAT16, _FLOAT32} and tuning.batch_tokens in _BATCHES
        return tuning if known and (tuning.model, tuning.machine) == (self.name, machine) else None


class _QuestionEmbedder:
    """An embedder with the prompt of questions; reads them without torch until that is there."""

    def __init__(
        self, embedder: SentenceTransformerEmbedder, folder: SentenceTransformersFolder
    ) -> None:
        self._embedder = embedder
        self._folder = folder
        self._encoder: QuestionEncoder | None = None
        self._is_encodable = True

    @property
    def has_encoder(self) -> bool:
        """Whether questions are read without torch; False for a model that only torch reads."""
        return self._opened_encoder() is not None

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per question, in order."""
        return self.embed_prompted(texts, self._folder.prompts[0])

    def embed_prompted(self, texts: list[str], prompt: str) -> Vectors:
        """Return one unit vector per text with a prompt before it, in order."""
        encoder = None if self._embedder.is_loaded else self._opened_encoder()
        if encoder is None:
            return self._embedder.embed_prompted(texts, prompt)
        return encoder.embed([prompt + text for text in texts])

    def release_encoder(self) -> None:
        """Give its memory back: the model is loaded."""
        self._encoder, self._is_encodable = None, False

    def _opened_encoder(self) -> QuestionEncoder | None:
        if self._encoder is None and self._is_encodable:
            try:
                self._folder.check_folder()
                self._encoder = QuestionEncoder(self._folder)
            except (OSError, ValueError, KeyError, TypeError, LibraryError):
                self._is_encodable = False  # whoever loads the model learns why
        return self._encoder


def _plain_model(folder: Path) -> Any:  # noqa: ANN401 - an untyped library
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    return SentenceTransformer(
        str(folder),
        device="cpu",
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True},
    )


def _packed_model(folder: SentenceTransformersFolder) -> Any:  # noqa: ANN401 - untyped
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.base.modules import Normalize  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling  # noqa: PLC0415

    module = packed_transformer(
        folder.path, folder.window_tokens, folder.token_counter.token_ids, torch, transformers
    )
    pooling = Pooling.load(str(folder.path / "1_Pooling"), local_files_only=True)
    return SentenceTransformer(modules=[module, pooling, Normalize()], device="cpu")


def _threads() -> int:
    """Return one for each physical core, and no more than this process may use."""
    usable = os.cpu_count() or 1
    if sys.platform == "linux":
        usable = len(os.sched_getaffinity(0))
    return max(1, min(psutil.cpu_count(logical=False) or usable, usable))


def _encode(model: Any, texts: list[str]) -> Vectors:  # noqa: ANN401 - an untyped library
    vectors = model.encode(
        texts, batch_size=max(1, len(texts)), show_progress_bar=False, convert_to_numpy=True
    )
    plain = np.asarray(vectors, dtype=np.float32)
    # Again, in float32: a length computed in bfloat16 is off by up to 0.4 %.
    return np.asarray(plain / np.linalg.norm(plain, axis=1, keepdims=True), dtype=np.float32)


def _unit_rows(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _measure(model: Any, torch: Any, name: str, machine: str) -> EmbedderTuning:  # noqa: ANN401 - untyped
    """Find the format that is measurably faster with the same vectors, and its best batch."""
    probe = list(_PROBE)
    plain, plain_seconds = _encode(model, probe), _seconds(lambda: _encode(model, probe))
    model.to(torch.bfloat16)
    short, short_seconds = _encode(model, probe), _seconds(lambda: _encode(model, probe))
    cosine = float((plain * short).sum(axis=1).min())
    is_better = cosine > _FAITHFUL_COSINE and short_seconds * _FASTER < plain_seconds
    number_format = _BFLOAT16 if is_better else _FLOAT32
    model.to(getattr(torch, number_format))
    tuning = EmbedderTuning(name, machine, number_format, _best_batch(model))
    _log.info("bfloat16 %.3f s, float32 %.3f s: %s", short_seconds, plain_seconds, tuning)
    return tuning


def _best_batch(model: Any) -> int:  # noqa: ANN401 - an untyped library
    """Return the smallest batch that is nearly as fast as the fastest, of those quick enough."""
    seconds, of_a_text = {}, {}
    for tokens in _BATCHES:
        texts = [_PROBE[n % len(_PROBE)] for n in range(tokens // _PROBE_TOKENS)]
        seconds[tokens] = _seconds(partial(_encode, model, texts))
        of_a_text[tokens] = seconds[tokens] / len(texts)
    quick = [each for each in _BATCHES if seconds[each] < _LONGEST_SECONDS] or [_BATCHES[0]]
    fastest = min(of_a_text[each] for each in quick)
    return next(each for each in quick if of_a_text[each] * _NEARLY_AS_FAST <= fastest)


def _seconds(run: Callable[[], object]) -> float:
    """Return the processor seconds of this thread in the fastest run.

    On a busy machine it waits, which isn't counted, and finds its caches emptied, which is: so it
    runs again until the two fastest agree. The caller has run it once before.
    """
    fewest, most = _ROUNDS
    times: list[float] = []
    while len(times) < fewest or (len(times) < most and not _agree(times)):
        started, runs = time.thread_time(), 0
        while not runs or time.thread_time() - started < _LEAST_SECONDS:
            run()
            runs += 1
        times.append((time.thread_time() - started) / runs)
    return min(times)


def _agree(times: list[float]) -> bool:
    first, second = sorted(times)[:2]
    return second <= first * _AGREEMENT
