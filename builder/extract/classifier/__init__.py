"""The trained part of `article`: features of blocks and pages, models that score them, and how they are trained.

To use the models takes `features`, `names`, `pagetype`, `trees` and `network`; `labels`, `samples` and the modules
whose names end in `fit` serve `train` alone.
"""
