from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "catchment.rooms.consent"
    label = "consent"
