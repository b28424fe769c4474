"""Pasted texts are encrypted, and extractors, which have no key, are handed their content."""

import os
from functools import partial
from pathlib import Path

from core.app.encryption.early_settings import refuse_key
from core.app.root_lock import collect_open_requests, send_open_request
from core.base.data_key import DataFileCipher, is_encrypted, use_data_key
from core.base.paths import Paths
from core.chat.store.attachment_store import AttachmentStore
from core.library.reading.encrypted_files import with_decrypted_content
from core.messages import ExtractFile

KEY = os.urandom(32)


def use_key(root: Paths) -> None:
    use_data_key(lambda: KEY, partial(DataFileCipher, root.root), proven_for=root.root)


def asked(path: str) -> ExtractFile:
    request = with_decrypted_content(ExtractFile(request_id="r", path=path))
    assert isinstance(request, ExtractFile)
    return request


def test_a_pasted_text_is_encrypted_and_read_all_the_same(root: Paths, tmp_path: Path) -> None:
    use_key(root)
    path = AttachmentStore(root.attachments).save_text("Aunt Mathilda's recipe")
    assert is_encrypted(Path(path).read_bytes())
    assert asked(path).content == b"Aunt Mathilda's recipe"
    own = tmp_path / "own.txt"
    own.write_text("mine")
    assert asked(str(own)) == ExtractFile(request_id="r", path=str(own))


def test_a_plain_file_among_them_is_read_by_nobody(root: Paths) -> None:
    use_key(root)
    path = Path(AttachmentStore(root.attachments).save_text("mine"))
    path.write_text("somebody else's")
    assert asked(str(path)) == ExtractFile(request_id="r", path="")


def test_a_second_start_without_the_key_names_no_files(root: Paths) -> None:
    use_data_key(refuse_key)
    send_open_request(root, ["/home/me/Aunt Mathilda.pdf"])
    (request,) = root.spool.iterdir()
    assert request.read_bytes() == b"[]"
    use_key(root)
    assert collect_open_requests(root) == [[]]
