"""Key store: keys and tokens in the system's own store, and nowhere else."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

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
PATIENCE_SECONDS = 60.0
"""A store may ask the person for its password meanwhile; some never answer, such as one whose
window is on a screen that is gone."""
Answer = TypeVar("Answer")


def store_key(name: str, key: str) -> None:
    """Store `key` under `name`; "" deletes the stored one. Raises NetworkError.

    So it does for a store that does not answer within a minute.
    """
    try:
        if key:
            _asked(lambda: keyring.set_password(SERVICE, name, key), PATIENCE_SECONDS)
        else:
            _asked(lambda: keyring.delete_password(SERVICE, name), PATIENCE_SECONDS)
    except PasswordDeleteError:
        return  # there was no key
    except NoKeyringError as error:
        if key:
            raise _missing_error(error) from error
    except Exception as error:
        raise _missing_error(error) from error


def read_key(name: str, patience: float | None = PATIENCE_SECONDS) -> str:
    """Return the key under `name`, "" where there is none. Raises NetworkError without a store.

    `patience`: seconds that the store has for its answer; None for as long as it takes.
    """
    try:
        return _asked(lambda: keyring.get_password(SERVICE, name), patience) or ""
    except Exception as error:
        raise _missing_error(error) from error


def access_token_name(endpoint: HostAddress) -> str:
    """Return the name of a hub's token in the key store."""
    return f"token {endpoint.origin}"


def _asked(call: Callable[[], Answer], patience: float | None) -> Answer:
    """Return what the store answers; the thread of one that never does is left behind."""
    if patience is None:
        return call()
    answer: Future[Answer] = Future()
    threading.Thread(
        target=_answer, args=(call, answer), name="key store call", daemon=True
    ).start()
    return answer.result(patience)


def _answer(call: Callable[[], Answer], answer: "Future[Answer]") -> None:
    try:
        answer.set_result(call())
    except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
        answer.set_exception(error)


def _missing_error(error: Exception) -> NetworkError:
    """Return the error for a missing store; backends raise errors of their systems, too."""
    if isinstance(error, NoKeyringError):
        detail = _("none is set up")
    elif isinstance(error, TimeoutError):
        detail = _("it does not answer")
    else:
        detail = str(error) if isinstance(error, KeyringError) else type(error).__name__
    return NetworkError(
        ErrorCode.KEY_STORE_MISSING, detail=detail.splitlines()[0] if detail else ""
    )
