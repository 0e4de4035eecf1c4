"""`python -m watcher` is the command `watcher`."""

from watcher.cli import main

if __name__ == "__main__":
    main()
