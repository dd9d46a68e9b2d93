"""YAML -> JobConfig: `models` what may be said, `load` from files, `check` and `rules` what must hold.

Once a config is loaded, `models` and what they are made of (`rulespec`, `settings`, `values`) are all that is needed.
"""
