"""Hubs and servers that mean harm: the courier says so in a sentence, and goes on."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.connection.host_address import parse_address
from core.courier.connection.http_connections import limit_size
from core.courier.servers.server_answer_buffer import ServerAnswerBuffer
from core.courier.servers.server_stream import StreamPiece, read_stream
from core.messages import DownloadFiles, DownloadTarget, Failed, RepositoryListed
from tests.courier.conftest import Courier
from tests.courier.hub import LoopbackHub
from tests.courier.test_fetching import REPOSITORY, fetch, listed, listing

GOOD = {"rfilename": "good.Q8_0.gguf", "size": 5, "blobId": "b" * 40}
HERE = parse_address("http://127.0.0.1:8000")


def odd(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def answer(content: bytes, **headers: str) -> httpx2.Response:
    return httpx2.Response(
        200, content=iter([content]), headers=headers, request=httpx2.Request("GET", HERE.url)
    )


@pytest.mark.parametrize(
    "file",
    [
        odd(size="12"),
        odd(size=-5),
        odd(size=10**30),
        odd(rfilename=["x"]),
        odd(rfilename=None),
        odd(rfilename="a\x1b[31m.gguf"),
        odd(rfilename="a" * 300 + ".gguf"),
        odd(rfilename="a:stream.gguf"),
        odd(rfilename="..\\a.gguf"),
    ],
)
def test_files_nobody_could_keep_are_not_listed(
    hub: LoopbackHub, courier: Courier, file: dict[str, Any]
) -> None:
    hub.add(REPOSITORY, "any.gguf", b"any")
    hub.go_wrong(lists=json.dumps({"id": REPOSITORY, "sha": "c" * 40, "siblings": [file, GOOD]}))
    found = listed(hub, courier)
    assert [each.name for each in found.files] == [GOOD["rfilename"]]


@pytest.mark.parametrize(
    "lists",
    ['{"id": ["x"], "siblings": []}', '{"id": "a/b", "sha": [1], "siblings": []}', "[" * 200_000],
)
def test_a_listing_of_another_shape_is_said_and_costs_no_other_work(
    hub: LoopbackHub, courier: Courier, lists: str
) -> None:
    hub.add(REPOSITORY, "any.gguf", b"any")
    hub.go_wrong(lists=lists)
    failed = courier.ask(listing(hub))
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.HOST_NONSENSE
    pid = courier.client.pid
    hub.go_wrong(lists=json.dumps({"id": REPOSITORY, "tags": [5, None], "siblings": [GOOD]}))
    assert isinstance(courier.ask(listing(hub)), RepositoryListed)
    assert courier.client.pid == pid


def test_an_endless_listing_is_not_read_to_the_end(hub: LoopbackHub, courier: Courier) -> None:
    hub.add(REPOSITORY, "any.gguf", b"any")
    hub.go_wrong(endless=True)
    failed = courier.ask(listing(hub))
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.HOST_NONSENSE


def test_a_file_of_the_same_name_and_size_is_never_written_over(
    hub: LoopbackHub, courier: Courier, root: Paths
) -> None:
    hub.add(REPOSITORY, "same.Q8_0.gguf", b"theirs")
    mine = root.models / "same.Q8_0.gguf"
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_bytes(b"my own")
    failed = courier.ask(fetch(hub, listed(hub, courier).files, root.models))
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.FETCH_EXISTS
    assert mine.read_bytes() == b"my own"


def test_more_than_agreed_is_not_read() -> None:
    response = answer(b"x" * 1000)
    limit_size(response, 999)
    with pytest.raises(NetworkError) as raised:
        response.read()
    assert raised.value.code == ErrorCode.HOST_NONSENSE
    response = answer(b"x" * 999)
    limit_size(response, 999)
    assert len(response.read()) == 999


def test_what_is_packed_could_become_anything() -> None:
    with pytest.raises(NetworkError) as refused:
        limit_size(answer(b"", **{"content-encoding": "gzip"}), 999)
    assert refused.value.code == ErrorCode.HOST_NONSENSE


def test_odd_events_are_read_or_refused_in_words() -> None:
    def read(event: str) -> list[StreamPiece]:
        stream = answer(f"data: {event}\n\n".encode(), **{"content-type": "text/event-stream"})
        return list(read_stream(stream, HERE))

    (piece,) = read('{"choices": [{"finish_reason": ["x"]}], "usage": {"prompt_tokens": 1e30}}')
    assert piece.stop == "stop"
    (piece,) = read(f'{{"choices": [{{"finish_reason": "stop"}}], "usage": {{"x": {10**40}}}}}')
    assert piece.stop == "eos"
    with pytest.raises(NetworkError) as raised:
        read("x" * 3_000_000)
    assert raised.value.code == ErrorCode.HOST_NONSENSE
    with pytest.raises(NetworkError) as raised:
        read("[" * 200_000)
    assert raised.value.code == ErrorCode.HOST_NONSENSE


def test_letters_of_an_answer_are_counted() -> None:
    written = ServerAnswerBuffer("1", lambda _event: None, "")
    written.add_piece(StreamPiece(text="four", thought="and six", stop="", usage=None))
    assert written.letter_count == 11
    written.restart_answer()
    assert written.letter_count == 0


def test_a_half_known_answer_names_its_file(
    hub: LoopbackHub, courier: Courier, root: Paths
) -> None:
    """A digest that proves nothing is refused before a byte is asked for."""
    wanted = DownloadTarget(
        name="a.gguf", target=str(Path(root.models, "a.gguf")), size=5, digest="x"
    )
    request = DownloadFiles(
        request_id="", endpoint=hub.endpoint, repository=REPOSITORY, commit="main", files=(wanted,)
    )
    failed = courier.ask(request)
    assert isinstance(failed, Failed)
    assert (failed.code, hub.asked()) == (ErrorCode.FETCH_UNPROVABLE, [])
