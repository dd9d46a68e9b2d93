"""The merge stage: receipts -> partitions -> parts. Begin with `stage`, the driver's view; the rest are its tasks."""
