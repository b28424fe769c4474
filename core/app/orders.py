"""What was wished with a question, and the order it becomes for one model in one chat."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core import settings as declared
from core.app.model_settings import ModelSettingsDesk
from core.app.remote_answers import for_server
from core.app.routing import Choice
from core.chat.conversation import Conversation
from core.chat.order import Order, Redo
from core.messages import Adapter, Sampling
from core.setting import Setting
from core.settings import Settings


class Wish(Struct, frozen=True, kw_only=True):
    """What a person wished; what isn't wished is as set.

    `files` are absolute paths. `adapters` None: the chat's. With `redo` nothing new is asked (see
    `core.app.turns`).
    """

    text: str
    folder_ids: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sampling: Sampling | None = None
    max_tokens: int = 0
    adapters: tuple[Adapter, ...] | None = None
    when_full: str = ""
    redo: Redo | None = None

    @property
    def is_grounded(self) -> bool:
        """Whether the answer is to rest on documents."""
        return bool(self.folder_ids or self.files)


class Orders:
    """Fills in what was not wished, from the settings of the app, the model and the chat."""

    def __init__(
        self,
        settings: Settings,
        model_settings: ModelSettingsDesk,
        folder_names: Callable[[], dict[str, str]],
    ) -> None:
        self._settings = settings
        self._model_settings = model_settings
        self._folder_names = folder_names

    def of(self, wish: Wish, choice: Choice, chat: Conversation, state_folder: str) -> Order:
        """Return the order for the model that was chosen."""
        entry, redo = choice.entry, wish.redo
        conversation = redo.start(chat) if redo else chat
        sampling = wish.sampling or self._model_settings.sampling(
            entry.path, grounded=wish.is_grounded, preset=conversation.manner.preset
        )
        order = Order(
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
            system=self._model_settings.of_path(entry.path).system_prompt or "",
            state_folder=state_folder,
            drafting=self._get(declared.DRAFTING),
            when_full=wish.when_full or self._get(declared.WHEN_FULL),
            reason=choice.reason,
            question=redo.question if redo else None,
            begun=redo.begun if redo else None,
        )
        return for_server(order) if choice.is_remote else order

    def _adapters(self, wish: Wish, chat: Conversation, path: str) -> tuple[Adapter, ...]:
        """A chat begins with the adapters that are set for its first model."""
        if wish.adapters is not None:
            return wish.adapters
        if chat.turns:
            return chat.adapters
        return self._model_settings.of_path(path).adapters or ()

    def _get(self, setting: Setting) -> Any:  # noqa: ANN401 - of the default's type
        return self._settings.get(setting)
