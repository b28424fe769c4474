"""What macOS would be asked, role by role; the profiles themselves were never run there."""

import dataclasses
import os
import re
import sys
from pathlib import Path

import pytest

from core.sandbox import macos_seal
from core.sandbox.grants import Grants
from core.sandbox.macos_profile import MacosPlaces, less_profile, program_profile, whole_profile
from core.sandbox.role_rules import RoleRules, rules_of
from core.sandbox.seal_level import SealLevel

ROLES = (
    "engine",
    "planner",
    "quantizer",
    "trainer",
    "bench",
    "library",
    "extractor",
    "recognizer",
    "renderer",
    "selftest",
    "courier",
    "api",
    "selftest_server",
)
PLACES = MacosPlaces(
    program=("/Applications/Inglenook.app",),
    system=("/System/Library",),
    listed=("/Applications",),
    read=('/Users/ada/a "model".gguf',),
    write=("/Users/ada/data/library-data",),
    run=("/Applications/Inglenook.app/Contents/MacOS/inglenook-cli",),
    shaders=("/private/var/folders/x/y/C/com.apple.metal",),
    home="/Users/ada",
)
ALLOWED: dict[str, set[str]] = {
    "iokit-open": {"engine", "planner", "quantizer", "bench"},
    "process-exec": {"library"},
    "process-fork": {"library"},
    "network-outbound": {"courier", "selftest_server"},
    "network-bind": {"api", "selftest_server"},
    "Keychains": set(),
    "SecurityServer": set(),
    "MTLCompilerService": {"engine", "planner", "quantizer", "bench"},
    "same-sandbox": {"library"},
}


def allowed(profile: str) -> list[str]:
    return [line for line in profile.splitlines() if line.startswith("(allow")]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_its_rules_say_and_nothing_else(role: str) -> None:
    profile = whole_profile(rules_of(role), PLACES)
    assert profile.startswith("(version 1)\n(deny default)\n")
    for word, roles in ALLOWED.items():
        assert any(word in line for line in allowed(profile)) == (role in roles), word
    readable = [line for line in allowed(profile) if "file-read*" in line]
    assert not any('(subpath "/Users/ada")' in line for line in readable)
    assert any(r'(subpath "/Users/ada/a \"model\".gguf")' in line for line in readable)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("profile_of", [whole_profile, less_profile])
def test_each_rule_is_whole_and_has_its_reason(role: str, profile_of: object) -> None:
    assert callable(profile_of)
    lines = profile_of(rules_of(role), PLACES).splitlines()[2:]
    for reason, rule in zip(lines[::2], lines[1::2], strict=True):
        assert reason.startswith("; ")
        bare = re.sub(r'"(?:\\.|[^"\\])*"', "", rule)
        assert bare.count("(") == bare.count(")") > 0
        assert re.match(r"\((allow|deny|if) ", rule)


def test_a_program_of_ones_own_reads_what_was_agreed_to_and_writes_less() -> None:
    places = dataclasses.replace(PLACES, hidden=("/Applications/inglenook-data",))
    profile = program_profile(places, network=False)
    rules = profile.splitlines()[3::2]
    refused = next(n for n, rule in enumerate(rules) if rule.startswith("(deny file-read-data"))
    for hidden in ("/Users", "/Volumes", "/private/tmp", "/Applications/inglenook-data"):
        assert f'(subpath "{hidden}")' in rules[refused]
    granted = next(n for n, rule in enumerate(rules) if rule.startswith("(allow file-read*"))
    assert refused < granted  # of two rules that fit, the last one counts
    assert r"a \"model\".gguf" in rules[granted]
    written = [rule for rule in rules if rule.startswith("(allow file-write* ")]
    assert written == ['(allow file-write* (subpath "/Users/ada/data/library-data"))']
    assert "(deny network*)" in rules
    assert "(deny network*)" not in program_profile(PLACES, network=True)


def test_a_program_that_may_write_nothing_is_given_no_place_to_write() -> None:
    nowhere = MacosPlaces(program=("/usr/bin/env",), home="/Users/ada")
    rules = program_profile(nowhere, network=True).splitlines()
    assert not any(rule.startswith("(allow file-write* ") for rule in rules)


