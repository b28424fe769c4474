"""Code names: what a statement calls by name stands so in its source, or is not in it."""

import pytest

from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.evidence import Statement
from core.chat.citations.missing_facts import missing_code_names
from core.chat.citations.rule_based_verifier import RuleBasedVerifier
from core.chat.conversations.conversation import Source

MANUAL = (
    "`open_chat(path, mode)` opens a chat. The option --read-only opens it without a lock."
    " `GetTitle(string path)` returns its title. Use git switch to change branches."
)


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ("`open_chat(path, mode)` opens a chat.", set()),
        ("Call open_chat() to open it.", set()),
        ("Use `git switch` to change branches.", set()),
        ("With --read-only it takes no lock.", set()),
        ("`GetSubtitle(string path)` returns its subtitle.", {"getsubtitle"}),
        ("With --no-lock it takes no lock.", {"--no-lock"}),
        ("The function close_chat closes it.", {"close_chat"}),
        ("The titleOfChat is returned.", {"titleofchat"}),
        ("Use `git checkout` to change branches.", {"checkout"}),
        ("The chat (a file) opens at once.", set()),
        ("It returns the title.", set()),
    ],
)
def test_names_of_code_are_looked_for_in_the_source(said: str, lacking: set[str]) -> None:
    assert missing_code_names(said, MANUAL) == lacking


def test_an_invented_function_is_not_supported_by_the_one_beside_it() -> None:
    source = Source(
        n=1, folder_id="f", folder="Docs", file="chats.md", path="chats.md", page=None,
        heading="", text=MANUAL, content_hash="", score=1.0,
    )  # fmt: skip
    verifier = RuleBasedVerifier([source])
    (right,) = verifier.find_evidence(Statement("`GetTitle(string path)` returns its title."))
    (invented,) = verifier.find_evidence(Statement("`GetSize(string path)` returns its title."))
    assert right.supports
    assert invented.finding is RuleFinding.LACKING
    assert not invented.supports
