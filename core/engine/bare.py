"""llama.cpp as plainly as it can be used: what the engine is measured against.

Parameters are llama.cpp's own but for the cache's types, the threads and the devices, which are
the engine's. Nothing is sampled, and no result is looked at that isn't asked for.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from core import gguf
from core.engine.abort import AbortFlag
from core.engine.candidates import Logits, logits_of
from core.engine.compute import BATCH, OUTPUTS
from core.engine.context import Batch
from core.engine.model import Model
from core.engine.native_parameters import CACHE_TYPES, FLASH_ATTENTION
from core.engine.template import DEFAULT_TEMPLATE
from core.engine.transcript import Transcript
from core.errors import Code, ModelError
from core.messages import Placement, PromptTurn

COMPARED = 10
"""Likeliest tokens of a step whose logits are compared: one of them is chosen."""


class BareModel:
    """A model, and the context that was needed last. One thread uses it."""

    def __init__(self, path: Path, placement: Placement) -> None:
        """Raises ModelError."""
        header = gguf.read_header(path)
        self._model = Model(path, placement, AbortFlag())
        self.vocabulary = self._model.vocabulary
        template = header.chat_template or DEFAULT_TEMPLATE
        self._transcript = Transcript(self.vocabulary, template, path.name)
        self._context: BareContext | None = None
        self._sequences = 0

    @property
    def keeps_a_state(self) -> bool:
        """Whether it has recurrent layers."""
        return self._model.keeps_a_state

    def tokens(self, turns: Sequence[PromptTurn]) -> tuple[int, ...]:
        """Return the prompt of `turns`. Raises ModelError(TEMPLATE_FAILED)."""
        return tuple(self._transcript.tokens(turns))

    def context(self, sequences: int = 1) -> "BareContext":
        """Return an empty context for so many sequences. Raises ModelError."""
        if self._context is None or sequences != self._sequences:
            if self._context:
                self._context.close()  # two would take twice the memory
            self._context, self._sequences = None, sequences
            self._context = BareContext(self._model, sequences)
        self._context.clear()
        return self._context

    def close(self) -> None:
        """Free everything."""
        if self._context:
            self._context.close()
        self._model.close()


class BareContext:
    """Cells and a batch. Tokens go in at the end of a sequence; nothing is ever taken back."""

    def __init__(self, model: Model, sequences: int) -> None:
        self._size = model.vocabulary.size
        self._handle: Any = llama_cpp.llama_init_from_model(
            model.handle, _parameters(model.placement, sequences)
        )
        if not self._handle:
            raise ModelError(Code.MODEL_LOAD_FAILED, file=model.path.name)
        self._memory = llama_cpp.llama_get_memory(self._handle)
        self._batch = Batch(BATCH)
        self._held = [0] * sequences

    def clear(self) -> None:
        """Forget everything."""
        llama_cpp.llama_memory_clear(self._memory, False)  # noqa: FBT003 - a C call
        self._held = [0] * len(self._held)

    def read(self, tokens: Sequence[int], sequence: int = 0) -> None:
        """Read tokens into a sequence, with logits for the last."""
        for place in range(0, len(tokens), BATCH):
            part = tokens[place : place + BATCH]
            self._batch.clear()
            self._add(part, sequence, outputs=int(place + len(part) == len(tokens)))
            self._decode()

    def read_together(self, prompts: Sequence[Sequence[int]]) -> None:
        """Read a prompt into each sequence, all in one batch where they fit into one."""
        if sum(map(len, prompts)) > BATCH:
            for sequence, prompt in enumerate(prompts):
                self.read(prompt, sequence)
            return
        self._batch.clear()
        for sequence, prompt in enumerate(prompts):
            self._add(prompt, sequence, outputs=1)
        self._decode()

    def write(self, tokens: Sequence[int]) -> None:
        """Decode one token for each sequence, all in one batch, with logits."""
        self._batch.clear()
        for sequence, token in enumerate(tokens):
            self._add((token,), sequence, outputs=1)
        self._decode()

    def check(self, tokens: Sequence[int]) -> None:
        """Decode tokens of the first sequence in one batch, all of them with logits."""
        self._batch.clear()
        self._add(tokens, 0, outputs=len(tokens))
        self._decode()

    def logits(self, index: int = -1) -> Logits:
        """Return the logits of the batch's token `index`; valid until the next decode."""
        return logits_of(self._handle, index, self._size)

    def _add(self, tokens: Sequence[int], sequence: int, *, outputs: int) -> None:
        held = self._held[sequence]
        self._batch.add(tokens, start=held, sequence=sequence, outputs=outputs)
        self._held[sequence] = held + len(tokens)

    def _decode(self) -> None:
        result = llama_cpp.llama_decode(self._handle, self._batch.native())
        if result != 0:
            raise RuntimeError(f"llama_decode returned {result}")
        llama_cpp.llama_synchronize(self._handle)

    def close(self) -> None:
        """Free the cells."""
        llama_cpp.llama_free(self._handle)


