"""Pages -> tree -> raw strings. Knows lxml, not types. To add a source of values: see selectors.SOURCES."""
