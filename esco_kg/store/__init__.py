"""SPARQL endpoints of anyone: put a graph, count it back, query it. The only place that speaks HTTP."""
