"""Which of several rows of one thing is kept. Works on keys alone, never on whole rows."""
