"""Footnote for other programs: JSON over HTTP, the API of chat models, and MCP."""
