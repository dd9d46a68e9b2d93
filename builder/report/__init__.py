"""What people see: the progress bar and the summary at the end."""
