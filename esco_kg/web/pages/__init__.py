"""Pages for people: addresses, what each page receives, and HTML."""
