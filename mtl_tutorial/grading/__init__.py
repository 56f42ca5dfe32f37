"""Graded sheets: drawn by a seed, written for learners and teacher apart, run in a sandbox and judged."""
