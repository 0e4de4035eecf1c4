"""The optional encoder: where one comes from, when it is asked, and the one in use."""
