"""Model folder of sentence-transformers: settings read and code refused before loading.

Such a folder can name classes to import, contain Python files, or weights as pickles, all of which
run code (sentence-transformers issues 3683, 3801, 3804): a folder that does is refused.
"""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.library.embedding.packed_weights import is_packed
from core.library.text.embedder_token_counter import (
    EmbedderTokenCounter,
    shared_token_counter,
)

_ALLOWED_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})
_RUNS_CODE = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".py", ".pyc", ".so"})
_MAX_BYTES = 64 * 1024 * 1024
"""Largest JSON file that is read; the vocabulary of a multilingual model takes 17 MB."""
_MIN_WINDOW = 64
"""Tokens; a model that reads less at once is refused."""
_MULTILINGUAL_WORDS = 100_000
"""Pieces of a vocabulary: models of one language have 30,000 to 60,000, multilingual ones 105,000
to 500,000."""
_ENDLESS = 1_000_000
"""tokenizer_config.json has 10^30 for a model without a limit."""
_FAMILIES = (
    ("e5", "instruct", "", ""),
    ("e5", "", "query: ", "passage: "),
    ("nomic", "", "search_query: ", "search_document: "),
    ("bge", "m3", "", ""),
    ("bge", "zh", "为这个句子生成表示以用于检索相关文章：", ""),
    ("bge", "", "Represent this sentence for searching relevant passages: ", ""),
    ("arctic-embed", "", "Represent this sentence for searching relevant passages: ", ""),
    ("mxbai-embed", "", "Represent this sentence for searching relevant passages: ", ""),
)
"""Families by parts of their name, with the prompts before a question and before a passage that
they were trained with, from their model cards. The prompts of a folder itself take precedence."""


class SentenceTransformersFolder:
    """One folder. Everything raises LibraryError with the reason if it can't be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._counter: EmbedderTokenCounter | None = None

    @property
    def token_counter(self) -> EmbedderTokenCounter:
        """The model's tokenizer, read once: a vocabulary of 250,000 pieces takes half a second."""
        self._counter = self._counter or shared_token_counter(self.path)
        return self._counter

    @property
    def is_multilingual(self) -> bool:
        """Whether it was made for many languages, as its vocabulary tells; False if it has none."""
        try:
            words = self.read_settings("config.json").get("vocab_size")
        except LibraryError:
            return False
        return isinstance(words, int) and words >= _MULTILINGUAL_WORDS

    @property
    def is_packed(self) -> bool:
        """Whether its matrices are in blocks of 4 bits."""
        return is_packed(self.weights_file)

    @property
    def weights_file(self) -> Path:
        """Path of the weights, as safetensors."""
        return self.path / "model.safetensors"

    @property
    def name(self) -> str:
        """Identity of the vectors: folder name, size of weights, window, hash of the prompt."""
        try:
            size = self.weights_file.stat().st_size
        except OSError as error:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self.path)) from error
        prompt = self.prompts[1]
        mark = f":{hashlib.blake2b(prompt.encode(), digest_size=4).hexdigest()}" if prompt else ""
        return f"{self.path.name}:{size}:{self.window_tokens}{mark}"

    @property
    def window_tokens(self) -> int:
        """Longest input in tokens, special ones included."""
        config = self.read_settings("config.json")
        positions = config.get("max_position_embeddings")
        if "roberta" in str(config.get("model_type")) and isinstance(positions, int):
            positions -= 2  # they count from the padding's index on
        limits = [
            self.read_settings("sentence_bert_config.json").get("max_seq_length"),
            positions,
            self.read_settings("tokenizer_config.json").get("model_max_length"),
        ]
        whole = [int(each) for each in limits if isinstance(each, int | float) and each < _ENDLESS]
        if not whole:
            raise self._refused(_("it doesn't say how much it reads at once"))
        return min(whole)

    @cached_property
    def prompts(self) -> tuple[str, str]:
        """Prompts before a question and before a passage, "" for none."""
        own = self.read_settings("config_sentence_transformers.json").get("prompts")
        if isinstance(own, dict) and any(own.values()):
            passage = next(
                (own[key] for key in ("document", "passage", "corpus") if key in own), ""
            )
            return str(own.get("query") or ""), str(passage or "")
        names = (
            f"{self.path.name} {self.read_settings('config.json').get('_name_or_path', '')}".lower()
        )
        for family, kind, question, passage in _FAMILIES:
            if family in names and kind in names:
                return question, passage
        return "", ""

    @property
    def passage_window(self) -> int:
        """The window without the passage prompt: the tokens left for a title and a passage."""
        prompt = self.prompts[1]
        return self.window_tokens - (self.token_counter.count_tokens(prompt) if prompt else 0)

    def check_folder(self) -> None:
        """Refuse a folder that would run code or read pickles, or lacks a part."""
        if not self.weights_file.is_file():
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self.path))
        for path in self.path.rglob("*"):
            if path.suffix.lower() in _RUNS_CODE:
                raise self._refused(_("it holds {file}, which can run code").format(file=path.name))
        self._check_modules()
        for name in ("config.json", "tokenizer_config.json"):
            if "auto_map" in self.read_settings(name):
                raise self._refused(_("{file} names code to be run").format(file=name))
        if self.token_counter and self.passage_window < _MIN_WINDOW:
            raise self._refused(_("it doesn't say how much it reads at once"))

    def _check_modules(self) -> None:
        modules = self._read("modules.json")
        if not isinstance(modules, list) or not modules:
            raise self._refused(_("modules.json is missing or damaged"))
        for module in modules:
            kind = module.get("type") if isinstance(module, dict) else None
            package, _dot, last = str(kind).rpartition(".")
            if not package.startswith("sentence_transformers.") or last not in _ALLOWED_MODULES:
                raise self._refused(_("it needs the module {module}").format(module=kind))

    def read_settings(self, name: str) -> dict[str, Any]:
        """Return a JSON object of a file in the folder, an empty one if there is no such file."""
        content = self._read(name)
        return cast("dict[str, Any]", content) if isinstance(content, dict) else {}

    def _read(self, name: str) -> object:
        path = self.path / name
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise ValueError("too long")
            return json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise self._refused(_("{file} is damaged").format(file=name)) from error

    def _refused(self, detail: str) -> LibraryError:
        if not self.path.is_dir():
            return LibraryError(ErrorCode.EMBEDDER_MISSING, path=str(self.path))
        return LibraryError(ErrorCode.EMBEDDER_REFUSED, path=str(self.path), detail=detail)
