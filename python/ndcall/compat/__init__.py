"""Modules with the names and the meaning of older tools', for scripts that change one import."""
