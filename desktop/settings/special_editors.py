"""Special editors of single settings: language, models, reranker folder."""

from collections.abc import Callable, Sequence

from core.app.models.draft_selection import AUTO, OFF
from core.base.i18n import _, available_languages
from core.base.settings import app_settings as declared
from core.base.settings.window_settings import LANGUAGE
from core.models.info.model_entry import ModelEntry
from desktop.kit.setting_formatting import format_choice
from desktop.kit.theme import Theme
from desktop.kit.ui_language import native_language_name
from desktop.settings.setting_editors import (
    ChoiceEditor,
    ChoiceOptions,
    FolderEditor,
    SettingEditor,
    TextEditor,
)


def special_editors(
    theme: Theme, models: Sequence[ModelEntry]
) -> dict[str, Callable[[], SettingEditor]]:
    """Return how the editors of these settings are made, by key."""
    usable = [(entry.path, entry.ref) for entry in models if not entry.problem_code]
    first = [("", _("The first that works"))]
    guessing = [(each, format_choice(each)) for each in (AUTO, OFF)]
    return {
        LANGUAGE.key: lambda: ChoiceEditor(LANGUAGE, _languages()),
        declared.MODEL.key: lambda: ChoiceEditor(declared.MODEL, first + usable),
        declared.DRAFT_MODEL.key: lambda: ChoiceEditor(declared.DRAFT_MODEL, guessing + usable),
        declared.RERANKER.key: lambda: FolderEditor(declared.RERANKER, theme),
        declared.DEVICE.key: lambda: TextEditor(declared.DEVICE, AUTO),
    }


def _languages() -> ChoiceOptions:
    return [
        ("", _("As the system")),
        *((code, native_language_name(code)) for code in available_languages()),
    ]
