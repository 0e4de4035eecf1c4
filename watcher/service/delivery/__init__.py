"""Delivering alerts and notices: sending what is due, and what is known of the channels."""
