"""What chub costs, as ratios to a reference measured in the same run; `python -m benchmarks`."""
