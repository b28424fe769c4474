"""Key variables: environment variables that hold keys where the system has no key store."""

from collections.abc import Mapping

TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 - the name of a variable
KEY_PREFIX = "INGLENOOK_KEY_"
"""Begins the variable with the key of one server."""


def key_variable(name: str) -> str:
    """Return the variable for the key called `name`: "server my-box" has INGLENOOK_KEY_MY_BOX."""
    letters = name.removeprefix("server ").upper()
    return KEY_PREFIX + "".join(each if each.isalnum() else "_" for each in letters)


def without_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a child, which gets the one key that it needs through its pipe."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() != TOKEN_VARIABLE and not name.upper().startswith(KEY_PREFIX)
    }
