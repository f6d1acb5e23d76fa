"""One matcher of texts with labels, for whole queries and inside sentences: exact, folded, by word forms, misspelt."""
