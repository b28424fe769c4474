"""Composer controller: what the composer of one window offers besides its text."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.events.app_events import AnswerEvent, AnswerFailed, AnswerFinished
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.window_settings import USE_TOOLS
from core.chat.conversations.conversation import AnswerStatistics
from core.models.server_registry import is_server_path
from desktop.chat.composer.attachment_controller import AttachmentController
from desktop.chat.composer.composer_chips import TickedFolder
from desktop.chat.composer.context_meter import CHARACTERS_PER_TOKEN
from desktop.chat.composer.mention_controller import MentionController
from desktop.chat.composer.model_options import ModelOptions
from desktop.chat.composer.model_switch import ModelSwitch
from desktop.chat.composer.style_menu import StyleMenu
from desktop.chat.composer.typing_redirect import TypingRedirect
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.drag_and_drop import DroppedPaths, classify_paths
from desktop.kit.window_context import WindowContext
from desktop.models.choice.choice_options import choice_options
from desktop.window.sidebar import Sidebar
from desktop.window.window_controllers import WindowControllers

RECENT_MODELS = 5


class ComposerController(QObject):
    """Connects the composer with models, folders, files, and what is known of the open chat."""

    def __init__(
        self,
        context: WindowContext,
        view: ChatView,
        sidebar: Sidebar,
        controllers: WindowControllers,
        open_paths: Callable[[DroppedPaths], object],
    ) -> None:
        super().__init__(view.composer)
        self._context = context
        self._view = view
        self._composer = view.composer
        self._folders = sidebar.folders
        self._controllers = controllers
        self._open_dropped = open_paths
        self._switch: ModelSwitch | None = None
        self._cost = AnswerStatistics()
        self._build()
        self._connect()
        self.typing.watch_widget(sidebar.chat_list)

    def _build(self) -> None:
        context, composer = self._context, self._composer
        chat, app = self._controllers.chat, context.app
        self.style_menu = StyleMenu(composer, chat.next_question, app.settings)
        self.attachments = AttachmentController(
            context.theme,
            context.notices,
            composer,
            chat.next_question,
            app.attachments,
            self._open_paths,
            self._controllers.folders.choose_folder,
        )
        self.mentions = MentionController(context.theme, composer, app.folders, app.documents)
        self.typing = TypingRedirect(composer, context.window)

    def _connect(self) -> None:
        chat, prompts = self._controllers.chat, self._controllers.chat_features.prompts
        chat.again_menu.list_models = self.list_models
        self.mentions.list_models = self.list_models
        self.mentions.folder_chosen.connect(self._folders.tick_folder)
        self.mentions.file_chosen.connect(self._attach_file)
        self.mentions.model_chosen.connect(self._composer.chips.show_model)
        self.style_menu.instructions_wanted.connect(prompts.edit_chat_style)
        self.style_menu.prompts_wanted.connect(prompts.edit_prompts)
        self._composer.chips.folders_removed.connect(self._on_folders_removed)
        adapters = chat.adapter_selection
        self.attachments.list_adapters = adapters.list_choices
        self.attachments.adapter_toggled.connect(
            lambda path, used: adapters.switch_adapter(path, used=used)
        )
        adapters.model_of_new_chat = self._model_of_new_chat
        self.mentions.model_chosen.connect(adapters.show_adapters)
        self._composer.chips.model_changed.connect(adapters.show_adapters)
        self.attachments.uses_tools = self._uses_tools
        self.attachments.tools_toggled.connect(self._set_tools)
        self._composer.chips.tools_removed.connect(partial(self._set_tools, active=False))
        bar = self._composer.bar
        bar.model_clicked.connect(partial(self.open_switch, bar.model_button))
        header = self._view.header
        header.models_wanted.connect(partial(self.open_switch, header.model_button))
        self._controllers.models.changed.connect(self._on_model_changed)
        self._composer.text_edit.textChanged.connect(self._show_use)
        self._view.transcript.turns_changed.connect(self._read_cost)
        chat.next_question.style_changed.connect(self._show_use)

    def register_actions(self, registry: ActionRegistry) -> None:
        """Register the switch of the model, and what can be added."""
        switch = partial(self.open_switch, self._composer.bar.model_button)
        registry.add_action(
            "models.switch",
            MenuGroup.MODELS,
            _("Switch the model"),
            switch,
            keys="Ctrl+Shift+M",
            icon="model",
            enabled=self._composer.isVisible,
        )
        registry.add_action(
            "chat.add",
            MenuGroup.CHAT,
            _("Add to this chat…"),
            self.attachments.open_menu,
            keys="Ctrl+Shift+A",
            icon="add",
            section=20,
            enabled=self._composer.isVisible,
        )
        open_tools = registry.action_by_id("models.tools").trigger
        self.attachments.tools_page_wanted.connect(open_tools)
        keys = registry.add_widget_shortcut
        keys(MenuGroup.CHAT, _("Name a folder, document or model, in a question"), "@")
        keys(MenuGroup.CHAT, _("Paste as text, however long it is"), "Ctrl+Shift+V")

    def list_models(self) -> ModelOptions:
        """Return what can answer, and what has answered last."""
        recent = self._context.app.chats.recent_models(RECENT_MODELS)
        return choice_options(self._controllers.models, recent)

    def open_switch(self, opener: QWidget) -> None:
        """Show the switch of the model at a widget, above the composer for one in it."""
        if self._switch is None:
            composer = self._composer
            self._switch = ModelSwitch(self._context.theme, self._context.window, composer)
            self._switch.chosen.connect(self._controllers.models.choose_model)
            self._switch.manage_wanted.connect(self._controllers.models_controller.open_page)
        anchor = self._composer.frame if self._composer.isAncestorOf(opener) else opener
        self._switch.open_at(opener, anchor, self.list_models())

    def show_folders(self) -> None:
        """Show the folders that are ticked for the open chat."""
        self._composer.set_folders(
            [
                TickedFolder(folder.folder_id, folder.name, folder.path)
                for folder in self._folders.ticked_folders
            ],
            awaited=self._folders.awaits_ticked_folders,
        )

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Show how full the chat is after an answer."""
        if isinstance(event, AnswerFinished | AnswerFailed):
            self._read_cost()

    def _open_paths(self, paths: Iterable[str]) -> None:
        self._open_dropped(classify_paths(paths))

    def _attach_file(self, path: str) -> None:
        self._composer.set_files((*self._composer.files, path))
        self.attachments.tell_about_pictures([path])

    def _on_folders_removed(self, folder_ids: tuple[str, ...]) -> None:
        self._folders.untick_folders(folder_ids)
        self._composer.setFocus()

    def _uses_tools(self) -> bool:
        return self._context.app.settings.get_value(USE_TOOLS)

    def _set_tools(self, active: bool) -> None:  # noqa: FBT001 - of a signal
        try:
            self._context.app.settings.set_value(USE_TOOLS, active)
        except InglenookError as error:
            self._context.notices.post_error("tools", error)
        self._show_use()

    def _on_model_changed(self) -> None:
        chosen = self._controllers.models.chosen
        on_server = chosen is not None and is_server_path(chosen.path)
        self._composer.show_model(chosen.ref if chosen else "", on_server=on_server)
        self._controllers.chat.adapter_selection.show_adapters()
        self._show_use()

    def _model_of_new_chat(self) -> str:
        """Return the path of the chosen model, "" if another is to answer this question alone."""
        chosen = self._controllers.models.chosen
        return chosen.path if chosen and not self._composer.chips.model else ""

    def _read_cost(self) -> None:
        """Note the cost of the last answer of the open chat."""
        turns = reversed(self._view.transcript.shown_turns)
        costs = (turn.statistics for turn in turns if turn.statistics.prompt_tokens)
        self._cost = next(costs, AnswerStatistics())
        self._show_use()

    def _show_use(self) -> None:
        """Show the tokens of the last answer's prompt and text, and a guess for what is typed.

        Whether tools may be called is shown again as well.
        """
        self._composer.chips.show_tools(active=self._uses_tools())
        models, cost = self._controllers.models, self._cost
        system = self._controllers.chat.next_question.chat_style.system
        typed = len(self._composer.draft) + (0 if cost.prompt_tokens else len(system))
        used = cost.prompt_tokens + cost.completion_tokens + round(typed / CHARACTERS_PER_TOKEN)
        ready, chosen, available = models.last_ready, models.chosen, cost.context
        if ready is not None and chosen is not None and ready.ref == chosen.ref:
            available = ready.context
        self._composer.bar.meter.show_use(used, available)
