"""Calls whose arguments are no JSON, or stand in channels: found, held to, and read in pieces."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.tool_call_reader import read_tool_calls
from core.engine.chat_template.template_rendering import render_text
from core.engine.chat_template.thinking_marks import ThinkingMarks, ThinkingSplitter
from core.engine.chat_template.tool_form import (
    HARMONY_FORM,
    ToolForm,
    find_tool_form,
    template_call,
    template_tool,
)
from core.engine.grammar.grammar_check import check_grammar
from core.engine.grammar.grammar_constraint import build_constraint
from core.engine.grammar.own_call_grammar import own_call_grammar
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.model_vocabulary import Vocabulary
from core.engine.runtime.call_translation import CallTranslation
from core.messages import Placement, Sampling
from tests.engine.tool_template_texts import DEEPSEEK, HARMONY, OTHER_ARGUMENTS

VARIABLES = {"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": False}
LOOK = {
    "name": "look",
    "description": "Look.",
    "parameters": {
        "type": "object",
        "properties": {
            "at": {"type": "string"},
            "days": {"type": "integer"},
            "how": {"$ref": "#/$defs/how"},
            "more": {
                "type": "object",
                "properties": {
                    "near": {"type": "array", "items": {"type": "number"}},
                    "wet": {"type": "boolean"},
                },
            },
        },
        "required": ["at", "days"],
        "$defs": {"how": {"enum": ["slowly", "as now"]}},
    },
}
LOOK_UP = {"name": "look_up", "description": "Look up.", "parameters": None}
TOOLS: dict[str, dict[str, Any]] = {"look": LOOK, "look_up": LOOK_UP}
OFFERED = json.dumps([LOOK, LOOK_UP])
GIVEN = {
    "at": 'a\n  "b" <x> ü, ] (y} </p',
    "days": 3,
    "how": "as now",
    "more": {"near": [1, -2.5], "wet": True},
}
CALLS = [("look", json.dumps(GIVEN)), ("look_up", '{"word": "5"}')]


@functools.cache
def form_of(template: str) -> ToolForm:
    form = find_tool_form(
        lambda messages, tools: render_text(template, messages, {**VARIABLES, "tools": tools})
    )
    assert form is not None
    return form


def written(template: str, calls: list[tuple[str, str]]) -> str:
    """Return calls as the template writes them, which is how the model was taught."""
    form = form_of(template)
    made = [template_call(*call, "abc123XYZ", as_text=form.takes_text) for call in calls]
    turns: list[dict[str, object]] = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "", "tool_calls": made},
    ]
    tools = [template_tool(tool) for tool in TOOLS.values()]
    whole = render_text(template, turns, {**VARIABLES, "tools": tools})
    start = whole.index(form.opening + calls[0][0])
    return whole[start : whole.rindex(form.closing) + len(form.closing)]


def translated(form: ToolForm, text: str, size: int) -> str:
    translation = CallTranslation(form, list(TOOLS), tools=TOOLS)
    parts = [translation.translate(text[n : n + size]) for n in range(0, len(text), size)]
    return "".join([*parts, translation.translate("", final=True)])


@pytest.mark.parametrize("size", [1, 2, 5, 17, 10_000])
@pytest.mark.parametrize("name", OTHER_ARGUMENTS)
def test_calls_are_read_whatever_their_pieces_are(name: str, size: int) -> None:
    template = OTHER_ARGUMENTS[name]
    before = "" if name == "Python" else "I <look>. "
    told = translated(form_of(template), before + written(template, CALLS), size)
    words, calls = read_tool_calls(told)
    assert words.strip() == before.strip()
    assert [(called, json.loads(given)) for called, given in calls] == [
        (called, json.loads(given)) for called, given in CALLS
    ]


@pytest.mark.parametrize("name", OTHER_ARGUMENTS)
def test_a_text_is_told_as_it_is_written(name: str) -> None:
    template = OTHER_ARGUMENTS[name]
    text = written(template, CALLS[:1])
    place = text.index("<x>")
    told = CallTranslation(form_of(template), list(TOOLS), tools=TOOLS).translate(text[:place])
    assert told.endswith('{"at": "a\\n  \\"b\\" ')


@pytest.mark.parametrize("name", OTHER_ARGUMENTS)
def test_a_call_without_arguments_is_an_empty_object(name: str) -> None:
    template = OTHER_ARGUMENTS[name]
    text = written(template, [("look_up", "{}")])
    for size in (1, 1000):
        assert read_tool_calls(translated(form_of(template), text, size))[1] == [("look_up", "{}")]


@pytest.mark.parametrize("name", OTHER_ARGUMENTS)
@pytest.mark.parametrize("text", ["", "Yes: {1}", "a < b", "[1, 2]", "[look]", "look(at=1)"])
def test_what_is_no_call_stays_as_it_is(name: str, text: str) -> None:
    for size in (1, 100):
        assert translated(form_of(OTHER_ARGUMENTS[name]), text, size) == text


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_the_first_mark_may_be_left_out(size: int) -> None:
    template = OTHER_ARGUMENTS["Qwen Coder"]
    text = written(template, CALLS).removeprefix("<tool_call>\n")
    words, calls = read_tool_calls(translated(form_of(template), f"So.\n{text}", size))
    assert words.strip() == "So."
    assert [called for called, _given in calls] == ["look", "look_up"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("True", True), ("None", None), ("{'a': [1, True]}", {"a": [1, True]}), ("soon", "soon")],
)
def test_values_of_python_become_those_of_json(value: str, shown: object) -> None:
    form = form_of(OTHER_ARGUMENTS["Qwen Coder"])
    text = f"<tool_call>\n<function=look>\n<parameter=more>\n{value}\n</parameter>\n</function>"
    ((_called, given),) = read_tool_calls(translated(form, text, 3))[1]
    assert json.loads(given) == {"more": shown}


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_text_with_marks_of_its_own_may_stand_in_a_section(size: int) -> None:
    form = form_of(OTHER_ARGUMENTS["Qwen Coder"])
    text = (
        "<tool_call>\n<function=look>\n<parameter=at>\n<![CDATA[<b> ]] </parameter>]]>\n"
        "</parameter>\n<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>"
    )
    ((_called, given),) = read_tool_calls(translated(form, text, size))[1]
    assert json.loads(given) == {"at": "<b> ]] </parameter>", "days": 2}


@pytest.mark.parametrize("quote", ["'", '"'])
def test_escapes_of_python_are_read(quote: str) -> None:
    form = form_of(OTHER_ARGUMENTS["Python"])
    value = r"it\'s \"so\"\n\u00fc \x41 \\ \q"
    text = f"[look(at={quote}{value}{quote}, days=-2, more={{'wet': False, 'near': (1, 2.5)}})]"
    for size in (1, 1000):
        ((_called, given),) = read_tool_calls(translated(form, text, size))[1]
        assert json.loads(given) == {
            "at": 'it\'s "so"\nü A \\ q',
            "days": -2,
            "more": {"wet": False, "near": [1, 2.5]},
        }


def test_a_call_that_is_cut_is_told_up_to_there() -> None:
    for name, template in OTHER_ARGUMENTS.items():
        text = written(template, CALLS[:1])
        for end in range(0, len(text), 11):
            words, calls = read_tool_calls(translated(form_of(template), text[:end], 7))
            assert len(calls) <= 1, name
            assert "b" not in words, name


@pytest.mark.parametrize("name", OTHER_ARGUMENTS)
def test_every_form_is_a_grammar(name: str) -> None:
    form = form_of(OTHER_ARGUMENTS[name])
    for use in ("auto", "auto_one", "required", "one"):
        for begun in ("", *form.start_marks, form.opening.rstrip()):
            check_grammar(own_call_grammar(OFFERED, form, use, begun))


def test_tools_are_described_where_the_template_shows_only_calls() -> None:
    form = form_of(DEEPSEEK)
    assert (form.shows_tools, form.start_mark) == (False, "<calls|begin>")
    told = translated(form, written(DEEPSEEK, CALLS), 3)
    assert [called for called, _given in read_tool_calls(told)[1]] == ["look", "look_up"]


HEADERS = [
    "<|channel|>commentary to=functions.look <|constrain|>json<|message|>",
    "<|channel|>commentary to=functions.look<|message|>",
    " to=functions.look<|channel|>commentary json<|message|>",
    (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary "
        "to=functions.look <|constrain|>json<|message|>"
    ),
    (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant to=functions.look"
        "<|channel|>commentary <|constrain|>json<|message|>"
    ),
]


class _Letters:
    """A vocabulary of letters."""

    def tokenize(self, text: str, *, control: bool) -> list[int]:
        return [ord(letter) for letter in text]

    def token_bytes(self, token: int, *, control: bool = False) -> bytes:
        return chr(token).encode()


def split_harmony(text: str, size: int, callable_names: tuple[str, ...]) -> tuple[str, str]:
    """Return the thinking and the text of an answer of gpt-oss, calls in the app's form."""
    splitter = ThinkingSplitter(ThinkingMarks.from_template(HARMONY, _Letters()), opened=False)
    splitter.callable = frozenset(callable_names)
    translation = CallTranslation(HARMONY_FORM, list(callable_names), tools=TOOLS)
    parts = {"thinking": "", "text": ""}
    for place in range(0, len(text) + size, size):
        pieces = splitter.split_text(text[place : place + size], final=place >= len(text))
        for kind, piece in pieces:
            parts[kind] += translation.translate(piece) if kind == "text" else piece
    return parts["thinking"], parts["text"] + translation.translate("", final=True)


