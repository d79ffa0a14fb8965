from django.apps import AppConfig


class BookingConfig(AppConfig):
    name = "catchment.rooms.booking"
    label = "booking"
