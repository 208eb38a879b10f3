"""Tests run on SQLite in memory, or on the database that QUARTIER_TEST_DATABASE names."""

import os
import tempfile

os.environ["QUARTIER_HOME"] = tempfile.mkdtemp(prefix="quartier-test-")
os.environ["QUARTIER_DATABASE"] = os.environ.get("QUARTIER_TEST_DATABASE", "sqlite:///")
os.environ.setdefault("QUARTIER_DEMO", "1")
