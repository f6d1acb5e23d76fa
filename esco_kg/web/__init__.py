"""The one web application over releases, and the static site: browse, search, dereference, query.

Read-only. Everything shown is read from release folders; a cache outside of them holds what makes answers quick.
"""
