from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "catchment.rooms.claims"
    label = "claims"
