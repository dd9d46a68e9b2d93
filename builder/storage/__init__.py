"""Where files lie: disks of this machine and object stores, behind the few operations that the builder needs."""
