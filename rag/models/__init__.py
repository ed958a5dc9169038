"""Models: the only folder that names a provider."""
