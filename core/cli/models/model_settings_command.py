"""Command `inglenook model set`: settings of one model, shown, changed or reset."""

import argparse

import msgspec

from core.app.models.model_setting_options import format_setting_value
from core.app.models.model_settings_service import ModelSetting
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import N_, _
from core.cli.console import Console
from core.cli.models.model_command import ModelCommand, add_model_argument
from core.cli.session import Session
from core.cli.terminal import absolute_path

_SOURCES = {
    "model": N_("set for it"),
    "file": N_("from the file"),
    "settings": N_("as for all models"),
    "built in": N_("built in"),
}
MAX_VALUE_BYTES = 1 << 20
"""No template or system prompt is longer."""
_FILE_MARK = "@"
"""Before the name of a file that holds the value."""


def change_model_settings(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the settings of a model; set one, or reset one or all."""
    service = session.app.model_settings
    if options.reset is not None:
        service.reset_settings(options.ref, options.reset)
    elif options.key and options.value is not None:
        setting = service.change_setting(options.ref, options.key, _value(options.value))
        _show(console, [setting])
        return 0
    settings = service.list_settings(options.ref)
    if options.key:
        key = options.key.lower().replace("-", "_")
        settings = tuple(each for each in settings if each.key == key)
        if not settings:
            service.reset_settings(options.ref, options.key)  # raises, and names those there are
    _show(console, settings)
    return 0


def _value(text: str) -> str:
    """Return what was typed, or what the file behind the mark holds. Raises ModelError."""
    if not text.startswith(_FILE_MARK):
        return text
    path = absolute_path(text[len(_FILE_MARK) :])
    try:
        # A pipe would be waited for, and a device never ends.
        if path.exists() and (not path.is_file() or path.stat().st_size > MAX_VALUE_BYTES):
            raise ValueError(text)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or _("it is no text")
        raise ModelError(ErrorCode.MODEL_UNREADABLE, path=str(path), detail=detail) from error


def _show(console: Console, settings: "list[ModelSetting] | tuple[ModelSetting, ...]") -> None:
    if console.as_json:
        for setting in settings:
            console.print_json(msgspec.to_builtins(setting))
        return
    rows = [
        (each.key, format_setting_value(each.value), _(_SOURCES[each.source]), each.help)
        for each in settings
    ]
    console.print_table((_("SETTING"), _("VALUE"), _("FROM"), _("WHAT IT DOES")), rows)


def _add_set_arguments(parser: argparse.ArgumentParser) -> None:
    add_model_argument(parser)
    parser.add_argument("key", nargs="?", default="", metavar=_("KEY"), help=_("its name"))
    parser.add_argument(
        "value", nargs="?", metavar=_("VALUE"), help=_("what it becomes; “@FILE” reads it there")
    )
    parser.add_argument(
        "--reset",
        nargs="?",
        const="",
        metavar=_("KEY"),
        help=_("take back this setting, or all of them"),
    )


COMMANDS = (
    ModelCommand("set", N_("what is set for one model"), change_model_settings, _add_set_arguments),
)
