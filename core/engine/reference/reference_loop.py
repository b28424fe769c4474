"""Reference loop: llama.cpp used as plainly as possible, to measure the engine against.

Parameters are llama.cpp's own but for the cache's types, the threads and the devices, which are
the engine's. Nothing is sampled, and no result is read that isn't requested.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from core import gguf
from core.base.errors import ErrorCode, ModelError
from core.engine.chat_template.template_rendering import DEFAULT_TEMPLATE
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import TokenBatch
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.llama_parameters import FLASH_ATTENTION, GGML_CACHE_TYPES
from core.engine.llama.token_candidates import Logits, read_logits
from core.engine.memory.compute_buffers import BATCH_TOKENS, MAX_OUTPUTS
from core.messages import Placement, PromptTurn

COMPARED_TOKENS = 10
"""Likeliest tokens of a step whose logits are compared: one of them is chosen."""


class ReferenceModel:
    """A model, and the context that was needed last. One thread uses it."""

    def __init__(self, path: Path, placement: Placement) -> None:
        """Raises ModelError."""
        header = gguf.read_header(path)
        self._model = LlamaModel(path, placement, AbortFlag())
        self.vocabulary = self._model.vocabulary
        template = header.chat_template or DEFAULT_TEMPLATE
        self._transcript = TranscriptTokenizer(self.vocabulary, template, path.name)
        self._context: ReferenceContext | None = None
        self._sequences = 0

    @property
    def is_recurrent(self) -> bool:
        """Whether it has recurrent layers."""
        return self._model.is_recurrent

    def prompt_tokens(self, turns: Sequence[PromptTurn]) -> tuple[int, ...]:
        """Return the prompt of `turns`. Raises ModelError(TEMPLATE_FAILED)."""
        return tuple(self._transcript.prompt_tokens(turns))

    def empty_context(self, sequences: int = 1) -> "ReferenceContext":
        """Return an empty context for so many sequences. Raises ModelError."""
        if self._context is None or sequences != self._sequences:
            if self._context:
                self._context.close()  # two would take twice the memory
            self._context, self._sequences = None, sequences
            self._context = ReferenceContext(self._model, sequences)
        self._context.clear()
        return self._context

    def close(self) -> None:
        """Free everything."""
        if self._context:
            self._context.close()
        self._model.close()


class ReferenceContext:
    """Cells and a batch. Tokens go in at the end of a sequence; nothing is ever taken back."""

    def __init__(self, model: LlamaModel, sequences: int) -> None:
        self._size = model.vocabulary.size
        self._handle: Any = llama_cpp.llama_init_from_model(
            model.handle, _parameters(model.placement, sequences)
        )
        if not self._handle:
            raise ModelError(ErrorCode.MODEL_LOAD_FAILED, file=model.path.name)
        self._memory = llama_cpp.llama_get_memory(self._handle)
        self._batch = TokenBatch(BATCH_TOKENS)
        self._held = [0] * sequences

    def clear(self) -> None:
        """Forget everything."""
        llama_cpp.llama_memory_clear(self._memory, False)  # noqa: FBT003 - a C call
        self._held = [0] * len(self._held)

    def read_tokens(self, tokens: Sequence[int], sequence: int = 0) -> None:
        """Read tokens into a sequence, with logits for the last."""
        for place in range(0, len(tokens), BATCH_TOKENS):
            part = tokens[place : place + BATCH_TOKENS]
            self._batch.clear()
            self._add(part, sequence, outputs=int(place + len(part) == len(tokens)))
            self._decode()

    def read_prompts(self, prompts: Sequence[Sequence[int]]) -> None:
        """Read a prompt into each sequence, all in one batch where they fit into one."""
        if sum(map(len, prompts)) > BATCH_TOKENS:
            for sequence, prompt in enumerate(prompts):
                self.read_tokens(prompt, sequence)
            return
        self._batch.clear()
        for sequence, prompt in enumerate(prompts):
            self._add(prompt, sequence, outputs=1)
        self._decode()

    def write_step(self, tokens: Sequence[int]) -> None:
        """Decode one token for each sequence, all in one batch, with logits."""
        self._batch.clear()
        for sequence, token in enumerate(tokens):
            self._add((token,), sequence, outputs=1)
        self._decode()

    def check_tokens(self, tokens: Sequence[int]) -> None:
        """Decode tokens of the first sequence in one batch, all of them with logits."""
        self._batch.clear()
        self._add(tokens, 0, outputs=len(tokens))
        self._decode()

    def logits(self, index: int = -1) -> Logits:
        """Return the logits of the batch's token `index`; valid until the next decode."""
        return read_logits(self._handle, index, self._size)

    def _add(self, tokens: Sequence[int], sequence: int, *, outputs: int) -> None:
        held = self._held[sequence]
        self._batch.add_tokens(tokens, start=held, sequence=sequence, outputs=outputs)
        self._held[sequence] = held + len(tokens)

    def _decode(self) -> None:
        result = llama_cpp.llama_decode(self._handle, self._batch.native_batch())
        if result != 0:
            raise RuntimeError(f"llama_decode returned {result}")
        llama_cpp.llama_synchronize(self._handle)

    def close(self) -> None:
        """Free the cells."""
        llama_cpp.llama_free(self._handle)


