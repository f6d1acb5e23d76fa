"""The nouns that stages hand to one another: plain dataclasses, no behaviour beyond look-ups."""
