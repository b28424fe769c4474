"""What is set for one model: read, set, refused, reset, and what it changes."""

from pathlib import Path
from typing import Any

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.model_events import ModelSettingsChanged
from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.chat.conversations.chat_style import ChatStyle
from core.messages import Adapter
from tests.app.stage import Stage
from tests.fakes.models import adapter_gguf
from tests.gguf.test_adapters import adapter_file
from tests.gguf.writing import F32, I32, Gguf

LAYOUT = "{% for m in messages %}{{ m.content }}{% endfor %}"
STARTER = "smollm2-135m-instruct-q4_1"


def values(stage: Stage, ref: str = STARTER) -> dict[str, tuple[object, str]]:
    return {
        each.key: (each.value, each.source) for each in stage.app.model_settings.list_settings(ref)
    }


def asked(stage: Stage, text: str = "Why?", **more: Any) -> Any:
    stage.app.questions.ask_question(text, AskOptions(**more))
    if stage.engine.loading:
        stage.engine.finish_loading()
        stage.app.process_events()
    return stage.engine.generated[-1]


def test_what_is_set_changes_the_load_and_the_question(stage: Stage, root: Paths) -> None:
    desk = stage.app.model_settings
    for key, text in (
        ("context", "1024"), ("gpu_layers", "3"), ("cache-keys", "q8_0"), ("threads", "1"),
        ("cache_values", "Q8_0"), ("template", LAYOUT),
        ("preset", "precise"), ("top_k", "7"), ("min_p", "0.2"), ("system_prompt", "Be brief."),
    ):  # fmt: skip
        desk.change_setting(STARTER, key, text)
    generate = asked(stage)
    order = stage.engine.orders[-1]
    requested = order.placement
    assert (requested.context, requested.gpu_layers, requested.threads) == (1024, 3, 1)
    assert (requested.cache_keys, requested.cache_values) == ("q8_0", "q8_0")
    assert order.template.startswith("{% for m")
    assert (generate.sampling.temperature, generate.sampling.top_k) == (0.2, 7)
    assert generate.sampling.min_p == 0.2
    assert [turn.text for turn in generate.turns] == ["Be brief.", "Why?"]
    own = asked(stage, "How?", chat_style=ChatStyle(system="Be long.", preset="creative"))
    assert own.turns[0].text == "Be long.", "a chat's own counts before the model's"
    assert own.sampling.temperature == 1.0
    stage.app.close()
    again = Stage(root)
    assert values(again)["context"] == (1024, "model")
    again.app.model_settings.reset_settings(STARTER, "")
    assert {source for _value, source in values(again).values()} <= {
        "settings", "built in", "file",
    }  # fmt: skip
    again.app.close()
    stage.app.open_root()


def test_a_changed_setting_loads_the_model_anew_and_only_then(stage: Stage) -> None:
    asked(stage)
    stage.engine.answer("So.")
    stage.app.process_events()
    stage.app.model_settings.change_setting(STARTER, "temperature", "0.1")
    asked(stage)
    assert len(stage.engine.loads) == 1
    stage.engine.answer("So.")
    stage.app.process_events()
    stage.app.model_settings.change_setting(STARTER, "context", "700")
    asked(stage)
    assert [order.placement.context for order in stage.engine.orders] == [0, 700]
    assert len(stage.of(ModelSettingsChanged)) == 2


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("nonsense", "1", ErrorCode.MODEL_SETTING_UNKNOWN),
        ("context", "many", ErrorCode.SETTING_REFUSED),
        ("context", "-1", ErrorCode.SETTING_REFUSED),
        ("cache_keys", "q9", ErrorCode.SETTING_REFUSED),
        ("temperature", "nan", ErrorCode.SETTING_REFUSED),
        ("top_p", "2", ErrorCode.SETTING_REFUSED),
        ("template", "{% for", ErrorCode.TEMPLATE_REFUSED),
        ("template", "{{ messages.x() }}", ErrorCode.TEMPLATE_REFUSED),
        ("system_prompt", "x" * 40_000, ErrorCode.SETTING_REFUSED),
        ("draft", "nobody", ErrorCode.MODEL_UNKNOWN),
        ("adapters", "/gone.gguf", ErrorCode.ADAPTER_GONE),
        ("adapters", "/gone.gguf=99", ErrorCode.ADAPTER_SCALE),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(
    key: str, text: str, code: ErrorCode, stage: Stage, root: Paths
) -> None:
    with pytest.raises(InglenookError) as caught:
        stage.app.model_settings.change_setting(STARTER, key, text)
    assert caught.value.code == code
    assert not root.model_settings.exists()


