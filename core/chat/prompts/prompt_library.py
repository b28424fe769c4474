"""Prompt library: the person's saved prompts and the ones that ship, by command."""

from collections.abc import Iterable

import apsw
import msgspec
import uuid_utils
from msgspec import Struct, structs

from core.base.database import Migration, transaction
from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.chat_style import ChatStyle, ExampleExchange

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-prompts",
        """
        CREATE TABLE prompts (
            prompt_id TEXT PRIMARY KEY,
            command TEXT NOT NULL UNIQUE,
            value TEXT NOT NULL
        ) STRICT;
        """,
    ),
)
_NOT_COMMAND = lazy_pattern(r"[^\w-]+")
LONGEST_COMMAND = 32


class Prompt(Struct, frozen=True, kw_only=True):
    """One prompt: text to send, and a style for the chat it is used in.

    `command` is what is typed after "/"; `prompt_id` is "" for a prompt that ships with the app.
    """

    name: str
    command: str
    text: str = ""
    system: str = ""
    examples: tuple[ExampleExchange, ...] = ()
    preset: str = ""
    prompt_id: str = ""

    @property
    def chat_style(self) -> ChatStyle:
        """The style that it gives to a chat."""
        return ChatStyle(system=self.system, examples=self.examples, preset=self.preset)

    @property
    def has_chat_style(self) -> bool:
        """Whether it sets the style of the chat that it is used in."""
        return self.chat_style != ChatStyle()


class PromptLibrary:
    """Part of `ChatDatabase`, on its thread; each call is one transaction."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def list_prompts(self) -> tuple[Prompt, ...]:
        """Return the person's prompts and those that ship, by command; the person's come first.

        A damaged one is left out.
        """
        found = {prompt.command: prompt for prompt in shipped_prompts()}
        rows: Iterable[tuple[str, bytes]] = self._db.execute(
            "SELECT prompt_id, CAST(value AS BLOB) FROM prompts"  # may be no UTF-8 any more
        )
        for prompt_id, value in rows:
            try:
                prompt = msgspec.json.decode(value, type=Prompt)
            except ValueError:  # of msgspec, or of the text
                continue
            found[prompt.command] = structs.replace(prompt, prompt_id=prompt_id)
        return tuple(found[command] for command in sorted(found))

    def save_prompt(self, prompt: Prompt) -> Prompt:
        """Save a prompt, with an id if it has none; a command that is taken gets a number."""
        taken = {each.command for each in self._own() if each.prompt_id != prompt.prompt_id}
        kept = structs.replace(
            prompt,
            prompt_id=prompt.prompt_id or str(uuid_utils.uuid7()),
            command=_free(prompt_command(prompt.command or prompt.name), taken),
        )
        value = msgspec.json.encode(structs.replace(kept, prompt_id="")).decode()
        with transaction(self._db):
            self._db.execute(
                """INSERT INTO prompts VALUES (?, ?, ?) ON CONFLICT (prompt_id) DO UPDATE
                   SET command = excluded.command, value = excluded.value""",
                (kept.prompt_id, kept.command, value),
            )
        return kept

    def remove_prompt(self, prompt_id: str) -> None:
        """Delete a prompt of the person."""
        with transaction(self._db):
            self._db.execute("DELETE FROM prompts WHERE prompt_id = ?", (prompt_id,))

    def _own(self) -> tuple[Prompt, ...]:
        return tuple(prompt for prompt in self.list_prompts() if prompt.prompt_id)


def prompt_command(words: str) -> str:
    """Return words as a command: lower-case letters, digits and hyphens, else "prompt"."""
    command = _NOT_COMMAND.sub("-", words.strip().lstrip("/").lower()).strip("-_")
    return command[:LONGEST_COMMAND].rstrip("-_") or "prompt"


def shipped_prompts() -> tuple[Prompt, ...]:
    """Return the prompts that are there from the start, in the current language."""
    return (
        Prompt(
            name=_("Summarise"),
            command="summarise",
            text=_("Summarise this in five short points:\n\n{{selection}}"),
        ),
        Prompt(
            name=_("Explain simply"),
            command="explain",
            text=_("Explain this in simple words, with one example:\n\n{{selection}}"),
        ),
        Prompt(
            name=_("Translate"),
            command="translate",
            text=_("Translate this into {{language}}:\n\n{{selection}}"),
        ),
        Prompt(
            name=_("Improve the wording"),
            command="improve",
            text=_("Correct and improve the wording of this, keep its meaning:\n\n{{clipboard}}"),
        ),
        Prompt(
            name=_("Short answers"),
            command="short",
            system=_("Answer in one or two short sentences, without introduction."),
        ),
        _tone_prompt(),
    )


def _tone_prompt() -> Prompt:
    """Return the shipped prompt that has examples."""
    return Prompt(
        name=_("Tone of a message"),
        command="tone",
        text="{{input}}",
        system=_("Say the tone of a message in one word."),
        examples=(
            ExampleExchange(
                question=_("Thank you so much, this made my day!"), answer=_("Delighted")
            ),
            ExampleExchange(question=_("Where is the parcel you promised?"), answer=_("Impatient")),
        ),
        preset="precise",
    )


def _free(command: str, taken: Iterable[str]) -> str:
    names = set(taken)
    number, free = 1, command
    while free in names:
        number += 1
        free = f"{command}-{number}"
    return free
