"""The page for people who look for skills in the hierarchies."""
