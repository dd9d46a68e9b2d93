"""Pages -> tree -> raw strings. Knows lxml, not types. To add a source of values: a line in selectors.SOURCES."""
