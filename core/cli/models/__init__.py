"""Commands about models: `model`, `pack` and `devices`."""
