"""Scripted replies that lie, the model that says them, and the oracle that tells what was shown."""
