"""YAML -> JobConfig: `models` what may be said, `load` from files, `check` and `rules` what must hold.

Workers import `models` alone; nothing else of this package is needed once a config is loaded.
"""
