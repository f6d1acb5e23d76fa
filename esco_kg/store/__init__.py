"""Triple stores, and a local one: load a release, count it back, query it. Only here HTTP is spoken."""
