"""Commands of `inglenook eval`: answers, comparisons, ratings, the test of a folder."""
