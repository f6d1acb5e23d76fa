"""What ``import esco_kg`` offers, and all that the commands call: one module for each subject."""