def time_reading(model: ReferenceModel, tokens: Sequence[int]) -> float:
    """Return the seconds that reading takes."""
    context = model.empty_context()
    started = time.perf_counter()
    context.read_tokens(tokens)
    return time.perf_counter() - started


def time_writing(model: ReferenceModel, prompt: Sequence[int], count: int, sequences: int) -> float:
    """Return the seconds that writing `count` tokens in each sequence takes, reading left out."""
    context = model.empty_context(sequences)
    for sequence in range(sequences):
        context.read_tokens(prompt, sequence)
    tokens = (prompt[-1],) * sequences
    started = time.perf_counter()
    for _ in range(count):
        context.write_step(tokens)
    return time.perf_counter() - started


def time_checking(
    model: ReferenceModel, prompt: Sequence[int], answer: Sequence[int], size: int
) -> float:
    """Return the seconds that decoding a known answer in batches of `size` takes."""
    context = model.empty_context()
    context.read_tokens(prompt)
    started = time.perf_counter()
    for place in range(0, len(answer), size):
        context.check_tokens(answer[place : place + size])
    return time.perf_counter() - started


def write_greedily(model: ReferenceModel, prompt: Sequence[int], count: int) -> tuple[int, ...]:
    """Return up to `count` tokens, the likeliest each time; what ends the answer is left out."""
    context = model.empty_context()
    context.read_tokens(prompt)
    written: list[int] = []
    while len(written) < count:
        token = int(context.logits().argmax())
        if model.vocabulary.ends_answer(token):
            break
        written.append(token)
        context.write_step((token,))
    return tuple(written)


def logits_after(model: ReferenceModel, tokens: Sequence[int], written: int) -> Logits:
    """Return the logits behind `tokens`, of which the last `written` go in one by one."""
    context = model.empty_context()
    context.read_tokens(tokens[: len(tokens) - written])
    for token in tokens[len(tokens) - written :]:
        context.write_step((token,))
    return context.logits().copy()


def measure_batch_noise(
    model: ReferenceModel, prompts: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]
) -> float:
    """Return the largest difference of a likely token's logit between alone and together.

    Together means the prompts too: how many tokens are evaluated at once decides how attention and
    products are computed, and so the last bits of what is cached.
    """
    alone = [
        _likeliest(model, prompt, answer) for prompt, answer in zip(prompts, answers, strict=True)
    ]
    context = model.empty_context(len(prompts))
    context.read_prompts(prompts)
    largest = 0.0
    for step, tokens in enumerate(zip(*answers, strict=False)):
        context.write_step(tokens)
        for sequence, likeliest in enumerate(alone):
            ids, logits = likeliest[step]
            difference = np.abs(context.logits(sequence)[ids] - logits).max()
            largest = max(largest, float(difference))
    return largest


def _likeliest(
    model: ReferenceModel, prompt: Sequence[int], answer: Sequence[int]
) -> list[tuple[NDArray[np.intp], Logits]]:
    """Return tokens and logits of the likeliest of each step of an answer, decoded alone."""
    context = model.empty_context()
    context.read_tokens(prompt)
    found = []
    for token in answer:
        context.write_step((token,))
        logits = context.logits()
        count = min(COMPARED_TOKENS, len(logits))
        ids = np.argpartition(logits, -count)[-count:]
        found.append((ids, logits[ids]))
    return found


def _parameters(placement: Placement, sequences: int) -> Any:  # noqa: ANN401 - a C structure
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = placement.context
    parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
    parameters.n_threads = parameters.n_threads_batch = placement.threads
    parameters.n_seq_max = sequences
    parameters.n_outputs_max = MAX_OUTPUTS
    parameters.kv_unified = sequences > 1
    parameters.type_k = GGML_CACHE_TYPES[placement.cache_keys]
    parameters.type_v = GGML_CACHE_TYPES[placement.cache_values]
    parameters.flash_attn_type = FLASH_ATTENTION.get(
        placement.flash_attention, llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO
    )
    return parameters
