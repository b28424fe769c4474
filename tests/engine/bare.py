"""llama.cpp as plainly as it can be used: one prompt, then the likeliest token each time."""

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path

import llama_cpp
import numpy as np

from core.engine.devices.device_list import ensure_backends_loaded
from core.engine.llama.model_vocabulary import Vocabulary

SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
"""What the starter model's template puts first."""


class BareLoop:
    """A model, a context, and nothing else."""

    def __init__(self, path: Path, context: int = 2048, threads: int = 1) -> None:
        ensure_backends_loaded()
        self._model = llama_cpp.llama_model_load_from_file(
            str(path).encode(), llama_cpp.llama_model_default_params()
        )
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = context
        parameters.n_batch = parameters.n_ubatch = 512
        parameters.n_threads = parameters.n_threads_batch = threads
        self._context = llama_cpp.llama_init_from_model(self._model, parameters)
        self.vocabulary = Vocabulary(self._model)

    def greedy(
        self, prompt: Sequence[int], count: int, on_token: Callable[[], None] = lambda: None
    ) -> list[int]:
        """Return up to `count` tokens that follow `prompt`."""
        written: list[int] = []
        self._decode(prompt)
        while len(written) < count:
            row = llama_cpp.llama_get_logits_ith(self._context, -1)
            token = int(np.ctypeslib.as_array(row, shape=(self.vocabulary.size,)).argmax())
            if self.vocabulary.ends_answer(token):
                break
            written.append(token)
            on_token()
            self._decode([token])
        return written

    def _decode(self, tokens: Sequence[int]) -> None:
        for place in range(0, len(tokens), 512):
            part = tokens[place : place + 512]
            array = (ctypes.c_int32 * len(part))(*part)
            batch = llama_cpp.llama_batch_get_one(array, len(part))
            assert llama_cpp.llama_decode(self._context, batch) == 0

    def close(self) -> None:
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)


def smol_prompt(asked: str) -> str:
    """Return the starter model's prompt for a first question."""
    return (
        f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{asked}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )
