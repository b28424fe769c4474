"""Chat style: system prompt, example exchanges and sampling preset of a chat.

It belongs to a chat, not to a turn: changed in the middle, it counts from the next question on.
"""

from msgspec import Struct, structs

from core.messages import PromptTurn


class ExampleExchange(Struct, frozen=True, kw_only=True):
    """A question and the answer to it that the model is shown as if it had given it."""

    question: str
    answer: str


class ChatStyle(Struct, frozen=True, kw_only=True):
    """`system` is a system prompt, `preset` a key of `sampling_defaults.PRESETS`, "" as set."""

    system: str = ""
    examples: tuple[ExampleExchange, ...] = ()
    preset: str = ""

    def with_fallback_system_prompt(self, system: str) -> "ChatStyle":
        """Return it with a system prompt that counts where the chat has none of its own."""
        return structs.replace(self, system=self.system or system)

    def leading_turns(self) -> tuple[PromptTurn, ...]:
        """Return what stands before the first question."""
        turns = [PromptTurn(role="system", text=self.system)] if self.system else []
        for example in self.examples:
            asked = PromptTurn(role="user", text=example.question, plain=example.question)
            turns += [asked, PromptTurn(role="assistant", text=example.answer)]
        return tuple(turns)


DEFAULT_CHAT_STYLE = ChatStyle()
"""Nothing of a chat's own."""
