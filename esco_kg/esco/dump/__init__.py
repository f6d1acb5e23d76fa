"""ESCO's RDF dump, read as a stream and written as the tables that the CSV download would have."""
