"""Qt desktop application: widgets over the services of core.app; nothing heavy is imported."""
