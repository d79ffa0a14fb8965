from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "catchment.rooms.ledger"
    label = "ledger"
