"""Raw HTML dumps in, typed and partitioned Parquet datasets with a schema manifest out.

Start reading at `pipeline.py`: how one page becomes one record. `job.py` shows the whole build: plan, extract, merge,
commit. What else there is, and where to add to it, says the README of this folder.
"""

__version__ = "0.1.0"
