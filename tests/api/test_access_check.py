"""What a request must say of itself, header by header."""

import pytest
from starlette.datastructures import Headers

from core.api.accepted_tokens import AcceptedTokens
from core.api.access_check import AccessCheck, origin_headers
from core.api.api_errors import ApiError

PORT, PAGE = 8765, "http://localhost:3000"


@pytest.fixture
def check() -> AccessCheck:
    return AccessCheck(AcceptedTokens(()), PORT, (PAGE,))


def sent(*lines: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode()) for name, value in lines])


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        (f"127.0.0.1:{PORT}", "evil.example"),
        (f"127.0.0.1:{PORT}", f"127.0.0.1:{PORT}"),
        (f"evil.example@127.0.0.1:{PORT}",),
        (f"127.0.0.1:{PORT}/evil",),
        ("127.0.0.1",),
    ],
)
def test_a_host_is_named_once_and_plainly(check: AccessCheck, hosts: tuple[str, ...]) -> None:
    with pytest.raises(ApiError) as refused:
        check.check_host(sent(*(("host", host) for host in hosts)))
    assert (refused.value.status, refused.value.code) == (403, "host_refused")


def test_a_page_has_one_origin(check: AccessCheck) -> None:
    assert check.check_origin(sent(("origin", PAGE))) == PAGE
    with pytest.raises(ApiError) as refused:
        check.check_origin(sent(("origin", PAGE), ("origin", "http://evil.example")))
    assert refused.value.code == "origin_refused"


def test_what_a_page_may_read_is_kept_for_no_other() -> None:
    """Without “Vary” a cache between them would hand one page's leave to another."""
    assert (b"vary", b"Origin") in origin_headers(PAGE)
    assert origin_headers("") == []


def test_a_kind_of_content_is_named_once(check: AccessCheck) -> None:
    json, form = ("content-type", "application/json"), ("content-type", "text/plain")
    check.check_content("POST", sent(json))
    for lines in ((json, form), (form, json), ()):
        with pytest.raises(ApiError) as refused:
            check.check_content("POST", sent(*lines))
        assert refused.value.status == 415
