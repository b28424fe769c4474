"""Prompts are kept by their commands, and their variables filled when they are used."""

from functools import partial

import pytest

from core.base.paths import Paths
from core.chat.conversations.chat_style import ExampleExchange
from core.chat.prompts.prompt_library import Prompt, prompt_command, shipped_prompts
from core.chat.prompts.prompt_variables import (
    CLIPBOARD,
    DATE,
    INPUT,
    SELECTION,
    fill_variables,
    variable_names,
)
from core.chat.store.chat_database import ChatDatabase


def test_own_prompts_stand_beside_those_that_ship(chats: ChatDatabase) -> None:
    own = chats.prompts.save_prompt(
        Prompt(name="Letter", command="", text="Dear {{name}}", system="Be kind.", preset="precise")
    )
    assert own.command == "letter"
    assert own.prompt_id
    assert {prompt.command for prompt in chats.prompts.list_prompts()} >= {
        "letter",
        *(prompt.command for prompt in shipped_prompts()),
    }
    chats.prompts.remove_prompt(own.prompt_id)
    assert (
        tuple(sorted(shipped_prompts(), key=lambda each: each.command))
        == chats.prompts.list_prompts()
    )


def test_an_own_prompt_hides_the_one_that_ships(chats: ChatDatabase) -> None:
    chats.prompts.save_prompt(
        Prompt(name="My summary", command="summarise", text="Briefly: {{input}}")
    )
    (found,) = [each for each in chats.prompts.list_prompts() if each.command == "summarise"]
    assert found.name == "My summary"


def test_a_command_belongs_to_one_prompt(chats: ChatDatabase) -> None:
    first = chats.prompts.save_prompt(Prompt(name="a", command="letter"))
    second = chats.prompts.save_prompt(Prompt(name="b", command="/Letter"))
    assert (first.command, second.command) == ("letter", "letter-2")
    again = chats.prompts.save_prompt(second)
    assert again == second


def test_prompts_outlive_a_restart_with_all_they_hold(root: Paths) -> None:
    prompt = Prompt(
        name="n",
        command="c",
        text="t",
        system="s",
        examples=(ExampleExchange(question="q", answer="a"),),
    )
    chats = ChatDatabase(root.chats, root.backups)
    kept = chats.prompts.save_prompt(prompt)
    chats.close()
    chats = ChatDatabase(root.chats, root.backups)
    assert kept in chats.prompts.list_prompts()
    assert kept.chat_style == prompt.chat_style
    chats.close()


@pytest.mark.parametrize(
    ("words", "command"),
    [("/My Letter!", "my-letter"), ("Grüße", "grüße"), ("  ", "prompt"), ("a" * 99, "a" * 32)],
)
def test_commands_are_words(words: str, command: str) -> None:
    assert prompt_command(words) == command


def test_values_are_asked_for_only_if_they_are_needed() -> None:
    asked: list[str] = []

    def value(name: str) -> str:
        asked.append(name)
        return f"<{name}>"

    names = (SELECTION, CLIPBOARD, DATE)
    values = {name: partial(value, name) for name in names}
    assert fill_variables("On {{date}} and {{ Date }}: {{selection}}", values).text == (
        "On <date> and <date>: <selection>"
    )
    assert asked == ["date", "selection"]


def test_what_is_put_in_is_not_looked_at_again() -> None:
    values = {CLIPBOARD: lambda: "{{selection}} {{clipboard}}", SELECTION: lambda: "secret"}
    assert fill_variables("{{clipboard}}", values).text == "{{selection}} {{clipboard}}"


def test_the_first_variable_that_is_left_is_to_be_filled_by_the_person() -> None:
    filled = fill_variables("Into {{language}} by {{date}}: {{tone}}", {DATE: lambda: "today"})
    assert filled.text == "Into {{language}} by today: {{tone}}"
    assert filled.gap is not None
    assert filled.text[slice(*filled.gap)] == "{{language}}"
    empty = fill_variables("Sum up {{selection}}", {SELECTION: lambda: ""})
    assert empty.gap is not None
    assert empty.text[slice(*empty.gap)] == "{{selection}}"


def test_what_is_typed_behind_a_command_has_its_place() -> None:
    values = {INPUT: lambda: "hello"}
    assert fill_variables("Translate {{input}} now", values).text == "Translate hello now"
    assert fill_variables("Translate", values).text == "Translate\n\nhello"
    assert fill_variables("", values).text == "hello"
    assert variable_names("{{a}} {{A}} {{b c}} {{1}} {d}") == ("a", "b c")
