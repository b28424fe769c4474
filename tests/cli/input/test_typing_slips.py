"""Typing slips: words without quotes are one text, a mistyped command is told what is near it."""

import pytest

from core.cli.argument_parser import build_parser
from core.cli.main import main


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (["ask", "what", "is the", "rent?"], "question"),
        (["search", "-k", "3", "what", "is the", "rent?"], "query"),
        (["chat", "search", "what", "is the", "rent?"], "query"),
    ],
)
def test_quotes_may_be_left_out(typed: list[str], name: str) -> None:

    options = build_parser(None, typed).parse_args(typed)
    assert getattr(options, name) == "what is the rent?"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["aks", "hi"], "there is no “aks”, perhaps you mean “ask”"),
        (["folder", "addd", "x"], "there is no “addd”, perhaps you mean “add”"),
        (["pack", "xyz"], "there is no “xyz”; what there is: list, "),
    ],
)
def test_a_mistyped_command_is_told_what_is_near_it(
    typed: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed) == 2
    assert said in capsys.readouterr().err


def test_an_empty_word_is_no_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", ""]) == 2
    assert "it is empty" in capsys.readouterr().err
