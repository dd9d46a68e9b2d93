"""The sample: stories (data), layouts (story -> page), captures (what was fetched when) and the dumps of them."""
