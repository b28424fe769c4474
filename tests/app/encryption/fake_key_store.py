"""A key store of the system, as a dictionary: there, gone, or another one."""

from dataclasses import dataclass, field


@dataclass
class FakeKeyStore:
    """Keeps keys while `works`."""

    works: bool = True
    keys: dict[str, bytes] = field(default_factory=dict)

    def read_key(self, folder_id: str) -> bytes | None:
        return self.keys.get(folder_id) if self.works else None

    def keep_key(self, folder_id: str, key: bytes) -> bool:
        if self.works:
            self.keys[folder_id] = key
        return self.works

    def forget_key(self, folder_id: str) -> None:
        self.keys.pop(folder_id, None)