def time_reading(model: BareModel, tokens: Sequence[int]) -> float:
    """Return the seconds that reading takes."""
    context = model.context()
    started = time.perf_counter()
    context.read(tokens)
    return time.perf_counter() - started


def time_writing(model: BareModel, prompt: Sequence[int], count: int, sequences: int) -> float:
    """Return the seconds that writing `count` tokens in each sequence takes, reading left out."""
    context = model.context(sequences)
    for sequence in range(sequences):
        context.read(prompt, sequence)
    tokens = (prompt[-1],) * sequences
    started = time.perf_counter()
    for _ in range(count):
        context.write(tokens)
    return time.perf_counter() - started


def time_checking(
    model: BareModel, prompt: Sequence[int], answer: Sequence[int], size: int
) -> float:
    """Return the seconds that decoding a known answer in batches of `size` takes."""
    context = model.context()
    context.read(prompt)
    started = time.perf_counter()
    for place in range(0, len(answer), size):
        context.check(answer[place : place + size])
    return time.perf_counter() - started


def write_greedily(model: BareModel, prompt: Sequence[int], count: int) -> tuple[int, ...]:
    """Return up to `count` tokens, the likeliest each time; what ends the answer is left out."""
    context = model.context()
    context.read(prompt)
    written: list[int] = []
    while len(written) < count:
        token = int(context.logits().argmax())
        if model.vocabulary.ends(token):
            break
        written.append(token)
        context.write((token,))
    return tuple(written)


def weigh(model: BareModel, tokens: Sequence[int], written: int) -> Logits:
    """Return the logits behind `tokens`, of which the last `written` go in one by one."""
    context = model.context()
    context.read(tokens[: len(tokens) - written])
    for token in tokens[len(tokens) - written :]:
        context.write((token,))
    return context.logits().copy()


def compare_batched(
    model: BareModel, prompts: Sequence[Sequence[int]], answers: Sequence[Sequence[int]]
) -> float:
    """Return the largest difference of a likely token's logit between alone and together.

    Together means the prompts too: how many tokens are evaluated at once decides how attention and
    products are computed, and so the last bits of what the cells hold.
    """
    alone = [
        _likeliest(model, prompt, answer) for prompt, answer in zip(prompts, answers, strict=True)
    ]
    context = model.context(len(prompts))
    context.read_together(prompts)
    largest = 0.0
    for step, tokens in enumerate(zip(*answers, strict=False)):
        context.write(tokens)
        for sequence, kept in enumerate(alone):
            ids, logits = kept[step]
            difference = np.abs(context.logits(sequence)[ids] - logits).max()
            largest = max(largest, float(difference))
    return largest


def _likeliest(
    model: BareModel, prompt: Sequence[int], answer: Sequence[int]
) -> list[tuple[NDArray[np.intp], Logits]]:
    """Return tokens and logits of the likeliest of each step of an answer, decoded alone."""
    context = model.context()
    context.read(prompt)
    kept = []
    for token in answer:
        context.write((token,))
        logits = context.logits()
        count = min(COMPARED, len(logits))
        ids = np.argpartition(logits, -count)[-count:]
        kept.append((ids, logits[ids]))
    return kept


def _parameters(placement: Placement, sequences: int) -> Any:  # noqa: ANN401 - a C structure
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = placement.context
    parameters.n_batch = parameters.n_ubatch = BATCH
    parameters.n_threads = parameters.n_threads_batch = placement.threads
    parameters.n_seq_max = sequences
    parameters.n_outputs_max = OUTPUTS
    parameters.kv_unified = sequences > 1
    parameters.type_k = CACHE_TYPES[placement.cache_keys]
    parameters.type_v = CACHE_TYPES[placement.cache_values]
    parameters.flash_attn_type = FLASH_ATTENTION.get(
        placement.flash_attention, llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO
    )
    return parameters
