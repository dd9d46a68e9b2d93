"""Raw strings -> typed values. Knows neither lxml nor Arrow. To add a transform: a function here, used by a field type."""
