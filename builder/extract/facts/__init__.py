"""Title, authors and date of publication: what the page offers for each, scored by features, chosen or left open.

`titles`, `authors` and `published` are what `metadata` calls; the others gather places and weigh their features.
"""
