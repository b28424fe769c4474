# ruff: noqa: E501 - a template on one line is easier to read than one cut up
"""Chat templates that want to reach out, run on or fill the memory: all fail, with a sentence."""

import itertools
import time
from collections.abc import Callable

import pytest
from jinja2.exceptions import SecurityError

from core.base.errors import ErrorCode, ModelError
from core.engine.chat_template import template_limits
from core.engine.chat_template.template_limits import RenderGuard, check_operands, check_value
from core.engine.chat_template.template_rendering import render_template

CHAT = [("system", "Be brief."), ("user", "First question")]


def lay_out(template: str, clock: Callable[[], float] = time.monotonic) -> None:
    render_template(template, CHAT, {"add_generation_prompt": True}, clock=clock)


HOSTILE = {
    "reaches for a class": "{{ ''.__class__.__mro__ }}",
    "reaches for globals": "{{ cycler.__init__.__globals__ }}",
    "reaches through a method": "{{ messages.append.__self__ }}",
    "formats its way out": "{{ '{0.__class__}'.format(messages) }}",
    "changes the messages": "{{ messages.append(1) }}",
    "changes a message": "{{ messages[0].update({'content': 'x'}) }}",
    "loads another template": "{% include 'x' %}",
    "imports": "{% from 'x' import y %}",
    "extends": "{% extends 'x' %}",
    "repeats a text": "{{ 'x' * 300000000 }}",
    "repeats a text from the left": "{{ 300000000 * 'x' }}",
    "repeats a list": "{{ ([0] * 300000000) | length }}",
    "a large power": "{{ 9 ** 9 ** 9 }}",
    "squares without end": "{% set ns = namespace(n=9) %}{% for i in range(90) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "a large range": "{% for i in range(100000000) %}{% endfor %}",
    "doubles a text": "{% set ns = namespace(t='xx') %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
    "doubles a text by plus": "{% set ns = namespace(t='xx') %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
    "doubles by replace": "{% set ns = namespace(t='xx') %}{% for i in range(60) %}{% set ns.t = ns.t | replace('x', 'xx') %}{% endfor %}",
    "doubles by the method": "{% set ns = namespace(t='xx') %}{% for i in range(60) %}{% set ns.t = ns.t.replace('x', 'xx') %}{% endfor %}",
    "doubles by join": "{% set ns = namespace(t='xx') %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] | join %}{% endfor %}",
    "doubles a list": "{% set ns = namespace(t=[0]) %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
    "nests a list": "{% set ns = namespace(t=[0]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t }}",
    "nests a dictionary": "{% set ns = namespace(t=0) %}{% for i in range(60) %}{% set ns.t = dict(a=ns.t, b=ns.t) %}{% endfor %}{{ ns.t | tojson }}",
    "nests namespaces": "{% set a = namespace() %}{% set a.b = [a, a] %}{{ a }}",
    "prints a namespace": "{% set a = namespace() %}{{ a }}",
    "pads by format": "{{ '%1000000000d' % 1 }}",
    "pads by star": "{{ '%*d' % (1000000000, 1) }}",
    "pads by the method": "{{ '{:1000000000}'.format(1) }}",
    "pads by centre": "{{ 'x'.center(1000000000) }}",
    "pads by zeros": "{{ 'x'.zfill(1000000000) }}",
    "pads by indent": "{{ 'x\ny' | indent(1000000000) }}",
    "pads a date": "{{ strftime_now('%999999999d') }}",
    "pads JSON": "{{ [1] | tojson(indent=1000000000) }}",
    "bytes of a number": "{{ (1).to_bytes(1000000000, 'big') }}",
    "fillers": "{{ lipsum(1000000) }}",
    "a macro without end": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "captures much": "{% set big %}{% for i in range(90000) %}" + "x" * 1000 + "{% endfor %}{% endset %}",
    "joins much": "{{ range(90000) | join('x' * 1000) }}",
    "divides by zero": "{{ 1 // 0 }}",
    "does not parse": "{% for %}",
    "unknown filter": "{{ 1 | pprint }}",
    "raises": "{{ raise_exception('No.') }}",
    "too long": "x" * (65 << 10),
    "nothing": "",
    "forgets the question": "{{ messages | length }}",
    "cuts the question": "{% for m in messages %}{{ m.content[:5] }}{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_templates_fail_with_a_sentence(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        lay_out(HOSTILE[name])
    assert caught.value.code == ErrorCode.TEMPLATE_FAILED
    assert "…" not in caught.value.message


SLOW = {
    "loops in loops": "{% for a in range(9999) %}" * 5 + "{% endfor %}" * 5,
    "loops that pick nothing": "{% for a in range(99999) %}{% for b in range(99999) if b == -1 %}{% endfor %}{% endfor %}",
    "a branching recursion": "{% for x in [[1]] recursive %}{% if loop.depth < 60 %}{{ loop([x]) }}{{ loop([x]) }}{% endif %}{% endfor %}",
    "a branching macro": "{% macro m(n) %}{% if n %}{% set a = m(n - 1) %}{% set b = m(n - 1) %}{% endif %}{% endmacro %}{{ m(60) }}",
    "maps of ranges": "{% for a in range(9999) %}{% set b = range(99999) | map('string') | list | length %}{% endfor %}",
    "calls": "{% for a in range(99999) %}{% set b = 'x'.strip() %}{% endfor %}" * 9,
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_templates_that_run_on_are_stopped_by_the_clock(name: str) -> None:
    """The clock jumps a millisecond at each look: what never looks would run on."""
    looks = itertools.count()
    with pytest.raises(ModelError, match="takes too long"):
        lay_out(SLOW[name], clock=lambda: next(looks) / 1000)


def nested(depth: int) -> list[object]:
    made: list[object] = []
    for _ in range(depth):
        made = [made]
    return made


def test_the_limits_are_where_they_are_said_to_be() -> None:
    check_value(nested(template_limits.MAX_DEPTH - 1))
    with pytest.raises(SecurityError, match="too large"):
        check_value(nested(template_limits.MAX_DEPTH + 1))
    check_operands("**", 10, 8)
    for left, right in ((10, 9), (template_limits.MAX_NUMBER + 1, 2)):
        with pytest.raises(SecurityError, match="too large"):
            check_operands("**", left, right)
    guard = RenderGuard(time.monotonic)
    guard.count_output(template_limits.MAX_OUTPUT)
    with pytest.raises(SecurityError, match="too long"):
        guard.count_output(1)


def test_compiling_is_stopped_by_the_clock() -> None:
    """What runs nothing, and is long to compile: as if each look took a millisecond."""
    template = "{% if a %}{% set b = 1 %}{% endif %}" * 800
    looks = itertools.count()
    with pytest.raises(ModelError) as refused:
        lay_out(template, clock=lambda: next(looks) / 1000)
    assert "too long" in refused.value.facts["detail"]


def test_time_in_which_others_compute_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: 3600.0 * next(hours))
    template = "{% for m in messages %}{{ m.content }}{% endfor %}"
    pieces = render_template(template, CHAT, {})
    assert "".join(piece.text for piece in pieces) == "Be brief.First question"
