from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "catchment.rooms.rulebook"
    label = "rulebook"
