"""One question, answered by several models or settings side by side; the better answer is kept."""

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from core.app.chat_desk import ChatDesk
from core.app.events import AnswerStarted
from core.app.model_settings import ModelSettingsDesk
from core.app.routing import RoutingDesk
from core.chat.chats import Chats, new_id
from core.chat.conversation import Conversation
from core.chat.manner import AS_SET, Manner
from core.chat.titles import title_of
from core.errors import InglenookError
from core.messages import Sampling


class Contestant(Struct, frozen=True, kw_only=True):
    """Who answers: a model or server by its name ("" as in a new chat), and how freely it words.

    A `preset` or `temperature` counts before what is set for the model, as it does in a chat.
    """

    model: str = ""
    preset: str = ""
    temperature: float | None = None
    manner: Manner = AS_SET


class ComparisonDesk:
    """Each contestant answers in a temporary copy of the chat, so that none sees another's answer.

    Those with the same model answer at once; another model waits until the first ones have ended.
    """

    def __init__(
        self,
        chats: Chats,
        desk: ChatDesk,
        routing: RoutingDesk,
        model_settings: ModelSettingsDesk,
        ask: Callable[..., AnswerStarted],
    ) -> None:
        self._chats = chats
        self._desk = desk
        self._routing = routing
        self._model_settings = model_settings
        self._ask = ask
        self._copies: set[str] = set()

    def is_copy(self, chat_id: str) -> bool:
        """Whether a chat is, or was, there for a comparison alone."""
        return chat_id in self._copies

    def begin(
        self,
        text: str,
        contestants: Sequence[Contestant],
        *,
        chat_id: str = "",
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        manner: Manner = AS_SET,
    ) -> tuple[AnswerStarted, ...]:
        """Ask all of them, after what was said in `chat_id`. Raises InglenookError, and asks none.

        A new chat has this `manner`, any other its own. Each start names a temporary chat of its
        own, to be given to `keep` or `drop`.
        """
        grounded = bool(folder_ids or files)
        for contestant in contestants:
            self._routing.choose(contestant.model, text, None, grounded=grounded)
        before = self._before(chat_id, text, manner)
        copies: list[str] = []
        begun: list[AnswerStarted] = []
        try:
            for contestant in contestants:
                copy = _copy_for(contestant, before)
                copies.append(copy.chat_id)
                self._copies.add(copy.chat_id)
                self._desk.put_temporary(copy)
                started = self._ask(
                    text,
                    chat_id=copy.chat_id,
                    folder_ids=folder_ids,
                    files=files,
                    model=contestant.model,
                    sampling=self._sampling(contestant, text, copy, grounded=grounded),
                )
                begun.append(started)
        except InglenookError:
            self.drop(copies)
            raise
        return tuple(begun)

    def _before(self, chat_id: str, text: str, manner: Manner) -> Conversation:
        """Return the chat that is gone on with, a new one for ""."""
        if chat_id:
            return self._desk.load(chat_id)
        return self._chats.new(title_of(text), manner=manner)

    def keep(
        self, better: str, others: Sequence[str], *, chat_id: str = "", temporary: bool = False
    ) -> str:
        """Add the question and the answer of the temporary chat `better` to `chat_id`.

        "" makes it a chat of its own, a saved one unless it was asked for in a temporary one; so
        does the id of a copy. The others are forgotten. Returns the chat's id.
        """
        self._desk.end_answers(better)
        if not chat_id or self.is_copy(chat_id):
            if not temporary:
                self._desk.keep(better)
            self._copies.discard(better)
            self.drop(others)
            return better
        question, answer = self._desk.load(better).path()[-2:]
        chat = self._desk.load(chat_id)
        question = structs.replace(question, parent_id=chat.leaf_id)
        self._desk.add(chat.with_turn(question).with_turn(answer), question, answer)
        self.drop([better, *others])
        return chat_id

    def drop(self, chat_ids: Sequence[str]) -> None:
        """Forget temporary chats; their answers end."""
        for chat_id in chat_ids:
            self._desk.drop_temporary(chat_id)

    def _sampling(
        self, contestant: Contestant, text: str, chat: Conversation, *, grounded: bool
    ) -> Sampling | None:
        """Return how a contestant is sampled; None as in any chat with its model."""
        if not contestant.preset and contestant.temperature is None:
            return None
        choice = self._routing.choose(contestant.model, text, chat, grounded=grounded)
        preset = contestant.preset or chat.manner.preset
        sampling = self._model_settings.sampling(
            choice.entry.path, grounded=grounded, preset=preset
        )
        if contestant.temperature is None:
            return sampling
        return structs.replace(sampling, temperature=contestant.temperature)


def _copy_for(contestant: Contestant, before: Conversation) -> Conversation:
    """Return what was said so far as a chat of its own, with the contestant's manner if it has."""
    copy = structs.replace(before, chat_id=new_id())
    return copy if contestant.manner == AS_SET else structs.replace(copy, manner=contestant.manner)
