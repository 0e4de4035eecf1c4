"""Watcher: one timely, explained alert per real-world story on the topics you watch."""

__version__ = "0.1.0"
