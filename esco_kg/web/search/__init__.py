"""Search over labels: the index, its results, and the index of the static site."""
