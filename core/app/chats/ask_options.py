"""Options of a question, completed from the settings of the app, the model and the chat."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.app.chats.routing_service import RoutingDecision
from core.app.models.model_settings_service import ModelSettingsService
from core.app.network.remote_prompt import adapt_request_for_server
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Setting
from core.chat.answering.answer_request import AnswerRedo, AnswerRequest
from core.chat.conversations.conversation import Conversation
from core.messages import Adapter, Sampling


class AskOptions(Struct, frozen=True, kw_only=True):
    """What a person wished; what isn't wished is as set.

    `files` are absolute paths. `adapters` None: the chat's. With `redo` nothing new is asked (see
    `core.app.chats.turn_service`).
    """

    text: str
    folder_ids: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sampling: Sampling | None = None
    max_tokens: int = 0
    adapters: tuple[Adapter, ...] | None = None
    when_full: str = ""
    redo: AnswerRedo | None = None

    @property
    def is_grounded(self) -> bool:
        """Whether the answer is to rest on documents."""
        return bool(self.folder_ids or self.files)


class AskOptionsResolver:
    """Fills in what was not wished, from the settings of the app, the model and the chat."""

    def __init__(
        self,
        settings: Settings,
        model_settings: ModelSettingsService,
        folder_names: Callable[[], dict[str, str]],
    ) -> None:
        self._settings = settings
        self._model_settings = model_settings
        self._folder_names = folder_names

    def build_request(
        self, wish: AskOptions, choice: RoutingDecision, chat: Conversation, state_folder: str
    ) -> AnswerRequest:
        """Return the order for the model that was chosen."""
        entry, redo = choice.entry, wish.redo
        conversation = redo.rewound_conversation(chat) if redo else chat
        sampling = wish.sampling or self._model_settings.sampling_for(
            entry.path, grounded=wish.is_grounded, preset=conversation.chat_style.preset
        )
        order = AnswerRequest(
            conversation=conversation,
            text=wish.text,
            folder_ids=wish.folder_ids,
            files=wish.files,
            folder_names=self._folder_names(),
            model=entry.ref,
            model_path=entry.path,
            sampling=sampling,
            max_tokens=wish.max_tokens or self._get(declared.MAX_TOKENS),
            adapters=self._adapters(wish, conversation, entry.path),
            system=self._model_settings.store.settings_for_model(entry.path).system_prompt or "",
            state_folder=state_folder,
            drafting=self._get(declared.SPECULATIVE_DECODING),
            when_full=wish.when_full or self._get(declared.WHEN_FULL),
            reason=choice.reason,
            question=redo.question if redo else None,
            begun=redo.begun if redo else None,
        )
        return adapt_request_for_server(order) if choice.is_remote else order

    def _adapters(self, wish: AskOptions, chat: Conversation, path: str) -> tuple[Adapter, ...]:
        """A chat begins with the adapters that are set for its first model."""
        if wish.adapters is not None:
            return wish.adapters
        if chat.turns:
            return chat.adapters
        return self._model_settings.store.settings_for_model(path).adapters or ()

    def _get(self, setting: Setting) -> Any:  # noqa: ANN401 - of the default's type
        return self._settings.get_value(setting)
