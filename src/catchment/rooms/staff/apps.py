from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "catchment.rooms.staff"
    label = "staff"
