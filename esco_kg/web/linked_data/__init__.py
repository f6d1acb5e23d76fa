"""Linked data: resources, their documents in four serialisations, files for other vocabulary browsers."""
