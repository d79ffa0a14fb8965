from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "catchment.rooms.board"
    label = "board"
