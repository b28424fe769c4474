"""Composition root: builds everything from one root, and holds the calls a front end makes."""
