"""The window: Qt widgets over the calls of core.app; nothing heavy is imported here."""
