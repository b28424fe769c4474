"""Answers of the real small model held to grammars, schemas, stop strings and biases."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.engine.grammar.grammar_constraint import STEP_SECONDS, build_constraint
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.model_vocabulary import Vocabulary
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Failed,
    Generate,
    Placement,
    PromptTurn,
    Sampling,
)
from tests.engine.conftest import Driver

pytestmark = pytest.mark.slow

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 30},
        "rating": {"type": "integer", "minimum": 1, "maximum": 5},
        "tags": {"type": "array", "items": {"enum": ["old", "new"]}, "minItems": 1, "maxItems": 2},
        "note": {"type": ["string", "null"], "maxLength": 10},
    },
    "required": ["city", "rating", "tags"],
}


def asked(
    sampling: Sampling, text: str = "Tell me about Paris.", max_tokens: int = 120
) -> Generate:
    return Generate(
        request_id=f"r{hash(sampling.grammar + sampling.json_schema + str(sampling.seed))}",
        turns=(PromptTurn(role="user", text=text, plain=text),),
        sampling=sampling,
        max_tokens=max_tokens,
    )


def test_a_schema_gives_json_that_obeys_it(loaded: Driver) -> None:
    schema = json.dumps(SCHEMA)
    for sampling in (GREEDY, Sampling(temperature=1.5, seed=3), Sampling(mirostat=2, seed=4)):
        done = loaded.answer(asked(structs.replace(sampling, json_schema=schema)))
        assert isinstance(done, AnswerDone)
        assert done.stop == "eos"
        found = json.loads(done.text)
        assert list(found)[:3] == ["city", "rating", "tags"]
        assert found["rating"] in range(1, 6)
        assert set(found["tags"]) <= {"old", "new"}
        assert 1 <= len(found["tags"]) <= 2
        assert len(found["city"]) <= 30


def test_a_grammar_leaves_only_its_own_texts(loaded: Driver) -> None:
    grammar = 'root ::= ("yes" | "no") ", because " [a-z ]{5,40} "."'
    done = loaded.answer(asked(structs.replace(GREEDY, grammar=grammar), "Is the sea wet?"))
    assert isinstance(done, AnswerDone)
    first, _, rest = done.text.partition(", because ")
    assert first in {"yes", "no"}
    assert rest.endswith(".")
    assert 5 <= len(rest) - 1 <= 40


BAD = (
    (Sampling(grammar='root ::= ("a"'), ErrorCode.GRAMMAR_INVALID),
    (
        Sampling(grammar='root ::= "\\q"'),
        ErrorCode.GRAMMAR_INVALID,
    ),  # only llama.cpp finds this one
    (Sampling(json_schema="{"), ErrorCode.SCHEMA_INVALID),
    (Sampling(json_schema='{"not": {}}'), ErrorCode.SCHEMA_INVALID),
    (Sampling(grammar='root ::= "a" "\\x00" "b"', temperature=0), ErrorCode.GRAMMAR_STUCK),
)


def test_a_bad_grammar_ends_one_answer_in_words(loaded: Driver) -> None:
    for sampling, code in BAD:
        failed = loaded.answer(asked(sampling))
        assert isinstance(failed, Failed)
        assert failed.code == code
        assert failed.facts["detail"]
    after = loaded.answer(asked(GREEDY, max_tokens=3))
    assert isinstance(after, AnswerDone)
    assert after.text


def test_stop_strings_of_the_request_are_not_shown(loaded: Driver) -> None:
    free = loaded.answer(asked(GREEDY))
    assert isinstance(free, AnswerDone)
    word = free.text.split()[8]
    before = len(loaded.seen)
    stopped = loaded.answer(asked(structs.replace(GREEDY, stop=(word, "\u2603"), seed=1)))
    assert isinstance(stopped, AnswerDone)
    assert (stopped.stop, stopped.text) == ("stop", free.text.partition(word)[0])
    shown = [event.text for event in loaded.seen[before:] if isinstance(event, AnswerChunk)]
    assert "".join(shown) == stopped.text


CALL = '<tool_call>\n{"name": "look", "arguments": {"at": {"x": 1}}}\n</tool_call>'
PLACE = {"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]}
LOOK = {
    "name": "look",
    "parameters": {
        "type": "object",
        "properties": {"at": {"$ref": "#/$defs/Place"}},
        "required": ["at"],
        "$defs": {"Place": PLACE},
    },
}


@pytest.mark.parametrize(
    ("text", "may_come"),
    [
        ("std::cout << x; 1 <<< 2", True),
        ("<table><tr><td>a</td></tr></table>", True),
        ("<title>, <t, <tool, <tool_calls>, <tool_call", True),
        (CALL, True),
        (f"<<tool_{CALL}", True),
        (f"I look. {CALL}\n{CALL}", True),
        ("<tool_call>here", False),
        ("<tool_<tool_call> ", False),
        (CALL.replace("1", '"one"'), False),
        (f"{CALL} and", False),
    ],
)
def test_texts_beside_tools_hold_all_but_a_call_s_mark(
    vocabulary: Vocabulary, text: str, may_come: bool
) -> None:
    constraint = build_constraint(Sampling(tools=json.dumps([LOOK])), vocabulary)
    assert constraint is not None
    allowed = True
    for token in vocabulary.tokenize(text, control=False):
        allowed = allowed and constraint.allows_token(token)
        if allowed:
            constraint.accept_token(token)
    constraint.close()
    assert allowed is may_come


@pytest.fixture
def vocabulary(starter_model: Path) -> Iterator[Vocabulary]:
    model = LlamaModel(starter_model, Placement(context=64, threads=1, sequences=1), AbortFlag())
    yield model.vocabulary
    model.close()


def test_ways_that_double_with_each_token_end_the_answer(vocabulary: Vocabulary) -> None:
    doubling = Sampling(grammar='root ::= "a" root "b" | "a" root "c" | ""')
    times = iter([0.0, 0.1, 0.2, STEP_SECONDS + 0.3])
    constraint = build_constraint(doubling, vocabulary, clock=lambda: next(times))
    assert constraint is not None
    (token,) = vocabulary.tokenize("a", control=False)
    assert constraint.allows_token(token)
    with pytest.raises(ModelError, match="too many ways"):
        constraint.accept_token(token)
    constraint.close()
