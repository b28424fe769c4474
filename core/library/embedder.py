"""The door to sentence_transformers: text to vectors, offline, in the fastest faithful format."""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import psutil

from core.errors import Code, LibraryError

Vectors = npt.NDArray[np.float32]

BATCH_TOKENS = 1024
"""Most tokens of one forward pass. On one core 4 texts of 164 tokens ran as fast as 32 (5,900 to
6,200 tokens/s) and end in under 0.2 s, so that a search never waits long."""
_FAITHFUL_COSINE = 0.999
_FASTER = 1.1
_PROBE = (
    "The tenant bears the cost of small repairs up to 110 euros for each repair. " * 8,
    "def read(path): return [line.strip() for line in open(path)] " * 8,
    "Die Heizung wird einmal im Jahr gewartet, zuletzt am 14. November. " * 8,
    "Valve ECL86; capacitor 50 µF, 350 V; 12 months; error code E18. " * 8,
)
_ALLOWED_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt", ".py")

_log = logging.getLogger(__name__)


class Embeds(Protocol):
    """What a search needs of an embedder."""

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text, in order."""


class Embedder:
    """A sentence-transformers folder, loaded at the first text: the import takes seconds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._model: Any = None
        self._name = ""

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._model is not None

    @property
    def window(self) -> int:
        """Longest input in tokens, special ones included. Raises LibraryError if it is missing."""
        try:
            settings = json.loads((self._folder / "sentence_bert_config.json").read_bytes())
            return int(settings["max_seq_length"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LibraryError(Code.EMBEDDER_MISSING, path=str(self._folder)) from error

    @property
    def name(self) -> str:
        """What tells this model's vectors from another's: folder name, weights' size, window."""
        if not self._name:
            weights = self._folder / "model.safetensors"
            try:
                size = weights.stat().st_size
            except OSError as error:
                raise LibraryError(Code.EMBEDDER_MISSING, path=str(self._folder)) from error
            self._name = f"{self._folder.name}:{size}:{self.window}"
        return self._name

    def load(self) -> None:
        """Bring the model into memory; takes seconds. Raises LibraryError if it can't be used."""
        if self._model is not None:
            return
        _check_folder(self._folder)
        # Threads that spin while they wait lose tenfold as soon as another process wants the cores.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        # Only here: the import takes 4 to 9 seconds, and progress is answered before it.
        import torch  # noqa: PLC0415
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        torch.set_num_threads(psutil.cpu_count(logical=False) or 1)
        try:
            model = SentenceTransformer(
                str(self._folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # a damaged folder raises whatever its reader raises
            _log.exception("the embedding model can't be loaded")
            raise LibraryError(Code.EMBEDDER_MISSING, path=str(self._folder)) from error
        self._model = _fastest(model, torch)

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text, in order; one forward pass, so keep it small."""
        self.load()
        return _encode(self._model, texts)


def _encode(model: Any, texts: list[str]) -> Vectors:  # noqa: ANN401 - an untyped library
    vectors = model.encode(
        texts, batch_size=max(1, len(texts)), show_progress_bar=False, convert_to_numpy=True
    )
    plain = np.asarray(vectors, dtype=np.float32)
    # Again, in float32: a length computed in bfloat16 is off by up to 0.4 %.
    return np.asarray(plain / np.linalg.norm(plain, axis=1, keepdims=True), dtype=np.float32)


def _fastest(model: Any, torch: Any) -> Any:  # noqa: ANN401 - untyped libraries
    """Return the model in bfloat16 where that is measurably faster and says the same."""
    plain, plain_seconds = _probe(model)
    model.to(torch.bfloat16)
    short, short_seconds = _probe(model)
    cosine = float((plain * short).sum(axis=1).min())
    if cosine > _FAITHFUL_COSINE and short_seconds * _FASTER < plain_seconds:
        _log.info("bfloat16: %.3f s against %.3f s", short_seconds, plain_seconds)
        return model
    _log.info("float32: bfloat16 took %.3f s, float32 %.3f s", short_seconds, plain_seconds)
    return model.to(torch.float32)


def _probe(model: Any) -> tuple[Vectors, float]:  # noqa: ANN401 - an untyped library
    _encode(model, list(_PROBE))
    started = time.perf_counter()
    vectors = _encode(model, list(_PROBE))
    return vectors, time.perf_counter() - started


def _check_folder(folder: Path) -> None:
    """Refuse a folder that would run code or read pickles, or lacks its weights."""
    problem = LibraryError(Code.EMBEDDER_MISSING, path=str(folder))
    if not (folder / "model.safetensors").is_file():
        raise problem
    if any(path.suffix in _PICKLES for path in folder.rglob("*")):
        raise problem
    try:
        modules = json.loads((folder / "modules.json").read_bytes())
        names = {str(module["type"]).rpartition(".")[2] for module in modules}
        trusted = all(module["type"].startswith("sentence_transformers.") for module in modules)
        custom = "auto_map" in json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise problem from error
    if not names <= _ALLOWED_MODULES or not trusted or custom:
        raise problem
