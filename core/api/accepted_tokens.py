"""Accepted tokens: what the port compares a request's token with; no token can be read from it."""

import hashlib
import hmac
from collections.abc import Iterable

from core.messages import AcceptedToken


class AcceptedTokens:
    """The tokens that are good now. Any thread may look one up, one thread changes them."""

    def __init__(self, tokens: Iterable[AcceptedToken]) -> None:
        self._tokens = tuple(tokens)

    def find_token(self, presented: str) -> AcceptedToken | None:
        """Return the token that was presented; the time it takes tells nothing of any token."""
        found = None
        digest = token_digest(presented)
        for token in self._tokens:
            if hmac.compare_digest(digest, token.digest):
                found = token
        return found

    def replace_all(self, tokens: Iterable[AcceptedToken]) -> None:
        """Accept these and no others from now on."""
        self._tokens = tuple(tokens)


def token_digest(token: str) -> bytes:
    """Return what stands for a token: of so many random bytes nobody guesses what it is of."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
