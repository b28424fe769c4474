"""How the questions of a chat are answered: what the model is told first, and how freely it words.

It belongs to a chat, not to a turn: changed in the middle, it counts from the next question on.
"""

from msgspec import Struct, structs

from core.messages import PromptTurn


class Example(Struct, frozen=True, kw_only=True):
    """A question and the answer to it that the model is shown as if it had given it."""

    question: str
    answer: str


class Manner(Struct, frozen=True, kw_only=True):
    """`system` is a system prompt, `preset` a key of `core.app.sampling.PRESETS`, "" as set."""

    system: str = ""
    examples: tuple[Example, ...] = ()
    preset: str = ""

    def after(self, system: str) -> "Manner":
        """Return it with a system prompt that counts where the chat has none of its own."""
        return structs.replace(self, system=self.system or system)

    def turns(self) -> tuple[PromptTurn, ...]:
        """Return what stands before the first question."""
        turns = [PromptTurn(role="system", text=self.system)] if self.system else []
        for example in self.examples:
            asked = PromptTurn(role="user", text=example.question, plain=example.question)
            turns += [asked, PromptTurn(role="assistant", text=example.answer)]
        return tuple(turns)


AS_SET = Manner()
"""Nothing of a chat's own."""
