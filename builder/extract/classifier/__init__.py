"""The trained part of `article`: features of blocks and pages, trees that score them, and how they are trained.

To use a model takes `features`, `pagetype` and `trees`; `labels`, `samples` and `fit` serve `train` alone.
"""
