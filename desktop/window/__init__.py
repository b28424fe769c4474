"""Main window: panes, menu bar, controllers."""
