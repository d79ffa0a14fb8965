from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "catchment.rooms.people"
    label = "people"
