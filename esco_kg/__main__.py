"""``python -m esco_kg``: the same as the command ``esco-kg``."""

from esco_kg.cli import main

main()
