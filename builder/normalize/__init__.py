"""Raw strings -> typed values. Knows neither lxml nor Arrow. To add one: a function here, used by a field type."""
