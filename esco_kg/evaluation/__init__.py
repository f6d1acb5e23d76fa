"""Measures of a grouping of skills, and the study that puts them together: any grouping, the same occupations, the same
splits."""
