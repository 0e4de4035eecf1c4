"""Keeping the daemon and its state sound: health, disk, backups, what is old, a wrong clock."""
