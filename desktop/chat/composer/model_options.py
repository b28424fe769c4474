"""Model options: what can be chosen to answer, as lists in the window show it."""

from collections.abc import Iterable

from msgspec import Struct


class ModelOption(Struct, frozen=True, kw_only=True):
    """A model, a server, or the automatic choice between two models.

    `details` say its level and size, or where it answers; `problem` why it can't be used, else "".
    """

    ref: str
    details: str
    problem: str
    is_remote: bool

    def matches(self, words: str) -> bool:
        """Whether its name or details hold each of the words, in whatever case."""
        text = f"{self.ref} {self.details}".casefold()
        return all(word in text for word in words.casefold().split())


class ModelOptions(Struct, frozen=True, kw_only=True):
    """All options, and which of them answered last, the latest first; `current` is one's ref."""

    options: tuple[ModelOption, ...] = ()
    recent_refs: tuple[str, ...] = ()
    current: str = ""

    @property
    def recent_options(self) -> tuple[ModelOption, ...]:
        """Those that answered last and are still there."""
        by_ref = {option.ref: option for option in self.options}
        return tuple(by_ref[ref] for ref in self.recent_refs if ref in by_ref)

    def sorted_by_use(self, without: Iterable[str] = ()) -> tuple[ModelOption, ...]:
        """Return those that can be used, the ones that answered last first."""
        left_out = set(without)
        ordered = dict.fromkeys((*self.recent_options, *self.options))
        return tuple(each for each in ordered if not each.problem and each.ref not in left_out)
