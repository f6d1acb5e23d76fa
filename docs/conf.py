"""Settings of the manual as a site: ``make docs-site``. It needs no network; every warning is an error."""

from importlib import metadata

project = "esco_kg"
author = "The contributors to esco_kg"
copyright = "the contributors to esco_kg; Apache License 2.0"
release = version = metadata.version("esco-kg")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
# Headings have the addresses that GitHub gives them, so that links work in both places.
myst_heading_anchors = 4
# Examples are shortened by "…", and CSV has no colours: neither is wrong.
suppress_warnings = ["misc.highlighting_failure"]

autodoc_typehints = "description"
autodoc_typehints_format = "short"

html_theme = "furo"
html_title = f"esco_kg {release}"
html_copy_source = False
