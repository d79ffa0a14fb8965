from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "catchment.rooms.budget"
    label = "budget"
