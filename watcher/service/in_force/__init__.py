"""The configuration in force: what is watched, the channels, and the file that may change it."""
