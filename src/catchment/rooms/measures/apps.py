from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "catchment.rooms.measures"
    label = "measures"
