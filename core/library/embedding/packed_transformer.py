"""Packed transformer: the first module of a sentence-transformers model whose weights are packed.

The table of words, four fifths of a multilingual model, stays packed, and only the rows of the
words at hand are unpacked: 54 MB of memory in place of 384. The layers are unpacked at the start.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from core.library.embedding.packed_weights import (
    BLOCK_BYTES,
    read_packed_tensors,
    unpack_matrix,
)

_WORDS = "embeddings.word_embeddings.weight"
_PAD = 1


Tokenize: TypeAlias = Callable[[list[str]], list[list[int]]]
"""Returns the tokens of each text, special ones included, however long it is."""


def packed_transformer(
    folder: Path,
    window: int,
    tokenize: Tokenize,
    torch: Any,  # noqa: ANN401 - an untyped library, imported by the caller
    transformers: Any,  # noqa: ANN401 - the same
) -> Any:  # noqa: ANN401 - a torch module
    """Return the module, which reads `window` tokens of a text at most.

    Raises OSError or ValueError for a damaged folder, RuntimeError for weights of another model.
    """
    tensors = read_packed_tensors(folder / "model.safetensors")
    words = tensors.pop(_WORDS)
    config = transformers.AutoConfig.from_pretrained(str(folder), local_files_only=True)
    config.vocab_size = config.pad_token_id + 1  # the table is put in below
    model = transformers.AutoModel.from_config(config)
    model.pooler = None
    state = {
        name: torch.from_numpy(
            unpack_matrix(tensor) if tensor.dtype == np.uint8 else tensor.astype(np.float32)
        )
        for name, tensor in tensors.items()
    }
    state[_WORDS] = model.embeddings.word_embeddings.weight
    model.load_state_dict(state)
    model.embeddings.word_embeddings = _word_table(torch, words, model.embeddings.LayerNorm)
    return _module(torch, model.eval(), tokenize, window)


def _word_table(torch: Any, words: Any, norm: Any) -> Any:  # noqa: ANN401 - untyped
    """Return an embedding layer over packed rows; its format is that of the layer after it."""

    class WordTable(torch.nn.Module):  # type: ignore[misc]
        def forward(self, ids: Any) -> Any:  # noqa: ANN401 - untyped
            rows = torch.from_numpy(words[ids.numpy()])  # `words` is mapped from its file
            blocks = rows.unflatten(-1, (-1, BLOCK_BYTES))
            scales = blocks[..., :2].contiguous().view(torch.float16).float()
            halves = blocks[..., 2:]
            weights = torch.cat((halves & 15, halves >> 4), dim=-1).float() - 8
            return (weights * scales).flatten(-2).to(norm.weight.dtype)

    return WordTable()


def _module(torch: Any, model: Any, tokenize: Tokenize, window: int) -> Any:  # noqa: ANN401 - untyped
    """Return what sentence_transformers calls as the first module of a model."""

    class PackedTransformer(torch.nn.Module):  # type: ignore[misc]
        max_seq_length = window

        def __init__(self) -> None:
            super().__init__()
            self.auto_model = model

        def preprocess(self, inputs: list[str], prompt: str | None = None, **_rest: Any) -> Any:  # noqa: ANN401
            found = tokenize([f"{prompt or ''}{text}" for text in inputs])
            rows = [ids if len(ids) <= window else [*ids[: window - 1], ids[-1]] for ids in found]
            shape = len(rows), max(map(len, rows))
            ids = torch.full(shape, _PAD)
            mask = torch.zeros(shape, dtype=torch.long)
            for place, row in enumerate(rows):
                ids[place, : len(row)] = torch.tensor(row)
                mask[place, : len(row)] = 1
            return {"input_ids": ids, "attention_mask": mask}

        def forward(self, features: dict[str, Any], **_rest: Any) -> dict[str, Any]:  # noqa: ANN401
            read = model(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
            return {**features, "token_embeddings": read.last_hidden_state}

    return PackedTransformer()
