"""The configuration: TOML in, typed settings and problems with their places out."""

from watcher.config.document import Document
from watcher.config.find import find_config
from watcher.config.load import Loaded, load
from watcher.config.problems import Problem
from watcher.config.report import report
from watcher.config.schema import json_schema
from watcher.config.settings import Settings

__all__ = [
    "Document",
    "Loaded",
    "Problem",
    "Settings",
    "find_config",
    "json_schema",
    "load",
    "report",
]
