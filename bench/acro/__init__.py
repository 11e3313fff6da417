"""Asks ACRO, the output checker of research data centres, about the tables that we protect: `python -m bench.acro`.

Its environment is its own: `cd bench/acro && ../../.tools/uv/bin/uv sync --frozen`.
"""