def test_the_makers_advice_counts_until_a_person_says_otherwise(stage: Stage, root: Paths) -> None:
    advised = Gguf().with_fact("general.sampling.temp", F32, 0.6)
    advised.with_fact("general.sampling.top_k", I32, 20).write(root.models / "own.gguf")
    found = values(stage, "own")
    assert (found["temperature"], found["top_k"]) == ((0.6, "file"), (20, "file"))
    path = stage.app.models.find_usable_model("own").path
    desk = stage.app.model_settings
    assert desk.sampling_for(path, grounded=False).temperature == 0.6
    assert desk.sampling_for(path, grounded=False, preset="creative").temperature == 1.0
    assert desk.sampling_for(path, grounded=True).temperature == 0.2
    stage.app.settings.set_value(declared.TEMPERATURE, 0.9)
    assert desk.sampling_for(path, grounded=False).temperature == 0.9
    desk.change_setting("own", "temperature", "0.3")
    assert desk.sampling_for(path, grounded=False).temperature == 0.3


def test_new_chats_begin_with_the_models_adapters(
    stage: Stage, starter_model: Path, tmp_path: Path
) -> None:
    file = str(adapter_file(starter_model, tmp_path / "tone.gguf"))
    stage.app.model_files.add_adapter(file)
    (entry,) = stage.app.adapters.adapters_for_model(str(starter_model))
    assert (entry.path, entry.architecture) == (file, "llama")
    assert file not in {each.path for each in stage.app.registry.list_models()}
    stage.app.model_settings.change_setting(STARTER, "adapters", f"{file}=0.5")
    assert values(stage)["adapters"] == (f"{file}=0.5", "model")
    assert asked(stage).adapters == (Adapter(path=file, scale=0.5),)
    assert asked(stage, adapters=()).adapters == ()


def test_an_adapter_that_is_deleted_is_used_no_more(
    stage: Stage, root: Paths, starter_model: Path
) -> None:
    folder = root.adapters
    folder.mkdir(parents=True, exist_ok=True)
    files = [adapter_file(starter_model, folder / f"{name}.gguf") for name in ("one", "two")]
    for file in files:
        stage.app.model_files.add_adapter(str(file))
    settings = stage.app.model_settings
    settings.change_setting(STARTER, "adapters", ";".join(map(str, files)))
    assert stage.app.model_files.remove_model("one").deleted
    assert asked(stage).adapters == (Adapter(path=str(files[1])),)
    assert stage.app.model_files.remove_model("two").deleted
    assert settings.store.settings_for_model(str(starter_model)).adapters is None


def test_the_newest_version_of_an_adapter_takes_the_place_of_earlier_ones(
    stage: Stage, starter_model: Path, tmp_path: Path
) -> None:
    def add(file: str, name: str) -> Adapter:
        path = adapter_gguf(starter_model, name).write(tmp_path / f"{file}.gguf")
        return Adapter(path=stage.app.model_files.add_adapter(str(path)).path)

    first, other, second = add("mine", "mine"), add("tone", "tone"), add("mine-2", "mine")
    newest = stage.app.adapters.with_newest_version
    assert newest((first, other), second.path) == (other, second)
    assert newest((first, second), other.path) == (first, second, other)


def test_settings_that_are_unreadable_are_put_aside(root: Paths) -> None:
    root.model_settings.write_text("{]")
    stage = Stage(root)
    assert values(stage)["context"] == (0, "settings")
    assert (root.root / "models.damaged.json").exists()
    stage.app.close()
