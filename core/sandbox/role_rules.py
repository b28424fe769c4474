"""Rules of each role: what a child process may do beyond computing and reading the program."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What one role may do.

    `internet` is "" (no socket at all), "out" (it connects), "in" (it listens on loopback), "both".
    `starts_children`: it runs the program again, for children that are held to the same at least.
    `uses_cards`: it may reach graphics cards and their drivers' files.
    `makes_links`: it may make links where it may write: a program of the person's own.
    `makes_code`: libraries or drivers in it write machine code while they run, which Windows could
    refuse. `writes_elsewhere`: it may be handed a folder to write into that isn't its own: of
    the person's, or of models.
    `only_logs`: it writes no file but its log. None speaks to other programs of this machine, the
    key store among them: over the bus of a session, programs are started.
    """

    internet: str = ""
    starts_children: bool = False
    uses_cards: bool = False
    makes_links: bool = False
    makes_code: bool = False
    writes_elsewhere: bool = False
    only_logs: bool = False

    @property
    def connects(self) -> bool:
        """Whether it may open connections to the outside."""
        return self.internet in {"out", "both"}

    @property
    def listens(self) -> bool:
        """Whether other programs of this machine may connect to it."""
        return self.internet in {"in", "both"}

    @property
    def only_speaks(self) -> bool:
        """Whether it moves bytes over the network and reads no document and no model."""
        return bool(self.internet)


_RULES = {
    "engine": RoleRules(uses_cards=True, makes_code=True),
    "planner": RoleRules(uses_cards=True, makes_code=True, only_logs=True),
    "quantizer": RoleRules(uses_cards=True, makes_code=True),
    "trainer": RoleRules(makes_code=True),
    "bench": RoleRules(uses_cards=True, makes_code=True, writes_elsewhere=True),
    "library": RoleRules(starts_children=True, makes_code=True),
    "extractor": RoleRules(only_logs=True),
    "recognizer": RoleRules(makes_code=True, only_logs=True),
    "renderer": RoleRules(only_logs=True),
    "selftest": RoleRules(),
    "courier": RoleRules(internet="out", writes_elsewhere=True),
    "api": RoleRules(internet="in"),
    "selftest_server": RoleRules(internet="both"),
}


def rules_of(role: str) -> RoleRules:
    """Return the rules of a role of `core.child_main`."""
    return _RULES[role]


def has_rules(role: str) -> bool:
    """Return whether a role is one of ours; a program of the person's own has what they agreed."""
    return role in _RULES
