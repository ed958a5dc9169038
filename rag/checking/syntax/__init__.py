"""English as far as it is needed: words, phrases, clauses, names, and words of one concept."""
