"""Tests of the library: real files made here, real children, a scripted embedder in units."""
