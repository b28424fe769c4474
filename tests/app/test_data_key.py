"""The whole application under a data key: nothing it keeps is plain, and all of it comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.app.root_lock import collect_open_requests, send_open_request
from core.base.data_key import KEY_BYTES, use_data_key
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.base.settings.app_settings import PRESET
from core.courier.connection.contact_log import ContactLog, read_contacts
from core.engine.runtime.kv_snapshots import KvSnapshot, KvSnapshotStore
from core.library.store.library_records import LibraryRecords
from core.models.model_settings_store import NO_MODEL_SETTINGS, ModelSettingsStore
from tests.app.stage import Stage
from tests.fakes.app import FakeChildren
from tests.fakes.toy_cipher import ToyCipher

KEY = bytes(range(KEY_BYTES))
SECRET = "Aunt Mathilda"
PLAIN_BY_DESIGN = {"front-end.log", "front-end.lock"}


@pytest.fixture(autouse=True)
def _plain_again() -> Iterator[None]:
    yield
    use_data_key(lambda: None)


def keep_something(root: Paths) -> None:
    """Have each store of the front end and of the children write its file."""
    stage = Stage(root)
    stage.loaded()
    stage.app.questions.ask_question(f"Who is {SECRET}?")
    stage.engine.answer(f"{SECRET} is your aunt.")
    stage.app.process_events()
    stage.app.settings.set_value(PRESET, "precise")
    stage.app.servers.add_server(SECRET, ["http://127.0.0.1:9"], "m")
    model = stage.app.registry.list_models()[0]
    own = structs.replace(NO_MODEL_SETTINGS, system_prompt=f"You are {SECRET}.")
    ModelSettingsStore(root.model_settings).save_model_settings(model.path, own)
    stage.app.close()
    send_open_request(root, [f"/home/{SECRET}"])
    contact = ContactLog(root.contacts).open_contact("example.org", 443, "list", SECRET)
    contact.finish_contact("done")
    records = LibraryRecords(root)
    records.set_metadata("note", SECRET)
    records.close()
    states = KvSnapshotStore()
    folder = root.states / "chat"
    folder.mkdir()
    states.configure_limits(str(root.states), 10**6, 0)
    states.write_to_disk("k" * 40, str(folder), KvSnapshot((1, 2), bytearray(SECRET.encode())))
    states.close()


def kept_files(root: Paths) -> list[Path]:
    return [
        path
        for path in sorted(root.root.rglob("*"))
        if path.is_file() and path.stat().st_size and path.name not in PLAIN_BY_DESIGN
    ]


def looks_plain(path: Path) -> bool:
    content = path.read_bytes()
    if SECRET.encode() in content or content.startswith((b"SQLite", b"INGLSTA")):
        return True
    return content.startswith((b"{", b"[")) and content.isascii()  # not by the chance of one byte


def test_without_a_key_everything_is_plain(root: Paths, starter_model: Path) -> None:
    keep_something(root)
    assert [path.name for path in kept_files(root) if not looks_plain(path)] == [
        "checksums.cache",  # msgpack
        "shelf.cache",
    ]


def test_with_a_key_nothing_is_plain_and_all_comes_back(root: Paths, starter_model: Path) -> None:
    use_data_key(lambda: KEY, ToyCipher)
    keep_something(root)
    files = kept_files(root)
    assert [path.name for path in files if looks_plain(path)] == []
    assert {path.name for path in files} >= {
        "chats.db", "library.db", "settings.json", "servers.json", "models.json",
        "contacts.jsonl", "checksums.cache",
    }  # fmt: skip
    assert collect_open_requests(root) == [[f"/home/{SECRET}"]]
    assert [contact.about for contact in read_contacts(root.contacts)] == [SECRET]
    found = KvSnapshotStore().find_longest("k" * 40, str(root.states / "chat"), [1, 2, 3])
    assert found is not None
    assert found.data == SECRET.encode()
    stage = Stage(root)
    assert [chat.title for chat in stage.app.chats.list_chats()] == [f"Who is {SECRET}?"]
    assert stage.app.settings.get_value(PRESET) == "precise"
    assert [server.model for server in stage.app.servers.list_servers()] == ["m"]
    stage.app.close()


def test_another_key_is_told_and_nothing_is_lost(root: Paths, starter_model: Path) -> None:
    use_data_key(lambda: KEY, ToyCipher)
    keep_something(root)
    before = {path: path.read_bytes() for path in kept_files(root)}
    use_data_key(lambda: bytes(KEY_BYTES), ToyCipher)
    app = FakeChildren().make_app(root)
    with pytest.raises(StorageError) as caught:
        app.open_root()
    assert caught.value.code is ErrorCode.DATA_KEY_WRONG
    assert {path: path.read_bytes() for path in before} == before
