"""Options of a question, completed from the settings of the app, the model and the chat."""

from collections.abc import Callable

from msgspec import Struct

from core.app.chats.routing_service import RoutingDecision
from core.app.models.adapter_service import fitting_adapters
from core.app.models.model_settings_service import ModelSettingsService
from core.app.network.remote_prompt import adapt_request_for_server
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import USE_TOOLS
from core.chat.answering.answer_request import AnswerRedo, AnswerRequest, DocumentUse
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import Conversation
from core.messages import REPEATED, Adapter, Sampling


class AskOptions(Struct, frozen=True, kw_only=True):
    """Options that a person gave with a question; defaults mean "as set"."""

    folder_ids: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Absolute paths of single files to answer from, instead of the folders."""
    document_use: DocumentUse = DocumentUse.AUTO
    only_proven: bool = False
    model: str = ""
    """The name of a model or server; the chat goes on with it, unless it answers `once`."""
    once: bool = False
    """Whether the model answers this question alone: adapters of the chat's own are left out."""
    try_anyway: bool = False
    """Whether a model is tried that is not expected to fit into memory."""
    adapters: tuple[Adapter, ...] | None = None
    """None: the chat's."""
    preset: str = ""
    """A key of `sampling_defaults.PRESETS`, in place of the chat's."""
    sampling: Sampling | None = None
    max_tokens: int = 0
    when_full: str = ""
    may_repeat: bool = False
    use_tools: bool = False
    fresh: bool = False
    """Whether no earlier answer may serve."""
    samples: int = 1
    agree: bool = False
    """Whether the samples are compared and become one answer."""
    redo: AnswerRedo | None = None
    """The earlier question that is asked again (see `core.app.chats.turn_service`)."""
    temporary: bool = False
    """Whether nothing of a new chat is saved; an earlier chat stays what it is."""
    chat_style: ChatStyle = DEFAULT_CHAT_STYLE
    """The style of a new chat; an earlier one keeps its own."""

    @property
    def is_grounded(self) -> bool:
        """Whether the answer is to be based on documents."""
        return bool(self.folder_ids or self.files)


AS_SET = AskOptions()


class AskOptionsResolver:
    """Fills in what was not given, from the settings of the app, the model and the chat."""

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
        self,
        text: str,
        options: AskOptions,
        decision: RoutingDecision,
        chat: Conversation,
        state_folder: str,
    ) -> AnswerRequest:
        """Return the request for the model that was chosen."""
        entry, redo = decision.entry, options.redo
        conversation = redo.rewound_conversation(chat) if redo else chat
        adapters, left_out = self._adapters(options, conversation, entry.path)
        request = AnswerRequest(
            conversation=conversation,
            text=text,
            folder_ids=options.folder_ids,
            files=options.files,
            folder_names=self._folder_names(),
            model=entry.ref,
            model_path=entry.path,
            sampling=self._sampling(options, conversation, entry.path),
            max_tokens=options.max_tokens or self._settings.get_value(declared.MAX_TOKENS),
            adapters=adapters,
            left_out_adapters=left_out,
            system=self._model_settings.store.settings_for_model(entry.path).system_prompt or "",
            state_folder=state_folder,
            drafting=self._settings.get_value(declared.SPECULATIVE_DECODING),
            when_full=options.when_full or self._settings.get_value(declared.WHEN_FULL),
            only_proven=options.is_grounded
            and (options.only_proven or self._wants_only_proven(conversation)),
            reason=decision.reason,
            fresh=options.fresh,
            agree=options.agree,
            question=redo.question if redo else None,
            begun=redo.begun if redo else None,
            document_use=options.document_use,
            uses_tools=self._may_use_tools(options),
            may_repeat=options.may_repeat or _was_stopped_for_repeating(redo),
        )
        return adapt_request_for_server(request) if decision.is_remote else request

    def _sampling(self, options: AskOptions, chat: Conversation, path: str) -> Sampling:
        preset = options.preset or chat.chat_style.preset
        return options.sampling or self._model_settings.sampling_for(
            path, grounded=options.is_grounded, preset=preset
        )

    def _wants_only_proven(self, chat: Conversation) -> bool:
        """Return what the chat says, else what is set for all."""
        wanted = chat.chat_style.only_proven
        return self._settings.get_value(declared.ONLY_PROVEN) if wanted is None else wanted

    def _may_use_tools(self, options: AskOptions) -> bool:
        """Whether tools may be called; answers that are asked for again have them as it is set."""
        redo = options.redo
        if redo is None:
            return options.use_tools
        is_usual = redo.begun is None and options.document_use is DocumentUse.AUTO
        return is_usual and self._settings.get_value(USE_TOOLS)

    def _adapters(
        self, options: AskOptions, chat: Conversation, path: str
    ) -> tuple[tuple[Adapter, ...], tuple[Adapter, ...]]:
        """Return the adapters of the answer, and those of the chat that its model can't have."""
        wanted = self._wanted_adapters(options, chat, path)
        if not options.once:
            return wanted, ()
        fitting = fitting_adapters(wanted, path)
        return fitting, tuple(each for each in wanted if each not in fitting)

    def _wanted_adapters(
        self, options: AskOptions, chat: Conversation, path: str
    ) -> tuple[Adapter, ...]:
        """A chat begins with the adapters that are set for its first model."""
        if options.adapters is not None:
            return options.adapters
        if chat.turns:
            return chat.adapters
        return self._model_settings.store.settings_for_model(path).adapters or ()


def _was_stopped_for_repeating(redo: AnswerRedo | None) -> bool:
    begun = redo.begun if redo else None
    return begun is not None and begun.statistics.stop == REPEATED
