"""Charts as SVG text: the same data give the same bytes."""
