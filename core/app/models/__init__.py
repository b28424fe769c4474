"""Model services: registry, settings, adapters, checksums and copies."""
