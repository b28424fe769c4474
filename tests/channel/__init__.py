"""Tests of the local channel: terminals beside the process that holds the data folder."""
