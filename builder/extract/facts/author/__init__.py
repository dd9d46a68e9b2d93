"""Who wrote a story: the people of its byline, and the agency that it came from."""
