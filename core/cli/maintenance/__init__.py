"""Commands about the program itself: `settings`, `selftest` and `update`."""
