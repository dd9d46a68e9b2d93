"""The plan stage: inputs -> splits, each with a key; what is to be read again, and why; where the output may lie."""
