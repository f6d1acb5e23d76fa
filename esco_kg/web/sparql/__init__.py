"""The SPARQL protocol: worker processes that answer queries, and their limits."""
