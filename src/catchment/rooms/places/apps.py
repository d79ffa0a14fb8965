from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "catchment.rooms.places"
    label = "places"
