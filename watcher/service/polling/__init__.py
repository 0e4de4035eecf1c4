"""Polling: which feed is asked when and how politely, and what follows of it for the next time."""
