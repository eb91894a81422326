"""What holds for all tests: a property fails for what it says, never for the speed of the machine."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile("lemmatree", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lemmatree")


def pytest_collection_finish() -> None:
    """What stays to the end need not be looked through again and again: a tenth of the time of all unit tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
