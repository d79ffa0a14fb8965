from django.apps import AppConfig


class SurveillanceConfig(AppConfig):
    name = "catchment.rooms.surveillance"
    label = "surveillance"
