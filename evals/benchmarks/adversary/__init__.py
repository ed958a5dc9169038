"""A model that invents, behind Footnote and behind a stock engine: what each of them shows."""
