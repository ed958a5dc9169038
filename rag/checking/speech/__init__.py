"""Who says a sentence: the parts of attribution."""
