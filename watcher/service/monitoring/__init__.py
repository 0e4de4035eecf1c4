"""How others see the daemon: its log of polls, metrics, /health, systemd, monitors elsewhere."""
