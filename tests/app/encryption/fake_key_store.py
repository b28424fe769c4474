"""A key store of the system, as a dictionary: there, gone, or another one."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class FakeKeyStore:
    """Keeps keys while `works`."""

    works: bool = True
    keys: dict[str, bytes] = field(default_factory=dict)

    def read_keys(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        found = [(name, self.keys[name]) for name in names if self.works and name in self.keys]
        yield from found

    def keep_key(self, name: str, key: bytes) -> bool:
        if self.works:
            self.keys[name] = key
        return self.works

    def forget_key(self, name: str) -> bool:
        self.keys.pop(name, None)
        return True


class WaitingKeyStore(FakeKeyStore):
    """Answers when the person has answered its own question; until then it holds up who asks."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        super().__init__(keys=keys)
        self.question = threading.Event()
        self.was_asked_by: list[threading.Thread] = []

    def read_keys(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        self.was_asked_by.append(threading.current_thread())
        assert self.question.wait(60)
        return super().read_keys(names)

    def keep_key(self, name: str, key: bytes) -> bool:
        self.was_asked_by.append(threading.current_thread())
        assert self.question.wait(60)
        return super().keep_key(name, key)
