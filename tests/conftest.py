"""Settings of the whole suite."""

from hypothesis import HealthCheck, settings

# Time limits say more about a shared machine than about the code.
settings.register_profile(
    "watcher", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("watcher")
