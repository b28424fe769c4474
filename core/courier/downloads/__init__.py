"""Downloads: ranges over several connections into a resumable part file."""
