"""API tokens: made, and kept in the system's key store or a file of this user."""

import contextlib
import secrets
from pathlib import Path

import msgspec

from core.api.accepted_tokens import token_digest
from core.base.data_files import read_data_file, write_data_file
from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.messages import COMMON_SCOPES, AcceptedToken

TOKEN_BYTES = 32
_PREFIX = "ing-"
"""Tells a person, and scanners of secrets, what the text is."""


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """One secret: `name` is what its requests are counted by."""

    name: str
    token: str
    scopes: tuple[str, ...] = COMMON_SCOPES

    def __repr__(self) -> str:
        """Show nothing of the secret, whoever logs this."""
        return f"ApiToken({self.name!r}, {self.scopes!r})"


class ApiTokenSummary(msgspec.Struct, frozen=True):
    """A token without its secret."""

    name: str
    scopes: tuple[str, ...]


class ApiTokenStore:
    """The tokens of one data folder; each call may wait for the key store. One thread at a time.

    They are in the key store, under the path of the file that holds them where there is none
    (`folder_keys.api_tokens_account`).
    """

    def __init__(self, path: Path, earlier: Path | None = None) -> None:
        """Read them; `earlier` is where an earlier version had the file, which is moved."""
        self._path = path
        self._earlier = earlier
        self._name = f"api {path}"
        self._in_key_store = False
        self._tokens = self._read()

    @property
    def accepted(self) -> tuple[AcceptedToken, ...]:
        """What the port needs to know of each."""
        return tuple(
            AcceptedToken(name=each.name, scopes=each.scopes, digest=token_digest(each.token))
            for each in self._tokens
        )

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
        """Return the names of all tokens, in their order, and what they are good for."""
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
        from core.courier.connection import key_store  # noqa: PLC0415 - slow to load

        text = b""
        with contextlib.suppress(InglenookError):
            text = key_store.read_key(self._name).encode()
            self._in_key_store = True
        text = text or self._read_file()
        try:
            return msgspec.json.decode(text, type=tuple[ApiToken, ...]) if text else ()
        except (ValueError, RecursionError):  # damaged: programs get a new one from the person
            return ()

    def _read_file(self) -> bytes:
        with contextlib.suppress(OSError, InglenookError):
            return read_data_file(self._path)
        if self._earlier is not None:
            with contextlib.suppress(OSError, InglenookError):
                text = read_data_file(self._earlier)
                write_data_file(self._path, text)
                self._earlier.unlink()
                return text
        return b""

    def _write(self, tokens: tuple[ApiToken, ...]) -> None:
        from core.courier.connection import key_store  # noqa: PLC0415 - slow to load

        data = msgspec.json.encode(tokens)
        if self._in_key_store:
            with contextlib.suppress(InglenookError):
                key_store.store_key(self._name, data.decode())
                for path in filter(None, (self._path, self._earlier)):
                    path.unlink(missing_ok=True)
                return
        write_data_file(self._path, data)
