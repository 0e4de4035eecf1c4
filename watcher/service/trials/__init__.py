"""Trying a watchlist: on items files, on the archive, on its own examples; nothing is kept."""
