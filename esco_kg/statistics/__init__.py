"""Measures by SPARQL, and their tables in the forms that statistical offices use."""
