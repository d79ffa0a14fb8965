from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "catchment.rooms.record"
    label = "record"
