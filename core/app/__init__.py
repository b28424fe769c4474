"""Composition root: builds everything from one root folder, and holds the calls a front end makes."""
