"""Side-by-side comparison: one question to several models or settings; one answer is kept."""

from collections.abc import Sequence

from msgspec import Struct, structs

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AskOptions
from core.app.chats.chat_service import ChatService
from core.app.chats.question_service import QuestionService
from core.app.chats.routing_service import RoutingService
from core.app.events.app_events import AnswerStarted
from core.app.models.model_settings_service import ModelSettingsService
from core.base.errors import InglenookError
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import Conversation
from core.chat.store.chat_database import ChatDatabase, new_id
from core.messages import Sampling


class Contestant(Struct, frozen=True, kw_only=True):
    """A model or server by its name ("": that of a new chat), with sampling and style.

    `preset` and `temperature` count before what is set for the model.
    """

    model: str = ""
    preset: str = ""
    temperature: float | None = None
    chat_style: ChatStyle = DEFAULT_CHAT_STYLE


class ComparisonService:
    """Each contestant answers in a temporary copy of the chat, so that none sees another's answer.

    Those with the same model answer at once; another model waits until the first ones have ended.
    """

    def __init__(
        self,
        chats: ChatDatabase,
        chat_service: ChatService,
        answers: AnswerService,
        questions: QuestionService,
        routing: RoutingService,
        model_settings: ModelSettingsService,
    ) -> None:
        self._chats = chats
        self._chat_service = chat_service
        self._answers = answers
        self._questions = questions
        self._routing = routing
        self._model_settings = model_settings
        self._copies: set[str] = set()

    def is_copy(self, chat_id: str) -> bool:
        """Whether a chat is, or was, a temporary copy for a comparison."""
        return chat_id in self._copies

    def start_comparison(
        self,
        text: str,
        contestants: Sequence[Contestant],
        *,
        chat_id: str = "",
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
    ) -> tuple[AnswerStarted, ...]:
        """Ask all of them in copies of the chat `chat_id`. Raises InglenookError, and asks none.

        A new chat has this `chat_style`, any other its own. Each start names a temporary chat, to
        be given to `keep_answer` or `discard_copies`.
        """
        asked = AskOptions(folder_ids=folder_ids, files=files)
        grounded = asked.is_grounded
        for contestant in contestants:
            self._routing.route_question(contestant.model, text, None, grounded=grounded)
        before = self._before(chat_id, text, chat_style)
        copies: list[str] = []
        begun: list[AnswerStarted] = []
        try:
            for contestant in contestants:
                copy = _copy_for(contestant, before)
                copies.append(copy.chat_id)
                self._copies.add(copy.chat_id)
                self._chat_service.store_temporary_chat(copy)
                sampling = self._sampling(contestant, text, copy, grounded=grounded)
                options = structs.replace(asked, model=contestant.model, sampling=sampling)
                begun.append(self._questions.ask_question(text, options, chat_id=copy.chat_id))
        except InglenookError:
            self.discard_copies(copies)
            raise
        return tuple(begun)

    def _before(self, chat_id: str, text: str, chat_style: ChatStyle) -> Conversation:
        """Return the chat that is continued, a new one for ""."""
        if chat_id:
            return self._chat_service.load_chat(chat_id)
        return self._chats.new_conversation(title_from_question(text), chat_style=chat_style)

    def keep_answer(
        self, better: str, others: Sequence[str], *, chat_id: str = "", temporary: bool = False
    ) -> str:
        """Add the question and the answer of the temporary chat `better` to `chat_id`.

        With "", or the id of a copy, it becomes a chat of its own, a saved one unless `temporary`.
        The others are discarded. Returns the chat's id.
        """
        self._answers.end_answers_in_chat(better)
        if not chat_id or self.is_copy(chat_id):
            if not temporary:
                self._chat_service.save_temporary_chat(better)
            self._copies.discard(better)
            self.discard_copies(others)
            return better
        question, answer = self._chat_service.load_chat(better).path()[-2:]
        chat = self._chat_service.load_chat(chat_id)
        question = structs.replace(question, parent_id=chat.leaf_id)
        self._chat_service.add_turns(chat.with_turn(question).with_turn(answer), question, answer)
        self.discard_copies([better, *others])
        return chat_id

    def discard_copies(self, chat_ids: Sequence[str]) -> None:
        """Discard temporary chats; their answers end."""
        for chat_id in chat_ids:
            self._chat_service.discard_temporary_chat(chat_id)

    def _sampling(
        self, contestant: Contestant, text: str, chat: Conversation, *, grounded: bool
    ) -> Sampling | None:
        """Return a contestant's sampling; None: as in any chat with its model."""
        if not contestant.preset and contestant.temperature is None:
            return None
        choice = self._routing.route_question(contestant.model, text, chat, grounded=grounded)
        preset = contestant.preset or chat.chat_style.preset
        sampling = self._model_settings.sampling_for(
            choice.entry.path, grounded=grounded, preset=preset
        )
        if contestant.temperature is None:
            return sampling
        return structs.replace(sampling, temperature=contestant.temperature)


def _copy_for(contestant: Contestant, before: Conversation) -> Conversation:
    """Return a copy of the chat so far, in the contestant's style if it has one."""
    copy = structs.replace(before, chat_id=new_id())
    return (
        copy
        if contestant.chat_style == DEFAULT_CHAT_STYLE
        else structs.replace(copy, chat_style=contestant.chat_style)
    )
