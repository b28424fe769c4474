"""Chat style: system prompt, example exchanges and sampling preset of a chat.

It belongs to a chat, not to a turn: a change counts from the next question on.
"""

from msgspec import Struct, structs

from core.messages import PromptTurn


class ExampleExchange(Struct, frozen=True, kw_only=True):
    """A question and an answer that the model gets as if it had answered so before."""

    question: str
    answer: str


class ChatStyle(Struct, frozen=True, kw_only=True):
    """`system` is a system prompt, `preset` a key of `sampling_defaults.PRESETS`, "" as set.

    `only_proven` tells whether sentences that the documents don't prove are left out, None as set.
    """

    system: str = ""
    examples: tuple[ExampleExchange, ...] = ()
    preset: str = ""
    only_proven: bool | None = None

    def with_fallback_system_prompt(self, system: str) -> "ChatStyle":
        """Return it with a system prompt that is used if the chat has none of its own."""
        return structs.replace(self, system=self.system or system)

    def leading_turns(self) -> tuple[PromptTurn, ...]:
        """Return the turns before the first question: system prompt and examples."""
        turns = [PromptTurn(role="system", text=self.system)] if self.system else []
        for example in self.examples:
            asked = PromptTurn(role="user", text=example.question, plain=example.question)
            turns += [asked, PromptTurn(role="assistant", text=example.answer)]
        return tuple(turns)


DEFAULT_CHAT_STYLE = ChatStyle()
"""The style of a chat without settings of its own."""
