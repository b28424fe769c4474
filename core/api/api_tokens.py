"""API tokens: made, kept in the system's key store or a file of this user, and compared."""

import contextlib
import hmac
import secrets
from pathlib import Path

import msgspec

from core.base.data_files import read_data_file, write_data_file
from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.courier.connection import key_store
from core.messages import COMMON_SCOPES, ApiTokenSummary

TOKEN_BYTES = 32
_PREFIX = "ing-"
"""Tells a person, and scanners of secrets, what the text is."""


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """One secret: `name` is what its requests are counted by."""

    name: str
    token: str
    scopes: tuple[str, ...] = COMMON_SCOPES


class ApiTokenStore:
    """The tokens of one data folder. Any thread may look one up, one thread changes them.

    They are in the key store, under the path of the file that holds them where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = f"api {path.parent.parent / path.name}"  # where the file was in 0.1
        self._in_key_store = False
        self._tokens = self._read()

    def find_token(self, presented: str) -> ApiToken | None:
        """Return the token that was presented; the time it takes tells nothing of any token."""
        found = None
        data = presented.encode(errors="replace")
        for token in self._tokens:
            if hmac.compare_digest(data, token.token.encode()):
                found = token
        return found

    def read_token(self, name: str, scopes: tuple[str, ...], *, renew: bool) -> ApiToken:
        """Return the token of a name; one is made if there is none, or if it is to be another.

        With `scopes`, it is good for these from now on. Raises StorageError if it can't be kept.
        """
        known = next((each for each in self._tokens if each.name == name), None)
        kept = scopes or (known.scopes if known else COMMON_SCOPES)
        if known is not None and not renew:
            if kept == known.scopes:
                return known
            text = known.token
        else:
            text = _PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        token = ApiToken(name=name, token=text, scopes=kept)
        self._replace((*(each for each in self._tokens if each.name != name), token))
        return token

    def list_tokens(self) -> tuple[ApiTokenSummary, ...]:
        """Return the names of all tokens, and what they are good for."""
        found = (ApiTokenSummary(each.name, each.scopes) for each in self._tokens)
        return tuple(sorted(found, key=lambda each: each.name))

    def forget_token(self, name: str) -> None:
        """Let a token be worth nothing from now on. Raises NetworkError for an unknown name."""
        others = tuple(each for each in self._tokens if each.name != name)
        if len(others) == len(self._tokens):
            raise NetworkError(ErrorCode.API_TOKEN_UNKNOWN, name=name)
        self._replace(others)

    def _replace(self, tokens: tuple[ApiToken, ...]) -> None:
        self._write(tokens)
        self._tokens = tokens

    def _read(self) -> tuple[ApiToken, ...]:
        text = b""
        with contextlib.suppress(InglenookError):
            text = key_store.read_key(self._name).encode()
            self._in_key_store = True
        if not text:
            with contextlib.suppress(OSError, InglenookError):
                text = read_data_file(self._path)
        try:
            return msgspec.json.decode(text, type=tuple[ApiToken, ...]) if text else ()
        except (ValueError, RecursionError):  # damaged: programs get a new one from the person
            return ()

    def _write(self, tokens: tuple[ApiToken, ...]) -> None:
        data = msgspec.json.encode(tokens)
        if self._in_key_store:
            with contextlib.suppress(InglenookError):
                key_store.store_key(self._name, data.decode())
                self._path.unlink(missing_ok=True)
                return
        write_data_file(self._path, data)  # readable by this user only: the child's umask
