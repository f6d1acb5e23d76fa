"""Data, servers and releases that several tests use."""
