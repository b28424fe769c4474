"""The sampler against llama.cpp's own `llama_sampler_sample`, on the real small model's logits."""

import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest
from msgspec import structs

from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.token_candidates import TopTokens, read_logits
from core.engine.memory.compute_buffers import MAX_OUTPUTS
from core.engine.runtime import sampler_chain
from core.engine.runtime.sampler_chain import (
    SamplerChain,
    build_penalty_chain,
    build_selection_chain,
)
from core.engine.runtime.token_sampler import TokenSampler
from core.messages import Placement, Sampling

TEXT = "The lighthouse keeper lived with his cat by the sea, and the cat lived with the sea. " * 3
"""Its next words come again and again, so that penalties have something to do."""


class Place:
    """A context that has read a text, with the logits of its last tokens."""

    def __init__(self, model: LlamaModel, context: LlamaContext) -> None:
        self.vocabulary = model.vocabulary
        self.handle = context.handle
        tokens = self.vocabulary.tokenize(TEXT, control=False)
        self.first = context.batch.add_tokens(tokens, start=0, sequence=0, outputs=MAX_OUTPUTS)
        context.decode()
        self.places = range(self.first, len(tokens))

    def answer(self, sampling: Sampling, beside: Sequence[int] = (1,)) -> list[int]:
        """Return what is chosen at each place in turn, as when guesses are checked.

        `beside`: how many answers choose from one batch, by turns.
        """
        sampler = TokenSampler(sampling, self.vocabulary)
        try:
            return [
                sampler.choose_token(self.handle, index, choices=beside[number % len(beside)])
                for number, index in enumerate(self.places)
            ]
        finally:
            sampler.close()

    def by_llama_cpp(self, sampling: Sampling) -> list[int]:
        """Return the same by llama.cpp alone: one chain over the whole vocabulary."""
        whole = SamplerChain()
        for part in (
            build_penalty_chain(sampling, self.vocabulary),
            build_selection_chain(sampling, self.vocabulary.size),
        ):
            while len(part):
                whole.add_sampler(llama_cpp.llama_sampler_chain_remove(part.handle, 0))
            part.close()
        sample = llama_cpp.llama_sampler_sample
        chosen = [int(sample(whole.handle, self.handle, index)) for index in self.places]
        whole.close()
        return chosen


@pytest.fixture(scope="module")
def place(starter_model: Path) -> Iterator[Place]:
    flag = AbortFlag()
    model = LlamaModel(starter_model, Placement(context=512, threads=1, sequences=1), flag)
    context = LlamaContext(model, flag)
    yield Place(model, context)
    context.close()
    model.close()


WAYS = {
    "plain": Sampling(repeat_penalty=1.0),
    "penalties and DRY": Sampling(
        temperature=1.0, presence_penalty=0.4, frequency_penalty=0.3, dry_multiplier=0.8
    ),
    "strong penalties": Sampling(temperature=1.2, top_k=100, repeat_penalty=2.0),
    "a penalty that raises": Sampling(presence_penalty=-0.5, repeat_penalty=1.0),
    "greedy, three tokens back": Sampling(temperature=0.0, repeat_penalty=2.0, repeat_last_n=3),
    "tokens of the whole answer": Sampling(temperature=1.0, repeat_penalty=1.5, repeat_last_n=-1),
    "all tokens": Sampling(top_k=0, top_p=0.9, temperature=1.0),
    "typical": Sampling(typical_p=0.7, top_p=1.0, min_p=0.0),
    "one token": Sampling(top_k=1),
    "greedy with penalties": Sampling(temperature=0.0, repeat_penalty=1.5, dry_multiplier=0.8),
    "greedy": Sampling(temperature=0.0, repeat_penalty=1.0),
    "bias": Sampling(logit_bias={"sea": 4.0, "cat": -100.0, "zebra": 9.0}, temperature=1.0),
    "mirostat 1": Sampling(mirostat=1, repeat_penalty=1.0),
    "mirostat 2": Sampling(mirostat=2, mirostat_tau=3.0, mirostat_eta=0.2),
}


@pytest.mark.parametrize("largest", [0, 1 << 20], ids=["by a short list", "by a whole chain"])
@pytest.mark.parametrize("name", WAYS)
def test_each_way_of_choosing_gives_what_llama_cpp_gives(
    place: Place, name: str, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampler_chain, "_SMALL_VOCABULARY", largest)
    answers = set()
    for seed in range(3):
        sampling = structs.replace(WAYS[name], seed=seed)
        chosen = place.answer(sampling)
        assert chosen == place.by_llama_cpp(sampling)
        answers.add(tuple(chosen))
    assert len(answers) == (1 if "greedy" in name or name == "one token" else 3)


