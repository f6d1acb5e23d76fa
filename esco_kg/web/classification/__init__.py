"""The clusters as offices know a classification: versions in time, codes, changes, correspondence tables."""
