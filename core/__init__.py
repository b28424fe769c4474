"""Everything Inglenook does, without a window: each front end calls core.app."""