@pytest.mark.parametrize("name", WAYS)
def test_how_many_choose_at_once_changes_no_choice(place: Place, name: str) -> None:
    sampling = structs.replace(WAYS[name], seed=1)
    assert place.answer(sampling, beside=(8, 1, 4, 2)) == place.by_llama_cpp(sampling)


def test_a_seed_makes_an_answer_repeatable_and_none_makes_it_new(place: Place) -> None:
    fixed = Sampling(temperature=1.0, seed=7)
    assert place.answer(fixed) == place.answer(fixed)
    drawn = Sampling(temperature=1.5, top_k=0, top_p=1.0, min_p=0.0)
    assert place.answer(drawn) != place.answer(drawn)


def test_the_likeliest_token_is_the_first_of_equals(place: Place) -> None:
    logits = read_logits(place.handle, place.first, place.vocabulary.size)
    kept = logits[[5, 9]].copy()
    logits[[5, 9]] = logits.max() + 1
    sampler = TokenSampler(Sampling(temperature=0.0, repeat_penalty=1.0), place.vocabulary)
    chosen = sampler.choose_token(place.handle, place.first)
    sampler.close()
    logits[[5, 9]] = kept
    assert chosen == 5


def test_logits_that_are_no_numbers_end_no_child(place: Place) -> None:
    logits = read_logits(place.handle, place.first, place.vocabulary.size)
    kept = logits.copy()
    logits[:] = np.nan
    sampler = TokenSampler(Sampling(temperature=0.8, seed=1), place.vocabulary)
    chosen = sampler.choose_token(place.handle, place.first)
    sampler.close()
    logits[:] = kept
    assert 0 <= chosen < place.vocabulary.size


def test_the_default_is_chosen_in_one_call_without_a_list_of_its_own(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TopTokens, "find_tokens", lambda *_arguments: pytest.fail("a list"))
    sampling = Sampling(seed=1)
    assert place.answer(sampling) == place.by_llama_cpp(sampling)


def test_beside_three_others_the_default_is_chosen_from_a_short_list(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama_cpp, "llama_sampler_sample", lambda *_: pytest.fail("one call"))
    assert len(place.answer(Sampling(seed=1), beside=(4, 8))) == len(place.places)


def test_the_short_list_holds_all_that_are_as_good_as_its_bound() -> None:
    logits = np.random.default_rng(1).normal(size=5000).astype(np.float32)
    logits[1000:1400] = 3.0
    best = TopTokens(len(logits))
    found = best.find_tokens(logits, 64)
    assert found is not None
    tokens, bound = found
    assert len(tokens) >= 64
    assert set(tokens) == {n for n in range(5000) if logits[n] >= bound}
    assert best.find_tokens(logits, 1000) is None
    assert TopTokens(100).find_tokens(logits[:100], 10) is None


def test_a_banned_text_is_not_written_with_or_without_a_space(place: Place) -> None:
    free = Sampling(temperature=0.0, repeat_penalty=1.0)
    words = {place.vocabulary.token_bytes(token).decode().strip() for token in place.answer(free)}
    word = max(words, key=len)
    banned = structs.replace(free, logit_bias={word: -100.0})
    assert word not in [
        place.vocabulary.token_bytes(token).decode().strip() for token in place.answer(banned)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("top_k", [1, 3, 40])
def test_a_grammar_gives_the_same_from_the_short_list(
    place: Place, monkeypatch: pytest.MonkeyPatch, top_k: int
) -> None:
    grammar = "root ::= [ a-m]+"
    for seed in range(3):
        held = Sampling(
            grammar=grammar, top_k=top_k, temperature=1.0, dry_multiplier=0.8, seed=seed
        )
        short = place.answer(held)
        with monkeypatch.context() as patch:
            patch.setattr(TopTokens, "find_tokens", lambda *_given: None)
            assert place.answer(held) == short
        text = b"".join(map(place.vocabulary.token_bytes, short)).decode()
        assert set(text) <= set(" abcdefghijklm")


def test_what_is_as_large_as_the_vocabulary_goes_with_the_answer(place: Place) -> None:
    sampler = TokenSampler(Sampling(temperature=0.8, seed=1), place.vocabulary)
    held: tuple[Any, ...] = (sampler._candidates, sampler._best, sampler._all)
    large = [weakref.ref(each) for each in held]
    del held
    sampler.close()
    assert [each() for each in large] == [None, None, None], "jobs are in rings, and stay"