@pytest.mark.parametrize("size", [1, 6, 1000])
@pytest.mark.parametrize("header", HEADERS)
def test_a_call_in_a_channel_is_read_and_thinking_stays_thinking(header: str, size: int) -> None:
    for end in ("", "<|call|>"):
        thinking, text = split_harmony(f'{header}{{"at": "<x> }}"}}{end}', size, ("look",))
        words, calls = read_tool_calls(text)
        assert (words, calls) == ("", [("look", '{"at": "<x> }"}')])
        assert thinking == ("Hm." if "Hm." in header else "")


@pytest.mark.parametrize("size", [1, 1000])
def test_other_channels_and_tools_that_nobody_offered_are_no_calls(size: int) -> None:
    said = (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes"
    )
    assert split_harmony(said, size, ("look",)) == ("Hm.", "Yes")
    called = '<|channel|>commentary to=functions.other <|constrain|>json<|message|>{"a": 1}'
    assert split_harmony(called, size, ("look",))[1] == ""
    assert split_harmony("Tomorrow.", size, ("look",)) == ("", "Tomorrow.")
    assert form_of(HARMONY).opening == "to=functions."


@pytest.fixture(scope="module")
def vocabulary(starter_model: Path) -> Iterator[Vocabulary]:
    model = LlamaModel(starter_model, Placement(context=64, threads=1, sequences=1), AbortFlag())
    yield model.vocabulary
    model.close()


