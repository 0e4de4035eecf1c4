"""Making Watcher a service of this machine, looking after it, and taking it away again."""
