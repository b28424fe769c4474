"""Half a file on the disk, addresses, the privacy log and signed news, without any server."""

import errno
import hashlib
import json
import threading
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.base.errors import ErrorCode, NetworkError
from core.courier.connection.contact_log import (
    DONE,
    OPEN,
    ContactLog,
    read_contacts,
)
from core.courier.connection.host_address import parse_address, parse_link
from core.courier.downloads import chunk_ranges
from core.courier.downloads.chunk_ranges import CHUNKS_PER_RANGE, ChunkRangeQueue
from core.courier.downloads.download_job import disk_error
from core.courier.downloads.part_file import (
    CHUNK_BYTES,
    PartFile,
    downloaded_bytes,
    file_matches_digest,
    journal_path,
    part_path,
    remove_part_files,
)
from core.courier.update_check import is_newer_version, verify_manifest
from core.messages import DownloadTarget

DATA = bytes(range(256)) * (3 * CHUNK_BYTES // 256) + b"the end"


def wanted(folder: Path, data: bytes = DATA) -> DownloadTarget:
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return DownloadTarget(
        name="a.gguf", target=str(folder / "a.gguf"), size=len(data), digest=digest
    )


def piece(index: int) -> bytes:
    return DATA[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]


def test_chunks_come_in_any_order_and_survive_being_let_go_of(tmp_path: Path) -> None:
    file = wanted(tmp_path)
    part = PartFile(file, "commit")
    part.open_files()
    part.write_chunk(3, piece(3))
    part.write_chunk(0, piece(0))
    part.close()
    assert not part.write_chunk(1, piece(1))
    with journal_path(tmp_path / "a.gguf").open("ab") as journal:
        journal.write(b"1 12")  # torn by a kill
    assert downloaded_bytes((file,)) == len(piece(0)) + len(piece(3))
    again = PartFile(file, "commit")
    again.open_files()
    assert [again.has_chunk(index) for index in range(4)] == [True, False, False, True]
    again.write_chunk(1, piece(1))
    again.close()
    again = PartFile(file, "commit")
    again.open_files()
    assert again.has_chunk(1), "its line was not written behind the torn one"
    again.write_chunk(2, piece(2))
    while again.verify_next_chunk():
        pass
    assert again.is_verified()
    again.flush_to_disk()
    again.rename_to_target()
    assert [path.name for path in tmp_path.iterdir()] == ["a.gguf"]
    assert file_matches_digest(tmp_path / "a.gguf", file.digest, file.size)
    assert downloaded_bytes((file,)) == file.size


def test_bytes_of_another_file_are_not_gone_on_with(tmp_path: Path) -> None:
    part = PartFile(wanted(tmp_path), "commit")
    part.open_files()
    part.write_chunk(0, piece(0))
    part.close()
    for other in (PartFile(wanted(tmp_path), "later"), PartFile(wanted(tmp_path, b"x"), "commit")):
        other.open_files()
        assert not other.has_chunk(0)
        other.close()
    remove_part_files(tmp_path / "a.gguf")
    assert not list(tmp_path.iterdir())


def test_two_at_once_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.courier.downloads.part_file.LOCK_SECONDS", 0.01)
    part = PartFile(wanted(tmp_path), "commit")
    part.open_files()
    with pytest.raises(NetworkError) as refused:
        PartFile(wanted(tmp_path), "commit").open_files()
    assert refused.value.code == ErrorCode.FETCH_BUSY
    part.remove_files()
    assert not part_path(tmp_path / "a.gguf").exists()


def test_small_files_are_proven_as_git_names_them(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(b"hello\n")
    assert file_matches_digest(path, "git:ce013625030ba8dba906f756967f9e9ca394464a", 6)
    assert not file_matches_digest(path, "git:" + "0" * 40, 6)
    assert not file_matches_digest(tmp_path / "gone", "git:" + "0" * 40, 6)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.FETCH_DISK_FULL),
        (errno.EDQUOT, ErrorCode.FETCH_DISK_FULL),
        (errno.EFBIG, ErrorCode.FETCH_UNWRITABLE),
        (errno.EROFS, ErrorCode.FETCH_UNWRITABLE),
    ],
)
def test_a_disk_that_refuses_is_told_from_a_full_one(number: int, code: ErrorCode) -> None:
    error = disk_error(OSError(number, "no"), "/models/a.gguf")
    assert error.code == code
    assert "/models/a.gguf" in error.message


