"""Rules of each role: what a child process may do beyond computing and reading the program."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What one role may do.

    `internet` is "" (no socket at all), "out" (it connects), "in" (it listens on loopback), "both".
    `starts_children`: it runs the program again, for children that are held to the same at least.
    `uses_cards`: it may reach graphics cards and their drivers' files. `asks_key_store`: it may
    speak to the system's key store, where that is reached by a socket of this machine.
    `makes_links`: it may make links where it may write: a program of the person's own.
    """

    internet: str = ""
    starts_children: bool = False
    uses_cards: bool = False
    asks_key_store: bool = False
    makes_links: bool = False


_RULES = {
    "engine": RoleRules(uses_cards=True),
    "planner": RoleRules(uses_cards=True),
    "levels": RoleRules(uses_cards=True),
    "bench": RoleRules(uses_cards=True),
    "library": RoleRules(starts_children=True),
    "extractor": RoleRules(),
    "recognizer": RoleRules(),
    "drawer": RoleRules(),
    "selftest": RoleRules(),
    "courier": RoleRules(internet="out", asks_key_store=True),
    "api": RoleRules(internet="in", asks_key_store=True),
    "host": RoleRules(internet="both"),
}


def rules_of(role: str) -> RoleRules:
    """Return the rules of a role of `core.worker_main`."""
    return _RULES[role]