def test_a_rule_for_no_path_is_left_out_since_it_would_be_for_all() -> None:
    profile = whole_profile(RoleRules(), MacosPlaces())
    assert not re.search(r"\(allow file-(read|write)\*(-data)?\)", profile)
    assert '(subpath "/")' not in whole_profile(RoleRules(), MacosPlaces(read=("/",)))


def test_a_person_s_server_is_reached_where_that_was_agreed_to() -> None:
    assert "network-outbound" not in whole_profile(rules_of("library"), PLACES)
    assert "network-outbound" in whole_profile(rules_of("library"), PLACES, servers=True)
    assert "(deny network*)" in less_profile(rules_of("library"), PLACES)


def test_the_lesser_one_hides_what_is_the_person_s_and_gives_back_what_was_handed_over() -> None:
    lines = less_profile(rules_of("extractor"), PLACES).splitlines()
    hidden = lines.index('(deny file-read-data (subpath "/Users/ada"))')
    given = next(line for line in lines if line.startswith("(allow file-read*"))
    assert hidden < lines.index(given)
    assert "(deny file-write*)" in lines
    assert "(deny process-exec*)" in lines


class Mac:
    """A system that takes some profiles, on which a copy of this process says what works."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *works: bool) -> None:
        self.tried: list[str] = []
        self.applied: list[str] = []
        self._works = list(works)
        monkeypatch.setattr(macos_seal, "_works", self._try)
        monkeypatch.setattr(macos_seal, "apply_profile", self._apply)
        monkeypatch.delenv(macos_seal.OUTER_VARIABLE, raising=False)

    def _try(self, profile: str, _rules: RoleRules, _grants: Grants) -> bool:
        self.tried.append(profile)
        return self._works.pop(0)

    def _apply(self, profile: str) -> bool:
        self.applied.append(profile)
        return True


@pytest.mark.parametrize(
    ("works", "means", "calls"),
    [
        ((True,), "sandbox profile, whole", True),
        ((False, True), "sandbox profile, less", False),
        ((False, False), "", False),
    ],
)
def test_what_does_not_work_in_a_copy_is_not_put_on(
    monkeypatch: pytest.MonkeyPatch, works: tuple[bool, ...], means: str, calls: bool
) -> None:
    mac = Mac(monkeypatch, *works)
    seal = macos_seal.seal_on_macos(rules_of("extractor"), Grants(), SealLevel.WHOLE)
    assert (seal.means, seal.calls) == (means, calls)
    assert seal.files == seal.writes == bool(means)
    assert mac.applied == ([mac.tried[-1]] if means else [])


def test_less_is_applied_where_less_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, True)
    seal = macos_seal.seal_on_macos(rules_of("extractor"), Grants(), SealLevel.LESS)
    assert "(allow default)" in mac.applied[0]
    assert seal.means == "sandbox profile, less"


def test_a_reader_that_the_library_starts_is_held_already(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, True)
    macos_seal.seal_on_macos(rules_of("library"), Grants(), SealLevel.WHOLE)
    seal = macos_seal.seal_on_macos(rules_of("extractor"), Grants(), SealLevel.WHOLE)
    assert len(mac.applied) == 1
    assert "of its parent" in seal.means
    assert seal.files


def test_a_system_without_profiles_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(macos_seal.OUTER_VARIABLE, raising=False)
    if sys.platform != "darwin":  # there it would hold this very process
        assert not macos_seal.apply_profile("(version 1)")
        seal = macos_seal.seal_on_macos(rules_of("extractor"), Grants(), SealLevel.WHOLE)
        assert not seal.files
        assert not seal.means


def test_work_is_tried_before_a_profile_is_put_on(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF")
    reads = [str(tmp_path), str(tmp_path / "model.gguf")]
    assert macos_seal.can_work(RoleRules(starts_children=True), reads, [str(tmp_path)])
    assert not macos_seal.can_work(RoleRules(), [str(tmp_path / "gone")], [])
    assert [path.name for path in tmp_path.iterdir()] == ["model.gguf"]


@pytest.mark.skipif(os.name == "nt", reason="no copies of a process there")
def test_what_goes_wrong_in_the_copy_stays_there() -> None:
    assert macos_seal._in_a_copy(lambda: True)
    assert not macos_seal._in_a_copy(lambda: False)
    assert not macos_seal._in_a_copy(lambda: bool(1 / 0))
    assert not macos_seal._in_a_copy(_end_by_signal)


def _end_by_signal() -> bool:
    os.kill(os.getpid(), 9)
    return True
