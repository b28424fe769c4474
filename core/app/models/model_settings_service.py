"""Settings of single models, with defaults from the model file and the general settings."""

from collections.abc import Callable

from msgspec import Struct, structs

from core.app.events.app_events import AppEvent
from core.app.events.model_events import ModelSettingsChanged
from core.app.models.adapter_service import check_adapters, format_adapters, parse_adapters
from core.app.models.draft_selection import AUTO, OFF, find_draft_model
from core.app.models.model_setting_options import (
    OPTIONS,
    OPTIONS_BY_KEY,
    ModelSettingOption,
    ModelSettingValue,
)
from core.app.models.sampling_defaults import PLAIN_SAMPLING, PRESETS, default_sampling
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.i18n import _
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Scalar, Setting
from core.messages import Sampling
from core.models.info.model_entry import ModelEntry
from core.models.model_settings_store import (
    NO_MODEL_SETTINGS,
    ModelSettings,
    ModelSettingsStore,
)
from core.models.registry.model_registry import ModelRegistry

_GENERAL: dict[str, Setting[Scalar]] = {
    "context": declared.CONTEXT,
    "gpu_layers": declared.GPU_LAYERS,
    "cache_keys": declared.CACHE_TYPE,
    "cache_values": declared.CACHE_TYPE,
    "threads": declared.THREADS,
    "preset": declared.PRESET,
    "temperature": declared.TEMPERATURE,
    "draft": declared.DRAFT_MODEL,
}
"""The general settings that are used where nothing is set for a model."""
_SAMPLED = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty")


class ModelSetting(Struct, frozen=True, kw_only=True):
    """One setting of one model with its current value.

    `source` says where `value` comes from: model (set for it), file (its maker's advice), settings
    (those for all models), built in. `default` is the value after a reset.
    """

    key: str
    label: str
    help: str
    value: ModelSettingValue
    default: ModelSettingValue
    source: str
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None


