"""Editors of single settings: the language, the models, the folder of a reranker."""

from collections.abc import Callable, Sequence

from core import settings as declared
from core.app.drafts import AUTO, OFF
from core.appearance import LANGUAGE
from core.models.entry import ModelEntry
from core.words import _, languages
from desktop.language import own_name
from desktop.settings.editors import ChoiceEditor, Editor, FolderEditor, Options, TextEditor
from desktop.theme import Theme
from desktop.value_words import choice_words


def special_editors(theme: Theme, models: Sequence[ModelEntry]) -> dict[str, Callable[[], Editor]]:
    """Return how the editors of these settings are made, by key."""
    usable = [(entry.path, entry.ref) for entry in models if not entry.problem_code]
    first = [("", _("The first that works"))]
    guessing = [(each, choice_words(each)) for each in (AUTO, OFF)]
    return {
        LANGUAGE.key: lambda: ChoiceEditor(LANGUAGE, _languages()),
        declared.MODEL.key: lambda: ChoiceEditor(declared.MODEL, first + usable),
        declared.DRAFT_MODEL.key: lambda: ChoiceEditor(declared.DRAFT_MODEL, guessing + usable),
        declared.RERANKER.key: lambda: FolderEditor(declared.RERANKER, theme),
        declared.DEVICE.key: lambda: TextEditor(declared.DEVICE, AUTO),
    }


def _languages() -> Options:
    return [("", _("As the system")), *((code, own_name(code)) for code in languages())]
