"""Title, authors and date of publication: what the page offers for each, scored by signs, chosen or left open.

`titles`, `authors` and `published` are what `metadata` calls; the others gather places and read and weigh their signs.
"""
