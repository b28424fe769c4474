"""Lazy patterns: nothing is compiled before it is used."""

import re
import subprocess
import sys

import pytest

from core.base.lazy_regex import lazy_pattern
from tests.house.sources import ROOT

_OWN_EXPRESSIONS = """
import re, sys
compiled = []
compile_ = re._compile
def watched(expression, flags):
    caller = sys._getframe(1)
    while caller.f_code.co_filename.endswith(("re/__init__.py", "lazy_regex.py")):
        caller = caller.f_back
    compiled.append((caller.f_globals.get("__name__", ""), len(expression)))
    return compile_(expression, flags)
re._compile = watched
import core.app.app
print(*(name for name, length in compiled if length > 300 and name.startswith("core.")))
"""
"""Long expressions of the program's own that an application compiles before it does anything."""


def test_an_expression_can_be_read_without_compiling_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_now = re.compile

    def compile_(expression: str, flags: int) -> re.Pattern[str]:
        compiled.append(expression)
        return compile_now(expression, flags)

    monkeypatch.setattr(re, "compile", compile_)
    either = lazy_pattern("|".join(lazy_pattern(each).pattern for each in ("yes", "no")))
    assert (either.pattern, compiled) == ("yes|no", [])


def test_a_start_compiles_no_long_expression() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _OWN_EXPRESSIONS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not ran.stdout.split()
