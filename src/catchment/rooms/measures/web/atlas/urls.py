"""The addresses of the health map, mounted at /atlas/, and of the cockpit."""

from django.urls import path

from catchment.rooms.measures.web.atlas import data, pages, people

urlpatterns = [
    path("atlas/", pages.atlas, name="atlas"),
    path("atlas/ground.json", data.ground, name="atlas-ground"),
    path("atlas/values.json", data.values, name="atlas-values"),
    path("atlas/flows.json", data.flows, name="atlas-flows"),
    path("atlas/panel", pages.panel, name="atlas-panel"),
    path("atlas/table", data.table, name="atlas-table"),
    path("atlas/people/<str:area_code>/", people.residents, name="atlas-people"),
    path("cockpit/", pages.cockpit, name="cockpit"),
    path("cockpit/board", pages.board, name="cockpit-board"),
]
