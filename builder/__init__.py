"""Raw HTML dumps in, typed and partitioned Parquet datasets with a schema manifest out.

Start reading at `pipeline.py`: how one page becomes one record, and one split of the input one receipt.
`job.py` shows the whole build: plan, extract, merge, commit.
"""

__version__ = "0.1.0"
