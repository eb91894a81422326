"""What holds for all tests: a property fails for what it says, never for the speed of the machine."""

from hypothesis import HealthCheck, settings

settings.register_profile("lemmatree", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lemmatree")
