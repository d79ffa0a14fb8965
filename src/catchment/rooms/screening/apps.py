from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "catchment.rooms.screening"
    label = "screening"
