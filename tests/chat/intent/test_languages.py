"""Languages of messages: each is listed, and each of its phrases is a pattern of its own."""

import pkgutil
import re
from collections.abc import Iterator

import msgspec
import pytest

from core.chat.intent import languages
from core.chat.intent.all_languages import LANGUAGES, any_of
from core.chat.intent.language import Language

FILLED = {
    "<files>", "<kinds>", "<any>", "<holder>", "<period>", "<says>", "<works>", "<ranks>", "<end>",
}  # fmt: skip
BY_CODE = {each.code: each for each in LANGUAGES}


def phrases(language: Language) -> Iterator[tuple[str, str]]:
    for section in ("talk", "tasks", "library", "sums"):
        for name, text in msgspec.structs.asdict(getattr(language, section)).items():
            if text:
                yield f"{section}.{name}", text


def test_each_module_is_a_language_that_is_listed() -> None:
    modules = {module.name for module in pkgutil.iter_modules(languages.__path__)}
    assert len(modules) == len(LANGUAGES) == len(BY_CODE)


@pytest.mark.parametrize("code", BY_CODE)
def test_a_phrase_is_a_pattern_without_empty_alternatives(code: str) -> None:
    found = list(phrases(BY_CODE[code]))
    assert found
    for name, text in found:
        assert set(re.findall(r"(?<!\?P)<[a-z]+>", text)) <= FILLED, name
        assert not re.compile(text).fullmatch(""), f"{name} matches what says nothing"


def test_alternatives_are_gathered_choice_by_choice() -> None:
    few = [BY_CODE["en"], BY_CODE["th"], BY_CODE["de"]]
    joined = any_of(lambda each: each.talk.joiners, lambda each: each.sums.power, languages=few)
    assert joined == "(?:and|und|to the power of|hoch)"
