"""Key store: keys and tokens in the system's own store; they are written nowhere else."""

import os

import keyring
from keyring.errors import KeyringError, NoKeyringError, PasswordDeleteError

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.host_address import HostAddress

SERVICE = "Inglenook"
TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 - the name of a variable


def store_key(name: str, key: str) -> None:
    """Keep `key` under `name`, or forget what is there for "". Raises NetworkError."""
    try:
        if key:
            keyring.set_password(SERVICE, name, key)
        else:
            keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return  # there was none
    except Exception as error:
        raise _missing(error) from error


def read_key(name: str) -> str:
    """Return the key under `name`, "" where there is none. Raises NetworkError without a store."""
    try:
        return keyring.get_password(SERVICE, name) or ""
    except Exception as error:
        raise _missing(error) from error


def find_access_token(endpoint: HostAddress) -> str:
    """Return the access token for the hub at `endpoint`: of the key store, else the variable's."""
    try:
        kept = read_key(access_token_name(endpoint))
    except NetworkError:
        kept = ""  # most people need none
    if kept or (endpoint.scheme != "https" and not endpoint.is_this_machine):
        return kept  # the variable names no hub: it goes to none in the clear
    return os.environ.get(TOKEN_VARIABLE, "").strip()


def access_token_name(endpoint: HostAddress) -> str:
    """Name the token of a hub in the key store."""
    return f"token {endpoint.origin}"


def _missing(error: Exception) -> NetworkError:
    """Say that there is no store: backends raise what their system gives them, not only theirs."""
    if isinstance(error, NoKeyringError):
        detail = _("none is set up")
    else:
        detail = str(error) if isinstance(error, KeyringError) else type(error).__name__
    return NetworkError(
        ErrorCode.KEY_STORE_MISSING, detail=detail.splitlines()[0] if detail else ""
    )
