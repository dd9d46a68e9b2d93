"""Verbs of the command, one module each. `cli` adds them to the group."""
