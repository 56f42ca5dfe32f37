"""Lessons in a real JupyterLab, driven by a headless Chromium.

To look at one: ``python -m tests.browser notebooks/en/01_tasks_and_data.ipynb --out pictures``.
"""
