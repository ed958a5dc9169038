"""Yes or no: said only where a sentence surely decides the question."""
