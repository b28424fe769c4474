"""Actions of the Help menu: command palette, manual, shortcuts, About dialog."""

from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from core.base.i18n import _
from core.base.paths import Paths
from desktop.help.manual.manual_chapters import Section, manual_chapters
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme


class _HelpDialogs:
    """Builds the dialogs on demand: none is imported for the first paint."""

    def __init__(
        self,
        registry: ActionRegistry,
        dialogs: DialogManager,
        window: QWidget,
        theme: Theme,
        paths: Paths,
    ) -> None:
        self._registry = registry
        self._dialogs = dialogs
        self._window = window
        self._theme = theme
        self._paths = paths

    def palette(self) -> QDialog:
        from desktop.help.command_palette import (  # noqa: PLC0415 - see the class
            CommandPalette,
            PaletteTopic,
        )

        topics = [
            PaletteTopic(
                _("Manual: {heading}").format(heading=section.heading),
                section.text,
                partial(self.show_section, section),
            )
            for chapter in manual_chapters()
            for section in chapter.sections
        ]
        return CommandPalette(self._registry, topics, self._window)

    def manual(self) -> Page:
        from desktop.help.manual.manual_page import ManualPage  # noqa: PLC0415

        return ManualPage(self._theme, self._window)

    def show_section(self, section: Section) -> None:
        from desktop.help.manual.manual_page import ManualPage  # noqa: PLC0415

        page = self._dialogs.open_page("manual", self.manual)
        if isinstance(page, ManualPage):
            page.show_section(section)

    def shortcuts(self) -> Page:
        from desktop.help.shortcuts_page import ShortcutsPage  # noqa: PLC0415

        return ShortcutsPage(self._registry, self._window)

    def about(self) -> Page:
        from desktop.help.about_page import AboutPage  # noqa: PLC0415

        return AboutPage(self._theme, self._paths, self._window)


def register_help_actions(
    registry: ActionRegistry, dialogs: DialogManager, window: QWidget, theme: Theme, paths: Paths
) -> None:
    """Add the actions to the Help menu."""
    help_dialogs = _HelpDialogs(registry, dialogs, window, theme, paths)
    registry.add_action(
        "help.manual",
        MenuGroup.HELP,
        _("Manual"),
        lambda: dialogs.open_page("manual", help_dialogs.manual),
        keys="Shift+F1",
    )
    registry.add_action(
        "help.palette",
        MenuGroup.HELP,
        _("Everything one can do…"),
        lambda: dialogs.open_dialog("palette", help_dialogs.palette),
        keys=("Ctrl+Shift+P", "Ctrl+K"),
    )
    registry.add_action(
        "help.shortcuts",
        MenuGroup.HELP,
        _("Keyboard shortcuts"),
        lambda: dialogs.open_page("shortcuts", help_dialogs.shortcuts),
        keys=("F1", "Ctrl+/"),
    )
    registry.add_action(
        "help.about",
        MenuGroup.HELP,
        _("About Inglenook"),
        lambda: dialogs.open_page("about", help_dialogs.about),
        section=90,
        role=QAction.MenuRole.AboutRole,
    )
