"""Application core: everything Inglenook does without a window; front ends call core.app."""
