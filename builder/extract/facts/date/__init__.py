"""Days of publication and of changes: where dates stand, what is called which, and which is chosen."""
