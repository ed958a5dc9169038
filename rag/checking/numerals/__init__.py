"""Figures in words and digits: each kind of expression, its value and unit, and equality."""
