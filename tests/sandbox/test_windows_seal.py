"""What Windows would be asked, role by role and in order; nothing of it was ever run there."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from core.messages import Seal
from core.sandbox import windows_policies as policies
from core.sandbox.grants import Grants
from core.sandbox.role_rules import RoleRules, rules_of
from core.sandbox.seal_level import SealLevel
from core.sandbox.windows_calls import SystemCalls
from core.sandbox.windows_seal import limit_memory, mark_places, seal_on_windows

CODE, CALLS, CHILDREN = policies.DYNAMIC_CODE, policies.SYSTEM_CALLS, policies.CHILDREN
ROLES: dict[str, set[int]] = {
    "engine": {CHILDREN},
    "planner": {CHILDREN},
    "quantizer": {CHILDREN},
    "trainer": {CHILDREN},
    "bench": {CHILDREN},
    "library": set(),
    "extractor": {CHILDREN, CODE},
    "recognizer": {CHILDREN},
    "renderer": {CHILDREN, CODE},
    "selftest": {CHILDREN, CODE},
    "courier": {CHILDREN, CODE, CALLS},
    "api": {CHILDREN, CODE, CALLS},
    "selftest_server": {CHILDREN, CODE, CALLS},
}
ALL_ROLES = {policies.EXTENSION_POINTS, policies.FONTS, policies.IMAGES}


class Windows:
    """Notes what it is asked; `refuses` names what fails."""

    def __init__(self, *refuses: str, is_remote: bool = False) -> None:
        self.asked: list[tuple[object, ...]] = []
        self._refuses = refuses
        self._is_remote = is_remote

    def _note(self, *call: object) -> bool:
        self.asked.append(call)
        return call[0] not in self._refuses

    def set_policy(self, policy: int, flags: int) -> bool:
        return self._note("policy", policy, flags)

    def limit_by_job(self, flags: int, processes: int, memory: int, screen: int) -> bool:
        return self._note("job", flags, processes, memory, screen)

    def keep_privileges(self, names: Iterable[str]) -> bool:
        return self._note("privileges", *names)

    def can_write_when_low(self, folders: Iterable[str]) -> bool:
        return self._note("try", *folders)

    def lower_integrity(self) -> bool:
        return self._note("low")

    def mark_for_low(self, path: str) -> bool:
        return self._note("mark", path)

    def is_remote(self, path: str) -> bool:
        return self._is_remote

    def show_no_dialogs(self) -> None:
        self._note("no dialogs")

    @property
    def steps(self) -> list[object]:
        return list(dict.fromkeys(call[0] for call in self.asked))

    @property
    def policies(self) -> dict[object, object]:
        return {policy: flags for what, policy, flags in filter(_is_policy, self.asked)}


def _is_policy(call: tuple[object, ...]) -> bool:
    return call[0] == "policy"


def seal(role: str, windows: Windows, level: SealLevel = SealLevel.WHOLE) -> Seal:
    return seal_on_windows(rules_of(role), Grants(), level, windows)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_refused_what_its_rules_do_without(role: str) -> None:
    windows = Windows()
    found = seal(role, windows)
    assert windows.policies.keys() == ALL_ROLES | ROLES[role]
    assert found.calls
    assert not found.files  # reading is never refused there
    assert not found.sockets
    is_low = role not in {"courier", "bench"}
    assert found.writes == is_low
    assert ("low integrity" in found.means) == is_low
    (job,) = (call for call in windows.asked if call[0] == "job")
    assert job == ("job", *((0x400, 0) if role == "library" else (0x408, 1)), 0, 0xFF)


def test_what_needs_rights_comes_before_they_are_given_away() -> None:
    windows = Windows()
    seal("engine", windows)
    assert windows.steps == ["no dialogs", "job", "policy", "privileges", "try", "low"]


def test_a_role_that_could_not_write_its_folder_keeps_its_rights(tmp_path: Path) -> None:
    windows = Windows("try")
    grants = Grants(write=(str(tmp_path), str(tmp_path / "a file")))
    found = seal_on_windows(rules_of("library"), grants, SealLevel.WHOLE, windows)
    assert ("try", str(tmp_path)) in windows.asked
    assert "low" not in windows.steps
    assert not found.writes
    assert found.calls


def test_less_leaves_rights_and_what_breaks_libraries() -> None:
    windows = Windows()
    found = seal("courier", windows, SealLevel.LESS)
    assert windows.policies.keys() == {*ALL_ROLES, CHILDREN}
    assert not found.writes
    assert "low" not in windows.steps


def test_what_fails_is_not_said_to_hold() -> None:
    found = seal("engine", Windows("job", "policy", "privileges", "low"))
    assert found == Seal(means="0 of 4 policies")


def test_libraries_of_another_computer_are_loaded_where_the_program_lies_there() -> None:
    near, far = Windows(), Windows(is_remote=True)
    seal("engine", near)
    seal("engine", far)
    assert near.policies[policies.IMAGES] == 7
    assert far.policies[policies.IMAGES] == 6


def test_a_system_without_these_calls_is_said() -> None:
    class Old(Windows):
        def set_policy(self, policy: int, flags: int) -> bool:
            raise AttributeError("function 'SetProcessMitigationPolicy' not found")

    assert seal("engine", Old()) == Seal()


def test_folders_that_a_child_writes_are_marked_for_it_and_no_others(tmp_path: Path) -> None:
    places = (str(tmp_path), str(tmp_path / "gone"))
    for role, marked in (("library", 1), ("courier", 0), ("bench", 0), ("program", 0)):
        windows = Windows("mark")
        mark_places(role, places, windows)
        assert windows.asked == [("mark", str(tmp_path))] * marked


def test_memory_of_a_reader_is_limited_by_a_job_of_its_own() -> None:
    windows = Windows()
    assert limit_memory(1 << 30, windows)
    assert windows.asked == [("job", 0x100, 0, 1 << 30, 0)]


def test_other_systems_have_none_of_it() -> None:
    with pytest.raises(OSError, match="no such calls"):
        SystemCalls()
    assert seal_on_windows(RoleRules(), Grants(), SealLevel.WHOLE) == Seal()
    assert not limit_memory(1)
