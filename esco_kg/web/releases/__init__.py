"""Releases made ready for reading: the read-model, its cache, and a view of each release."""
