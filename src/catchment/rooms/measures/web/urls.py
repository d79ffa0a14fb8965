"""Every address of indicators, mounted at /measures/."""

from django.urls import path

from catchment.rooms.measures.web.views import answering, computing, listing, measure, opening, supplying

app_name = "measures"
urlpatterns = [
    path("", listing.show, name="list"),
    path("compute", computing.compute, name="compute"),
    path("report.xlsx", listing.report, name="report"),
    path("supply", supplying.show, name="supply"),
    path("supply/figures.csv", supplying.template, name="supply-template"),
    path("supply/<int:supply_id>", supplying.account, name="supply-account"),
    path("m/<str:code>/", measure.show, name="measure"),
    path("m/<str:code>/answer", answering.answer, name="answer"),
    path("m/<str:code>/rows/<str:part>", opening.show, name="rows"),
]
