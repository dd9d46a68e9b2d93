"""What a dataset promises: its schema compared with another, its files checked, findings and how they are shown."""
