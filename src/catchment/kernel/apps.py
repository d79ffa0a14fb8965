from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "catchment.kernel"
    label = "kernel"
