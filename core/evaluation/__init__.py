"""Evaluation of answers: sets of questions, scores, statistics and reports, without an app."""
