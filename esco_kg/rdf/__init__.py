"""RDF terms, vocabularies, and the store of graphs inside the process."""
