"""Tools for models: those of Inglenook, and what a person allowed."""
