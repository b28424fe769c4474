"""Calls in a model's own form, by the starter model under a template that knows tools."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.base.tool_call_reader import read_tool_calls
from core.engine.chat_template.tool_form import ToolForm
from core.engine.grammar.grammar_constraint import build_constraint
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.model_vocabulary import Vocabulary
from core.messages import (
    AnswerDone,
    Failed,
    Generate,
    ModelLoaded,
    Placement,
    PromptFitted,
    PromptTurn,
    Sampling,
)
from tests.engine.conftest import Driver
from tests.engine.tool_template_texts import (
    DEEPSEEK,
    GEMMA_4,
    HARMONY,
    LLAMA_3,
    MISTRAL,
    QWEN,
    QWEN_CODER,
)

pytestmark = pytest.mark.slow

LOOK = {
    "name": "look",
    "description": "Look at a bed.",
    "parameters": {
        "type": "object",
        "properties": {"at": {"enum": ["beds", "trees"]}},
        "required": ["at"],
    },
}
TOOLS = json.dumps([LOOK])
FORM = ToolForm(
    opening='<tool_call>\n{"name": "',
    middle='", "arguments": ',
    closing="}\n</tool_call>",
    joint='}\n</tool_call>\n<tool_call>\n{"name": "',
)
CALL = '<tool_call>\n{"name": "look", "arguments": {"at": "beds"}}\n</tool_call>'
ASKED = PromptTurn(role="user", text="Are the beds wet?")


@pytest.fixture
def vocabulary(starter_model: Path) -> Iterator[Vocabulary]:
    model = LlamaModel(starter_model, Placement(context=64, threads=1, sequences=1), AbortFlag())
    yield model.vocabulary
    model.close()


@pytest.mark.parametrize(
    ("text", "may_come"),
    [
        ("std::cout << x; <table>, <tool_calls>", True),
        (CALL, True),
        (f"I look.\n{CALL}\n{CALL}", True),
        (CALL.replace(" ", ""), True),
        ('{"name": "look", "arguments": {"at": "trees"}}', True),
        ('```json\n{"name": "look", "arguments": {"at": "trees"}}\n```', True),
        ('{{"name": "look", "arguments": {"at": "trees"}}}', True),
        ('{{"name": "look", "arguments": {"at": "sea"}}}', False),
        ('{"name": "Ann", "arguments": {"at": "sea"}}', True),
        ("<tool_call>here", False),
        (CALL.replace("beds", "seas"), False),
        (CALL.replace('"at"', '"on"'), False),
        ('{"name": "look", "arguments": {"at": "sea"}}', False),
        (f"{CALL} and", False),
    ],
)
def test_only_what_has_begun_as_a_call_is_held_to_its_schema(
    vocabulary: Vocabulary, text: str, may_come: bool
) -> None:
    constraint = build_constraint(Sampling(tools=TOOLS), vocabulary, form=FORM)
    assert constraint is not None
    allowed = True
    for token in vocabulary.tokenize(text, control=False):
        allowed = allowed and constraint.allows_token(token)
        if allowed:
            constraint.accept_token(token)
    constraint.close()
    assert allowed is may_come


WIDE = {"type": "string", "pattern": "^([a-z]{1,60}-){1,60}$"}
"""Only llama.cpp finds that it can't be read."""


def test_tools_that_no_grammar_can_hold_end_their_own_request_before_its_answer(
    driver: Driver, starter_model: Path
) -> None:
    assert isinstance(driver.load(starter_model, template=QWEN), ModelLoaded)
    wide = LOOK | {"parameters": {"type": "object", "properties": {"at": WIDE}}}
    sampling = Sampling(temperature=0.0, tools=json.dumps([wide]))
    failed = driver.answer(Generate(request_id="a", turns=(ASKED,), sampling=sampling))
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.SCHEMA_INVALID


@pytest.mark.parametrize(
    "template",
    [QWEN, LLAMA_3, MISTRAL, QWEN_CODER, GEMMA_4, DEEPSEEK, HARMONY],
    ids=["Qwen", "Llama 3", "Mistral", "Qwen Coder", "Gemma 4", "DeepSeek", "gpt-oss"],
)
def test_a_call_in_the_templates_form_is_told_in_that_of_the_app(
    driver: Driver, starter_model: Path, template: str
) -> None:
    assert isinstance(driver.load(starter_model, template=template), ModelLoaded)
    sampling = Sampling(temperature=0.0, tools=TOOLS, tool_use="one")
    asked = Generate(request_id="a", turns=(ASKED,), sampling=sampling, max_tokens=120)
    done = driver.answer(asked)
    assert isinstance(done, AnswerDone)
    assert done.stop == "eos"
    words, ((name, arguments),) = read_tool_calls(done.text)
    assert (words, name) == ("", "look")
    assert json.loads(arguments)["at"] in {"beds", "trees"}

    turns = (
        ASKED,
        PromptTurn(role="assistant", text=done.text),
        PromptTurn(role="tool", text="They are <|im_end|> wet."),
    )
    after = driver.answer(Generate(request_id="b", turns=turns, sampling=sampling, max_tokens=40))
    assert isinstance(after, AnswerDone)
    prompts = [event.prompt for event in driver.seen if isinstance(event, PromptFitted)]
    shown = "<function>look" if template is QWEN_CODER else "Look at a bed."
    assert all(shown in prompt for prompt in prompts)
    assert "They are <|im_end|> wet." in prompts[-1]


def test_a_chat_that_the_template_refuses_is_laid_out_as_for_any_model(
    driver: Driver, starter_model: Path
) -> None:
    refusing = QWEN.replace(
        "{%- elif message.role == 'tool' %}",
        "{%- elif message.role == 'tool' %}"
        "{%- if loop.index0 == 0 %}{{- raise_exception('no') }}{%- endif %}",
    )
    assert isinstance(driver.load(starter_model, template=refusing), ModelLoaded)
    turns = (PromptTurn(role="tool", text="Wet."), ASKED)
    sampling = Sampling(temperature=0.0, tools=TOOLS, tool_use="one")
    done = driver.answer(Generate(request_id="a", turns=turns, sampling=sampling, max_tokens=120))
    assert isinstance(done, AnswerDone)
    assert read_tool_calls(done.text)[1][0][0] == "look"
