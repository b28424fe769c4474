"""Hub listing: the files of a repository on a model hub, asked by huggingface_hub."""

import threading
import time
from collections.abc import Callable

import httpx2
import msgspec
from huggingface_hub import HfApi, ModelInfo, set_client_factory
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.host_address import HostAddress, parse_address
from core.courier.connection.http_connections import (
    MAX_JSON_BYTES,
    HttpConnections,
    expect_json,
    limit_size,
    translate_network_errors,
)
from core.courier.connection.key_store import find_access_token
from core.messages import HubFile, ListRepository, RepositoryListed

TRIES = 3
MOST_BYTES = 1 << 50
"""A larger file is none."""
LONGEST_NAME = 200
"""Bytes of a file's or folder's name; disks take 255, and “.part.json.lock” comes behind it."""
_one_at_a_time = threading.Lock()  # the client that huggingface_hub keeps for the whole process


def list_repository(
    request: ListRepository, web: HttpConnections, sleep: Callable[[float], object] = time.sleep
) -> RepositoryListed:
    """Return the files of a repository, as its hub lists them. Raises NetworkError."""
    endpoint = parse_address(request.endpoint)
    web.allow_address(endpoint)
    for attempt in range(1, TRIES + 1):
        try:
            info = _ask(request, endpoint, web)
            break
        except NetworkError as error:
            if error.code != ErrorCode.HOST_TROUBLE or attempt == TRIES:
                raise
            sleep(request.patience * 2.0**attempt)
    listed = RepositoryListed(
        request_id=request.request_id,
        repository=info.id or request.repository,
        commit=info.sha or request.revision,
        files=tuple(_files(info)),
        licence=_licence(info),
        gated=bool(info.gated),
    )
    try:
        # Nobody has looked yet whether what the hub calls a text is one.
        return msgspec.convert(msgspec.to_builtins(listed), RepositoryListed)
    except msgspec.ValidationError as error:
        web.record_failure(endpoint)
        raise _no_listing(endpoint) from error


def _ask(request: ListRepository, endpoint: HostAddress, web: HttpConnections) -> ModelInfo:
    def read_whole(response: httpx2.Response) -> None:
        """Judge an answer before huggingface_hub takes it for JSON."""
        if response.is_success:
            expect_json(response)
        else:
            limit_size(response, MAX_JSON_BYTES)
        web.count_received(response.url, len(response.read()))

    def make_client() -> httpx2.Client:
        client = web.create_client()
        client.event_hooks = {**client.event_hooks, "response": [read_whole]}
        return client

    api = HfApi(endpoint=endpoint.url, token=find_access_token(endpoint) or False)
    with _one_at_a_time, translate_network_errors(endpoint, web):
        set_client_factory(make_client)
        try:
            return api.model_info(
                request.repository, revision=request.revision, files_metadata=True
            )
        except HfHubHTTPError as error:
            web.record_failure(endpoint)
            raise _refusal(error, request, endpoint) from error
        except HFValidationError as error:
            raise NetworkError(ErrorCode.FETCH_WISH, wish=request.repository) from error
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            web.record_failure(endpoint)
            raise _no_listing(endpoint) from error
        finally:
            set_client_factory(httpx2.Client)  # closes ours


def _no_listing(endpoint: HostAddress) -> NetworkError:
    detail = _("not with a list of files")
    return NetworkError(ErrorCode.HOST_NONSENSE, host=endpoint.name, detail=detail)


def _refusal(error: HfHubHTTPError, request: ListRepository, endpoint: HostAddress) -> NetworkError:
    status = error.response.status_code
    if isinstance(error, GatedRepoError) or status == httpx2.codes.FORBIDDEN:
        return gated_error(endpoint, request.repository)
    if isinstance(error, RevisionNotFoundError):
        what = f"{request.repository}@{request.revision}"
        return NetworkError(ErrorCode.HUB_NOT_FOUND, host=endpoint.name, what=what)
    if status == httpx2.codes.UNAUTHORIZED:
        facts = {"host": endpoint.name, "repository": request.repository}
        return NetworkError(ErrorCode.HUB_NOT_SHOWN, **facts)
    if isinstance(error, RepositoryNotFoundError) or status == httpx2.codes.NOT_FOUND:
        return NetworkError(ErrorCode.HUB_NOT_FOUND, host=endpoint.name, what=request.repository)
    return refusal_error(endpoint, status)


def gated_error(endpoint: HostAddress, repository: str) -> NetworkError:
    """Say that a repository asks for an agreement first."""
    page = f"{endpoint.url}/{repository}"
    return NetworkError(ErrorCode.HUB_GATED, repository=repository, page=page)


def refusal_error(endpoint: HostAddress, status: int) -> NetworkError:
    """Say that a host refuses, or is in trouble."""
    code = ErrorCode.HOST_TROUBLE if is_temporary_status(status) else ErrorCode.HOST_REFUSES
    return NetworkError(code, host=endpoint.name, status=str(status))


def is_temporary_status(status: int) -> bool:
    """Whether a refusal may be over in a moment."""
    return status in {408, 425, 429} or status >= 500


def _files(info: ModelInfo) -> list[HubFile]:
    files = []
    for sibling in info.siblings or []:
        if sibling.size is None or not _can_be_fetched(sibling.rfilename, sibling.size):
            continue
        if sibling.lfs is not None:
            digest = f"sha256:{sibling.lfs.sha256}"
        else:
            digest = f"git:{sibling.blob_id}" if sibling.blob_id else ""
        files.append(HubFile(name=sibling.rfilename, size=sibling.size, digest=digest))
    return files


def _can_be_fetched(name: object, size: object) -> bool:
    """Whether a file has a size, and a name that every disk takes and every terminal shows."""
    return (
        isinstance(name, str)
        and isinstance(size, int)
        and 0 < size <= MOST_BYTES
        and name.isprintable()
        and not any(letter in name for letter in ':*?"<>|\\')
        and all(0 < len(word.encode(errors="replace")) <= LONGEST_NAME for word in name.split("/"))
    )


def _licence(info: ModelInfo) -> str:
    for tag in info.tags if isinstance(info.tags, list) else []:
        if isinstance(tag, str) and tag.startswith("license:"):
            return tag.removeprefix("license:")
    return ""
