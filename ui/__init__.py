"""Showing: the command line and the chat page."""
