"""What people see: the progress bar, the summary at the end, and the HTML report of a dataset."""