def may_come(vocabulary: Vocabulary, form: ToolForm, text: str) -> bool:
    """Return whether the grammar of calls lets a model write a text, and end there."""
    constraint = build_constraint(Sampling(tools=OFFERED), vocabulary, form=form)
    assert constraint is not None
    tokens = [*vocabulary.tokenize(text, control=False), vocabulary.eos]
    allowed = True
    for token in tokens:
        allowed = allowed and constraint.allows_token(token)
        if allowed and token != vocabulary.eos:
            constraint.accept_token(token)
    constraint.close()
    return allowed


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHER_ARGUMENTS)
def test_what_has_begun_as_a_call_is_held_to_its_schema(vocabulary: Vocabulary, name: str) -> None:
    template = OTHER_ARGUMENTS[name]
    form = form_of(template)
    assert may_come(vocabulary, form, written(template, CALLS[:1]))
    other = json.dumps({**GIVEN, "how": "fast"})
    assert not may_come(vocabulary, form, written(template, [("look", other)]))
    assert not may_come(vocabulary, form, written(template, [("look", '{"at": "x"}')]))


@pytest.mark.slow
def test_a_call_in_a_channel_is_held_to_its_schema(vocabulary: Vocabulary) -> None:
    for header in HEADERS:
        assert may_come(vocabulary, HARMONY_FORM, f'{header}{{"at": "x", "days": 2}}')
    assert not may_come(vocabulary, HARMONY_FORM, f'{HEADERS[0]}{{"on": "x"}}')
    assert not may_come(vocabulary, HARMONY_FORM, f'{HEADERS[3]}{{"at": 1}}')
