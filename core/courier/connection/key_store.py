"""Key store: keys and tokens in the system's own store, and nowhere else."""

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.host_address import HostAddress
from core.courier.connection.light_keyring import (
    KeyringError,
    NoKeyringError,
    PasswordDeleteError,
    keyring,
)

SERVICE = "Inglenook"


def store_key(name: str, key: str) -> None:
    """Store `key` under `name`; "" deletes the stored one. Raises NetworkError."""
    try:
        if key:
            keyring.set_password(SERVICE, name, key)
        else:
            keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return  # there was no key
    except NoKeyringError as error:
        if key:
            raise _missing_error(error) from error
    except Exception as error:
        raise _missing_error(error) from error


def read_key(name: str) -> str:
    """Return the key under `name`, "" where there is none. Raises NetworkError without a store."""
    try:
        return keyring.get_password(SERVICE, name) or ""
    except Exception as error:
        raise _missing_error(error) from error


def access_token_name(endpoint: HostAddress) -> str:
    """Return the name of a hub's token in the key store."""
    return f"token {endpoint.origin}"


def _missing_error(error: Exception) -> NetworkError:
    """Return the error for a missing store; backends raise errors of their systems, too."""
    if isinstance(error, NoKeyringError):
        detail = _("none is set up")
    else:
        detail = str(error) if isinstance(error, KeyringError) else type(error).__name__
    return NetworkError(
        ErrorCode.KEY_STORE_MISSING, detail=detail.splitlines()[0] if detail else ""
    )
