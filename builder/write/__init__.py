"""Records -> files. Knows Arrow and the file system, not HTML."""
