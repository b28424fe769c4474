"""Command `inglenook settings`: all settings, shown, changed or reset."""

import argparse

from core.app.models.draft_selection import AUTO, OFF
from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _
from core.base.settings import app_settings as declared
from core.base.settings.auto_model_settings import AUTO_LARGE, AUTO_SMALL
from core.base.settings.setting import Scalar, Setting, SettingSection
from core.cli.console import Console
from core.cli.library.index_command import ask_index_consent
from core.cli.session import Session

_ON = frozenset({"on", "true", "yes", "1"})
_OFF = frozenset({"off", "false", "no", "0"})


def change_settings(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show all settings, or one; set or reset one. Raises StorageError for what can't be set."""
    if options.reset is not None:
        setting = _find_setting(options.reset)
        session.app.change_setting(setting, setting.default)
        _show(session, console, setting)
    elif options.key is None:
        _show_all(session, console)
    else:
        setting = _find_setting(options.key)
        if options.value is not None:
            value = _parse_value(session, setting, options.value)
            if setting is declared.INDEX_SERVER and value:
                ask_index_consent(console, str(value), beforehand=options.yes)
            session.app.change_setting(setting, value)
        _show(session, console, setting)
    return 0


def _find_setting(key: str) -> Setting[Scalar]:
    for setting in declared.ALL_SETTINGS:
        if setting.key == key.strip().lower().replace("-", "_"):
            return setting
    raise StorageError(ErrorCode.SETTING_UNKNOWN, key=key)


def _parse_value(session: Session, setting: Setting[Scalar], text: str) -> Scalar:
    """Return what was typed as a value that the setting takes. Raises StorageError, ModelError."""
    if _holds_model(setting, text):
        return _model_path(session, text)
    try:
        value = _convert_text(setting, text.strip())
    except (ValueError, OverflowError):
        value = None
    if value is None or not setting.accepts(value):
        raise StorageError(
            ErrorCode.SETTING_REFUSED, key=setting.key, value=text, allowed=_allowed(setting)
        )
    return value


def _model_path(session: Session, ref: str) -> str:
    """Return the path of a model; one that isn't registered is added."""
    models = session.app.models
    entry = models.find_usable_model(ref)
    known = {each.path for each in models.registry.list_models()}
    return entry.path if entry.path in known else models.add_model(entry.path).path


def _holds_model(setting: Setting[Scalar], text: str) -> bool:
    if setting in {AUTO_SMALL, AUTO_LARGE}:
        return bool(text)
    if setting is declared.MODEL:
        return bool(text) and text != AUTO
    return setting is declared.DRAFT_MODEL and text not in {AUTO, OFF}


def _convert_text(setting: Setting[Scalar], text: str) -> Scalar | None:
    if isinstance(setting.default, bool):
        word = text.lower()
        return True if word in _ON else False if word in _OFF else None
    if isinstance(setting.default, int):
        return int(text)
    if isinstance(setting.default, float):
        return float(text)
    return text


def _allowed(setting: Setting[Scalar]) -> str:
    """Return what a setting takes, to follow "It takes"."""
    if isinstance(setting.default, bool):
        return _("“on” or “off”")
    if setting.choices:
        return ", ".join(f"“{choice}”" for choice in setting.choices)
    if isinstance(setting.default, str):
        return _("text")
    kind = _("a whole number") if isinstance(setting.default, int) else _("a number")
    if setting.minimum is None or setting.maximum is None:
        return kind
    between = _("{kind} from {least} to {most}")
    return between.format(
        kind=kind, least=f"{setting.minimum:.15g}", most=f"{setting.maximum:.15g}"
    )


def _show_all(session: Session, console: Console) -> None:
    if console.as_json:
        for setting in declared.ALL_SETTINGS:
            console.print_json(_fields(session, setting))
        return
    rows = [
        (
            setting.key,
            _format_value(session.app.settings.get_value(setting)),
            _format_value(setting.default),
            _(setting.help),
        )
        for setting in declared.ALL_SETTINGS
        if setting.section is not SettingSection.HIDDEN
    ]
    console.print_table((_("SETTING"), _("VALUE"), _("DEFAULT"), _("WHAT IT DOES")), rows)


def _show(session: Session, console: Console, setting: Setting[Scalar]) -> None:
    if console.as_json:
        console.print_json(_fields(session, setting))
        return
    value, default = (
        _format_value(session.app.settings.get_value(setting)),
        _format_value(setting.default),
    )
    console.print_line(f"{setting.key}: {value}" if value else setting.key)
    console.print_line(_(setting.help))
    console.print_line(_("It takes {allowed}.").format(allowed=_allowed(setting)))
    if value != default:
        console.print_line(_("Default: {value}").format(value=default or _("none")))


def _fields(session: Session, setting: Setting[Scalar]) -> dict[str, object]:
    return {
        "key": setting.key,
        "value": session.app.settings.get_value(setting),
        "default": setting.default,
        "label": _(setting.label),
        "help": _(setting.help),
        "minimum": setting.minimum,
        "maximum": setting.maximum,
        "choices": list(setting.choices),
    }


def _format_value(value: Scalar) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return f"{value:g}" if isinstance(value, float) else str(value)