class ModelSettingsService:
    """Reads and changes the settings of models. `store` holds those that a person has set."""

    def __init__(
        self,
        store: ModelSettingsStore,
        settings: Settings,
        registry: ModelRegistry,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self.store = store
        self._settings = settings
        self._registry = registry
        self._emit = emit

    def list_settings(self, ref: str) -> tuple[ModelSetting, ...]:
        """Return every setting of a model, with its current value. Raises ModelError."""
        entry = self._registry.find_model(ref)
        own = self.store.settings_for_model(entry.path)
        return tuple(self._setting(option, entry, own) for option in OPTIONS)

    def change_setting(self, ref: str, key: str, text: str) -> ModelSetting:
        """Set what was typed. Raises ModelError or StorageError, and nothing changes.

        It takes effect with the next question; the model is loaded again if that is needed.
        """
        entry, option = self._registry.find_model(ref), _option(key)
        value = self._parse_value(option, entry, text)
        own = structs.replace(self.store.settings_for_model(entry.path), **{option.key: value})
        return self._save_setting(entry, own, option)

    def reset_settings(self, ref: str, key: str) -> None:
        """Reset one setting of a model, or all of them. Raises ModelError or StorageError."""
        entry = self._registry.find_model(ref)
        if not key:
            self.store.save_model_settings(entry.path, NO_MODEL_SETTINGS)
            self._emit(ModelSettingsChanged(path=entry.path))
            return
        option = _option(key)
        self._save_setting(
            entry,
            structs.replace(self.store.settings_for_model(entry.path), **{option.key: None}),
            option,
        )

    def forget_adapter(self, adapter: str) -> None:
        """Take a file that is gone out of the settings of all models. Raises StorageError."""
        for path in self.store.models_with_adapter(adapter):
            own = self.store.settings_for_model(path)
            left = tuple(each for each in own.adapters or () if each.path != adapter)
            self.store.save_model_settings(path, structs.replace(own, adapters=left or None))
            self._emit(ModelSettingsChanged(path=path))

    def sampling_for(self, path: str, *, grounded: bool, preset: str = "") -> Sampling:
        """Return how an answer of the model at `path` is sampled, unless the question says how.

        Settings of the model apply to plain chats, like the general settings. A `preset` of the
        chat or question takes precedence over the model's preset and temperature. The values that
        the file recommends apply where a person has set nothing, for this model or for all.
        """
        general = default_sampling(self._settings, grounded=grounded, preset=preset)
        if grounded:
            return general
        own, recommended = self.store.settings_for_model(path), self._advice(path)
        chosen: dict[str, float | int] = {}
        for key in _SAMPLED:
            if key == "temperature" and preset in PRESETS:
                continue
            value = getattr(own, key)
            if value is None and key == "temperature" and own.preset:
                value = PRESETS[own.preset]
            if value is None and not self._is_set_for_all(key):
                value = recommended.get(key)
            if value is not None:
                chosen[key] = value
        return structs.replace(general, **chosen) if chosen else general

    def _is_set_for_all(self, key: str) -> bool:
        settings = (declared.TEMPERATURE, declared.PRESET) if key == "temperature" else ()
        return any(self._settings.get_value(each) != each.default for each in settings)

    def _advice(self, path: str) -> dict[str, float]:
        return self._registry.cache.sampling_advice(path)

    def _save_setting(
        self, entry: ModelEntry, own: ModelSettings, option: ModelSettingOption
    ) -> ModelSetting:
        self.store.save_model_settings(entry.path, own)
        self._emit(ModelSettingsChanged(path=entry.path))
        return self._setting(option, entry, own)

    def _setting(
        self, option: ModelSettingOption, entry: ModelEntry, own: ModelSettings
    ) -> ModelSetting:
        default, source = self._default(option, entry)
        mine = getattr(own, option.key)
        if option.key == "adapters" and mine is not None:
            mine = format_adapters(mine)
        return ModelSetting(
            key=option.key,
            label=_(option.label),
            help=_(option.help),
            value=default if mine is None else mine,
            default=default,
            source=source if mine is None else "model",
            choices=option.choices,
            minimum=option.minimum,
            maximum=option.maximum,
        )

    def _default(
        self, option: ModelSettingOption, entry: ModelEntry
    ) -> tuple[ModelSettingValue, str]:
        key = option.key
        recommended = self._advice(entry.path)
        if key in recommended and not self._is_set_for_all(key):
            return recommended[key], "file"
        if key == "template":
            return "", "file" if entry.has_template else "built in"
        if key == "temperature" and not self._is_set_for_all(key):
            return PLAIN_SAMPLING.temperature, "built in"
        general = _GENERAL.get(key)
        if general is not None:
            value: ModelSettingValue = self._settings.get_value(general)
            if key == "temperature" and value == general.default:
                value = PRESETS[self._settings.get_value(declared.PRESET)]
            return value, "settings"
        return (getattr(PLAIN_SAMPLING, key) if key in _SAMPLED else ""), "built in"

    def _parse_value(self, option: ModelSettingOption, entry: ModelEntry, text: str) -> object:
        """Return the value that was typed. Raises ModelError or StorageError if it is invalid."""
        try:
            value = option.parse(text)
        except (ValueError, OverflowError):
            raise StorageError(
                ErrorCode.SETTING_REFUSED, key=option.key, value=text[:80], allowed=option.allowed()
            ) from None
        match option.key:
            case "template":
                # Only here, since jinja2 takes a tenth of what the window needs to start.
                from core.engine.chat_template.template_rendering import check_template  # noqa: PLC0415

                check_template(str(value))
            case "draft":
                self._check_draft(str(value), entry)
            case "adapters":
                adapters = parse_adapters(str(value))
                check_adapters(adapters, entry.path)
                return adapters
        return value

    def _check_draft(self, wanted: str, entry: ModelEntry) -> None:
        if wanted in {AUTO, OFF}:
            return
        found = self._registry.find_model(wanted)
        if not find_draft_model(entry, self._registry.list_models(), found.path):
            raise ModelError(ErrorCode.DRAFT_REFUSED, draft=found.ref, model=entry.ref)


def _option(key: str) -> ModelSettingOption:
    option = OPTIONS_BY_KEY.get(key.strip().lower().replace("-", "_"))
    if option is None:
        raise StorageError(
            ErrorCode.MODEL_SETTING_UNKNOWN, key=key, known=", ".join(OPTIONS_BY_KEY)
        )
    return option
