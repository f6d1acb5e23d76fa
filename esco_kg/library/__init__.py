"""What ``import esco_kg`` offers, and what the commands call: a release as an object, and how one is found."""
