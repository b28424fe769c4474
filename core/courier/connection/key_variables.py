"""Key variables: environment variables that hold keys where the system has no key store."""

TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105 - the name of a variable
KEY_PREFIX = "INGLENOOK_KEY_"
"""Begins the variable with the key of one server."""


def key_variable(name: str) -> str:
    """Return the variable for the key called `name`: "server my-box" has INGLENOOK_KEY_MY_BOX."""
    letters = name.removeprefix("server ").upper()
    return KEY_PREFIX + "".join(each if each.isalnum() else "_" for each in letters)
