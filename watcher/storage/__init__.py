"""What Watcher remembers: the only place with SQL."""
