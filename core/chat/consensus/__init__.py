"""Consensus: one question answered several times, and which of the answers agree."""
