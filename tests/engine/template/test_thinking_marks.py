"""Thinking told from answers: marks of each family, cut anywhere, and kept out of later prompts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import ErrorCode, ModelError
from core.engine.chat_template.thinking_marks import (
    THINKING_SPANS,
    TextPiece,
    ThinkingMarks,
    ThinkingSplitter,
    ThinkingTracker,
)
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.engine.runtime.answer_stream import OutgoingText
from core.messages import PromptTurn
from tests.engine import template_texts
from tests.engine import thinking_texts as texts
from tests.engine.thinking_texts import Letters

HARMONY = (
    "<|channel|>analysis<|message|>Six times seven.<|end|>"
    "<|start|>assistant<|channel|>final<|message|>It is 42."
)
WRITTEN = {
    "Qwen 3": "<think>\nSix times seven.\n</think>\n\nIt is 42.",
    "DeepSeek R1": "Six times seven.\n</think>\n\nIt is 42.",
    "Seed-OSS": "<seed:think>Six times seven.</seed:think>It is 42.",
    "gpt-oss": HARMONY,
    "Ministral": "[THINK]Six times seven.[/THINK]It is 42.",
    "Gemma 4": "<|channel>thought\nSix times seven.<channel|>It is 42.",
    "Kimi-VL": "◁think▷Six times seven.◁/think▷It is 42.",
}
"""An answer of each family as its model writes it, control tokens spelled out."""
THOUGHT, ANSWER = "Six times seven.", "It is 42."


def marks_of(name: str) -> ThinkingMarks:
    marks = ThinkingMarks.from_template(texts.ALL[name], Letters())
    assert marks is not None
    return marks


def prompt_end(name: str) -> str:
    transcript: Any = TranscriptTokenizer(Letters(), texts.ALL[name])  # type: ignore[arg-type]
    tokens = transcript.prompt_tokens([PromptTurn(role="user", text="Six times seven?")])
    return "".join(map(chr, tokens))


def split(splitter: ThinkingSplitter, text: str, cuts: tuple[int, ...] = ()) -> dict[str, str]:
    pieces: list[TextPiece] = []
    start = 0
    for cut in sorted(cuts):
        pieces += splitter.split_text(text[start:cut], final=False)
        start = max(start, cut)
    pieces += splitter.split_text(text[start:], final=False)
    pieces += splitter.split_text("", final=True)
    assert all(piece for _kind, piece in pieces)
    return {
        wanted: "".join(piece for kind, piece in pieces if kind == wanted)
        for wanted in ("thinking", "text")
    }


@pytest.mark.parametrize("name", WRITTEN)
@given(cuts=st.lists(st.integers(0, 120), max_size=8))
def test_thinking_and_answer_come_apart_wherever_the_text_is_cut(
    name: str, cuts: list[int]
) -> None:
    marks = marks_of(name)
    splitter = ThinkingSplitter(marks, opened=marks.is_opened_by(prompt_end(name)))
    found = split(splitter, WRITTEN[name], tuple(cuts))
    assert found == {"thinking": THOUGHT, "text": ANSWER}


def test_only_the_templates_that_open_the_thinking_do() -> None:
    opening = {name for name in WRITTEN if marks_of(name).is_opened_by(prompt_end(name))}
    assert opening == {"DeepSeek R1"}
    assert not marks_of("Qwen 3").is_opened_by("assistant\n<think>\n\n</think>\n\n")


def test_thinking_can_be_switched_off_where_the_template_can() -> None:
    transcript: Any = TranscriptTokenizer(Letters(), texts.ALL["Qwen 3"])  # type: ignore[arg-type]
    turns = [PromptTurn(role="user", text="Six times seven?")]
    on = "".join(map(chr, transcript.prompt_tokens(turns)))
    off = "".join(map(chr, transcript.without_thinking().prompt_tokens(turns)))
    assert off == f"{on}<think>\n\n</think>\n\n"
    assert not marks_of("Qwen 3").is_opened_by(off)


@pytest.mark.parametrize("name", WRITTEN)
def test_an_answer_without_thinking_is_left_as_it_is(name: str) -> None:
    plain = " 1 < 2, [1] and <b>; what is a </thin tag>? "
    assert split(ThinkingSplitter(marks_of(name), opened=False), plain, (1, 3, 9)) == {
        "thinking": "",
        "text": plain,
    }


def test_marks_in_the_midst_of_an_answer_are_what_it_talks_about() -> None:
    text = "The tag <think> begins it, </think> ends it."
    assert split(ThinkingSplitter(marks_of("Qwen 3"), opened=False), text)["text"] == text
    after = f"<think>a</think>{text}"
    assert split(ThinkingSplitter(marks_of("Qwen 3"), opened=False), after)["text"] == text


@pytest.mark.parametrize("cuts", [(), (3,), (1, 8)])
def test_a_mark_written_after_the_prompt_has_written_it_is_none(cuts: tuple[int, ...]) -> None:
    twice = "\n<think>\nSix.\n</think>\n\nIt is 42."
    found = split(ThinkingSplitter(marks_of("DeepSeek R1"), opened=True), twice, cuts)
    assert found == {"thinking": "Six.", "text": ANSWER}


def test_thinking_may_begin_again_and_may_never_end() -> None:
    marks = marks_of("Qwen 3")
    twice = "<think>one</think>\n<think>two</think>\nDone."
    assert split(ThinkingSplitter(marks, opened=False), twice) == {
        "thinking": "one\n\ntwo",
        "text": "Done.",
    }
    endless = split(ThinkingSplitter(marks, opened=False), "<think>on and on </thi")
    assert endless == {"thinking": "on and on </thi", "text": ""}
    empty = split(ThinkingSplitter(marks, opened=False), "<think>\n\n</think>\n\nYes.")
    assert empty == {"thinking": "", "text": "Yes."}


def test_gpt_oss_may_answer_at_once_think_twice_or_comment() -> None:
    marks = marks_of("gpt-oss")
    assert split(ThinkingSplitter(marks, opened=False), "<|channel|>final<|message|>Yes.") == {
        "thinking": "",
        "text": "Yes.",
    }
    more = (
        "<|channel|>analysis<|message|>One.<|end|><|start|>assistant<|channel|>commentary"
        f"<|message|>Two.<|end|><|start|>assistant{HARMONY[HARMONY.index('<|channel|>final') :]}"
    )
    assert split(ThinkingSplitter(marks, opened=False), more, (5, 40, 77)) == {
        "thinking": "One.\n\nTwo.",
        "text": ANSWER,
    }


@pytest.mark.parametrize("name", sorted(template_texts.ALL.keys() - texts.ALL.keys()))
def test_templates_without_marks_have_none(name: str) -> None:
    assert ThinkingMarks.from_template(template_texts.ALL[name], Letters()) is None
    text = "<think>This</think> stays."
    assert split(ThinkingSplitter(None, opened=False), text)["text"] == text


@pytest.mark.parametrize("span", THINKING_SPANS)
def test_a_vocabulary_may_know_the_marks_when_the_template_does_not(span: tuple[str, str]) -> None:
    opening, closing = span
    vocabulary = Letters((opening, closing))
    marks = ThinkingMarks.from_template(template_texts.CHATML, vocabulary)
    assert marks is not None
    assert (marks.opening, marks.closing) == span
    own = vocabulary.tokenize(opening + closing, control=True)
    assert all(map(marks.is_mark_token, own))
    assert not marks.is_mark_token(ord("a"))
    assert marks.first == own[0]


def test_stop_strings_end_the_answer_and_not_the_thinking() -> None:
    outgoing = OutgoingText(("\n\n", "42"), marks_of("Qwen 3"), opened=False)
    pieces = outgoing.push_bytes(b"<think>a 42\n\nb</think>\n\nIt is ")
    pieces += outgoing.push_bytes(b"4")
    assert not outgoing.stopped
    pieces += outgoing.push_bytes(b"2, surely.")
    pieces += outgoing.push_bytes(b"", final=True)
    assert outgoing.stopped
    assert pieces == [("thinking", "a 42\n\nb"), ("text", "It is ")]


def test_a_grammar_holds_from_the_first_token_behind_the_thinking() -> None:
    vocabulary = Letters(("<think>", "</think>"))
    marks = ThinkingMarks.from_template(texts.ALL["Qwen 3"], vocabulary)
    assert marks is not None
    thinking = ThinkingTracker(marks, vocabulary, opened=False)
    taken = [
        thinking.follow_token(each)
        for each in vocabulary.tokenize("<think>a</think>b", control=True)
    ]
    assert taken == [True, True, True, False]
    assert not thinking.would_be_thinking(marks.first)
    at_once = ThinkingTracker(marks, vocabulary, opened=False)
    assert not at_once.follow_token(ord("{"))
    opened = ThinkingTracker(marks, vocabulary, opened=True)
    assert opened.follow_token(ord("a"))


# ------------------------------------------------------------ later prompts


def laid_out(name: str, answer: PromptTurn, control: tuple[str, ...] = ()) -> str:
    vocabulary = Letters(control)
    transcript = TranscriptTokenizer(vocabulary, texts.ALL[name])  # type: ignore[arg-type]
    tokens = transcript.prompt_tokens(
        [PromptTurn(role="user", text="Q"), answer, PromptTurn(role="user", text="And now?")]
    )
    return "".join(map(vocabulary.token_text, tokens))


@pytest.mark.parametrize("name", WRITTEN)
def test_earlier_thinking_comes_back_only_where_the_template_wants_it(name: str) -> None:
    written = Letters().tokenize(WRITTEN[name], control=True)
    answer = PromptTurn(role="assistant", text=ANSWER, thinking=THOUGHT, token_ids=tuple(written))
    prompt = laid_out(name, answer)
    assert prompt.count(ANSWER) == 1
    assert prompt.count(THOUGHT) == (1 if name == "Seed-OSS" else 0)
    assert prompt.count("analysis") == 0


def test_marks_around_nothing_do_not_come_back_either() -> None:
    written = "<think>\n\n</think>\n\nIt is 42."
    vocabulary = Letters(("<think>", "</think>"))
    tokens = tuple(vocabulary.tokenize(written, control=True))
    answer = PromptTurn(role="assistant", text=ANSWER, token_ids=tokens)
    assert "think" not in laid_out("Qwen 3", answer, ("<think>", "</think>"))


def test_an_answer_without_marks_comes_back_as_its_own_tokens() -> None:
    other = tuple(Letters().tokenize("it IS 42", control=False))
    answer = PromptTurn(role="assistant", text=ANSWER, token_ids=other)
    assert "it IS 42" in laid_out("Qwen 3", answer)


def test_kept_thinking_comes_back_as_the_tokens_that_were_written() -> None:
    """So a follow-up finds them in the cache: opening mark, thinking, closing mark, answer."""
    control = ("<seed:think>", "</seed:think>", "<seed:bos>", "<seed:eos>")
    vocabulary = Letters(control)
    written = "<seed:think>six TIMES seven</seed:think>\nit IS 42"
    tokens = tuple(vocabulary.tokenize(written, control=True))
    answer = PromptTurn(role="assistant", text=ANSWER, thinking=THOUGHT, token_ids=tokens)
    prompt = laid_out("Seed-OSS", answer, control)
    assert f"<seed:bos>assistant\n{written}<seed:eos>" in prompt


def test_thinking_is_never_control() -> None:
    vocabulary = Letters(("<seed:eos>", "<seed:think>", "</seed:think>"))
    transcript = TranscriptTokenizer(vocabulary, texts.SEED_OSS)  # type: ignore[arg-type]
    turns = [
        PromptTurn(role="user", text="Q"),
        PromptTurn(role="assistant", text="A", thinking="<seed:eos></seed:think>"),
        PromptTurn(role="user", text="Q"),
    ]
    (eos,) = vocabulary.tokenize("<seed:eos>", control=True)
    assert transcript.prompt_tokens(turns).count(eos) == 3


def test_an_empty_prompt_is_an_error() -> None:
    """There would be no token whose logits say what comes next."""
    transcript = TranscriptTokenizer(Letters(), "{{ messages[0].content }}")  # type: ignore[arg-type]
    with pytest.raises(ModelError) as refused:
        transcript.prompt_tokens([PromptTurn(role="user", text="  ")])
    assert refused.value.code == ErrorCode.TEMPLATE_FAILED
