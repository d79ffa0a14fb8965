"""Every address of the budget, mounted at /budget/."""

from django.urls import path

from catchment.rooms.budget.web.views import accounts, files, findings, listing, year

app_name = "budget"
urlpatterns = [
    path("", listing.index, name="index"),
    path("history/<str:community>/", files.history, name="history"),
    path("history/<str:community>/<int:number>/", files.upload, name="upload"),
    path("accounts/<str:community>/", accounts.show, name="accounts"),
    path("accounts/<str:community>/accounts.xlsx", accounts.sheet, name="accounts-sheet"),
    path("accounts/<str:community>/<str:code>/", accounts.statement, name="account"),
    path("findings/", findings.index, name="findings"),
    path("findings/look", findings.look, name="look"),
    path("findings/<uuid:public_id>/", findings.show, name="finding"),
    path("findings/<uuid:public_id>/events", findings.events, name="events"),
    path("findings/<uuid:public_id>/<slug:verb>", findings.judge, name="judge"),
    path("places/", listing.places, name="places"),
    path("check/<str:signed>/", files.check, name="check"),
    path("<uuid:public_id>/", year.show, name="budget"),
    path("<uuid:public_id>/month/<int:number>/", year.month, name="month"),
    path("<uuid:public_id>/statement.pdf", files.statement, name="statement"),
    path("<uuid:public_id>/budget.xlsx", files.sheet, name="sheet"),
    path("<uuid:public_id>/scores", files.scores, name="scores"),
    path("<uuid:public_id>/<slug:verb>/", year.step, name="step"),
]
