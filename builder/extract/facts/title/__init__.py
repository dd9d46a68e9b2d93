"""The headline: the strings that may be it, what speaks for each, and which is chosen."""
