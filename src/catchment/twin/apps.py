from django.apps import AppConfig


class TwinConfig(AppConfig):
    name = "catchment.twin"
    label = "twin"