def test_runs_are_shared_out_and_come_back(tmp_path: Path) -> None:
    size = (CHUNKS_PER_RANGE + 3) * CHUNK_BYTES
    file = DownloadTarget(
        name="a", target=str(tmp_path / "a"), size=size, digest="sha256:" + "0" * 64
    )
    part = PartFile(file, "commit")
    part.open_files()
    runs = ChunkRangeQueue([part])
    first, second = runs.take_range(), runs.take_range()
    assert first is not None
    assert second is not None
    assert (first.first, first.end, second.first, second.end) == (
        0,
        CHUNKS_PER_RANGE,
        CHUNKS_PER_RANGE,
        CHUNKS_PER_RANGE + 3,
    )
    part.write_chunk(0, bytes(CHUNK_BYTES))
    runs.return_range(first)
    third = runs.take_range()
    assert third is not None
    assert (third.first, third.end) == (1, CHUNKS_PER_RANGE)
    runs.return_range(second)
    runs.return_range(third)
    runs.require_whole_file(part)
    whole = runs.take_range()
    assert whole is not None
    assert (whole.first, whole.end) == (0, CHUNKS_PER_RANGE + 3)
    runs.close()
    assert runs.take_range() is None
    part.remove_files()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://huggingface.co/", "huggingface.co"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:80/v1", "[::1]"),
        (" https://Example.ORG:443/a/ ", "example.org"),
    ],
)
def test_addresses_are_read(text: str, name: str) -> None:
    assert parse_address(text).name == name


@pytest.mark.parametrize(
    "text",
    ["", "example.org", "ftp://a", "https://", "https://a:b@c", "http://a:99999", "http://a/?q=1",
     "http://a b/", "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_odd_addresses_are_refused(text: str) -> None:
    with pytest.raises(NetworkError) as refused:
        parse_address(text)
    assert refused.value.code == ErrorCode.ADDRESS_REFUSED


def test_keys_and_redirects_stay_on_safe_ground() -> None:
    hub, cdn, plain = map(parse_link, ("https://a.org/x?y", "https://b.org", "http://a.org"))
    assert hub.is_same_origin(parse_address("https://a.org/other"))
    assert not hub.is_same_origin(cdn)
    assert not hub.is_same_origin(plain)
    assert hub.allows_redirect_to(cdn)
    assert not hub.allows_redirect_to(plain)
    assert plain.allows_redirect_to(hub)
    assert parse_address("http://127.0.0.2:1").is_this_machine
    assert not hub.is_this_machine


def test_the_log_tells_what_was_opened_even_if_its_end_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "contacts.jsonl"
    assert read_contacts(path) == ()
    log = ContactLog(path)
    contact = log.open_contact("a.org", 443, "fetch", "maker/small", proxy="proxy")
    log.open_contact("b.org", 443, "list", "maker/small")
    contact.add_traffic(requests=1, received=100)
    assert read_contacts(path)[-1].received == 0, "not with every block"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.courier.connection.contact_log.WRITE_SECONDS", 0.0)
        contact.add_traffic()
    assert read_contacts(path)[-1].received == 100, "but now and then"
    contact.add_traffic(received=23)
    contact.finish_contact(DONE)
    with path.open("ab") as file:
        file.write(b'{"torn')
    newest, oldest = read_contacts(path)
    assert (newest.host, newest.outcome) == ("b.org", OPEN)
    assert (oldest.received, oldest.requests, oldest.outcome) == (123, 1, DONE)


def test_only_signed_news_is_believed() -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()

    def news(manifest: str, signed: str = "") -> bytes:
        signature = key.sign((signed or manifest).encode()).hex()
        return json.dumps({"manifest": manifest, "signature": signature}).encode()

    said = json.dumps({"product": "inglenook", "version": "0.3", "page": "https://a.org"})
    assert verify_manifest(news(said), public).version == "0.3"
    for forged in (
        news(said.replace("0.3", "0.4"), said),
        news(said.replace("inglenook", "another")),
    ):
        with pytest.raises(InvalidSignature):
            verify_manifest(forged, public)
    with pytest.raises(InvalidSignature):
        verify_manifest(
            news(said), Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        )


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("0.2", "0.1.9", True),
        ("0.1", "0.1.0", False),
        ("0.10", "0.9", True),
        ("1.0", "1.0rc1", True),
        ("1.0rc1", "1.0", False),
        ("nonsense", "0.1", False),
        ("v2", "1.9", True),
    ],
)
def test_versions_have_an_order(version: str, than: str, *, newer: bool) -> None:
    assert is_newer_version(version, than) == newer


def test_a_file_without_ranges_is_given_to_one_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk_ranges, "CHUNKS_PER_RANGE", 2)
    part = PartFile(wanted(tmp_path), "commit")
    part.open_files()
    queue = ChunkRangeQueue([part])
    first = queue.take_range()
    assert first is not None
    queue.require_whole_file(part)  # its server sends the whole file instead
    released = threading.Timer(0.1, queue.return_range, (first,))
    released.start()
    whole = queue.take_range()
    assert released.finished.is_set(), "another connection waits until the first gave up its range"
    assert whole is not None
    assert (whole.first, whole.end) == (0, part.chunk_count)
    released.join()
    part.close()


def test_of_too_many_contacts_the_newest_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.courier.connection.contact_log.MAX_CONTACTS", 2)
    log = ContactLog(tmp_path / "contacts")
    for number in range(4):
        log.open_contact(f"host{number}", 443, "fetch", "").finish_contact(DONE)
    ContactLog(tmp_path / "contacts")
    hosts = [each.host for each in read_contacts(tmp_path / "contacts")]
    assert hosts == ["host3", "host2"]
