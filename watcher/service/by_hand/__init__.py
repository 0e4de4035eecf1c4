"""What people do to a running Watcher: operations by name, and the socket they come in by."""
