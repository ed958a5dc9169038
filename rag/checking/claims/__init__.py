"""A claim's figures, dates and words against those it cites: the parts of verification."""
