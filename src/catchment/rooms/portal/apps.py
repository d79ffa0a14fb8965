from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "catchment.rooms.portal"
    label = "portal"
