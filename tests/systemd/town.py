"""What Watcher meets inside a machine: an outlet and a Telegram, on the loopback.

Runs inside with the system's Python alone: `python3 town.py FOLDER` serves the feeds in FOLDER on
port 8000, takes messages on port 8081, and writes each into FOLDER/messages.
"""

import functools
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fake_telegram import FakeTelegram

FEEDS_PORT, TELEGRAM_PORT = 8000, 8081


def main(folder: Path) -> None:
    """Serve until killed."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=folder)
    feeds = ThreadingHTTPServer(("127.0.0.1", FEEDS_PORT), handler)
    threading.Thread(target=feeds.serve_forever, daemon=True).start()
    telegram = FakeTelegram()
    telegram.start(TELEGRAM_PORT)
    seen = 0
    while True:
        telegram.wait_until(lambda: len(telegram.messages) > seen, timeout=86_400)  # noqa: B023
        new = [message.visible for message in telegram.messages[seen:]]
        seen += len(new)
        with (folder / "messages").open("a", encoding="utf-8") as file:
            file.writelines(f"{text!r}\n" for text in new)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
