"""What a page says of itself, field by field: what it offers for each, scored by features, chosen or left open.

`metadata` calls one function for each field. `title`, `date` and `author` hold what gathers and weighs candidates for
these three, each a folder by itself; what several of them need lies beside the folders.
"""
