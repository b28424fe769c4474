"""Network services: downloads, servers, keys and the update check, all through the courier."""
