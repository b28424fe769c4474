"""Hub listing: the files of a repository on a model hub, by means of huggingface_hub."""

import threading
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
from core.messages import HubFile, ListRepository, RepositoryListed

TRIES = 3
MOST_BYTES = 1 << 50
"""Largest size of a file that is believed."""
LONGEST_NAME = 200
"""Bytes of a file's or folder's name; disks allow 255, and “.part.json.lock” is appended."""
_one_at_a_time = threading.Lock()  # the client that huggingface_hub keeps for the whole process


def list_repository(
    request: ListRepository, http: HttpConnections, sleep: Callable[[float], object]
) -> RepositoryListed:
    """Return the files of a repository; blocks. Raises NetworkError."""
    endpoint = parse_address(request.endpoint)
    http.allow_address(endpoint)
    for attempt in range(1, TRIES + 1):
        try:
            info = _model_info(request, endpoint, http)
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
        # Nothing has checked yet that the fields from the hub have their types.
        return msgspec.convert(msgspec.to_builtins(listed), RepositoryListed)
    except msgspec.ValidationError as error:
        http.record_failure(endpoint)
        raise _nonsense_error(endpoint) from error


def _model_info(request: ListRepository, endpoint: HostAddress, http: HttpConnections) -> ModelInfo:
    def read_whole(response: httpx2.Response) -> None:
        """Check a response before huggingface_hub parses it as JSON."""
        if response.is_success:
            expect_json(response)
        else:
            limit_size(response, MAX_JSON_BYTES)
        http.count_received(response.url, len(response.read()))

    def make_client() -> httpx2.Client:
        client = http.create_client()
        client.event_hooks = {**client.event_hooks, "response": [read_whole]}
        return client

    api = HfApi(endpoint=endpoint.url, token=request.token.text or False)
    with _one_at_a_time, translate_network_errors(endpoint, http):
        set_client_factory(make_client)
        try:
            return api.model_info(
                request.repository, revision=request.revision, files_metadata=True
            )
        except HfHubHTTPError as error:
            http.record_failure(endpoint)
            raise _hub_error(error, request, endpoint) from error
        except HFValidationError as error:
            raise NetworkError(ErrorCode.FETCH_WISH, wish=request.repository) from error
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            http.record_failure(endpoint)
            raise _nonsense_error(endpoint) from error
        finally:
            set_client_factory(httpx2.Client)  # closes ours


def _nonsense_error(endpoint: HostAddress) -> NetworkError:
    detail = _("not with a list of files")
    return NetworkError(ErrorCode.HOST_NONSENSE, host=endpoint.name, detail=detail)


def _hub_error(
    error: HfHubHTTPError, request: ListRepository, endpoint: HostAddress
) -> NetworkError:
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
    """Return the error for a repository whose licence has to be accepted first."""
    page = f"{endpoint.url}/{repository}"
    return NetworkError(ErrorCode.HUB_GATED, repository=repository, page=page)


def refusal_error(endpoint: HostAddress, status: int) -> NetworkError:
    """Return the error for a host that refuses or has a temporary problem."""
    code = ErrorCode.HOST_TROUBLE if is_temporary_status(status) else ErrorCode.HOST_REFUSES
    return NetworkError(code, host=endpoint.name, status=str(status))


def is_temporary_status(status: int) -> bool:
    """Whether a request with this status may succeed a moment later."""
    return status in {408, 425, 429} or status >= 500


def _files(info: ModelInfo) -> list[HubFile]:
    files = []
    for sibling in info.siblings or []:
        if sibling.size is None or not _can_be_downloaded(sibling.rfilename, sibling.size):
            continue
        if sibling.lfs is not None:
            digest = f"sha256:{sibling.lfs.sha256}"
        else:
            digest = f"git:{sibling.blob_id}" if sibling.blob_id else ""
        files.append(HubFile(name=sibling.rfilename, size=sibling.size, digest=digest))
    return files


def _can_be_downloaded(name: object, size: object) -> bool:
    """Whether a file has a size, and a name that every disk and every terminal can handle."""
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
