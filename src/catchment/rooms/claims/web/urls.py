"""Every address of claims, mounted at /claims/."""

from django.urls import path

from catchment.rooms.claims.web.views import casemix, claim, listing, statements

app_name = "claims"
urlpatterns = [
    path("", listing.show, name="list"),
    path("list.xlsx", listing.export, name="export"),
    path("case-mix", casemix.show, name="case-mix"),
    path("case-mix.xlsx", casemix.export, name="case-mix-export"),
    path("statements", statements.show, name="statements"),
    path("statements.xlsx", statements.export, name="statements-export"),
    path("statements/run", statements.run, name="statements-run"),
    path("statements/<uuid:public_id>/", statements.cases, name="statement"),
    path("<uuid:public_id>/", claim.show, name="claim"),
    path("<uuid:public_id>/inquire", claim.inquire, name="inquire"),
    path("<uuid:public_id>/slip.pdf", claim.slip, name="slip"),
    path("<uuid:public_id>/step/<str:verb>", claim.step, name="step"),
    path("<uuid:public_id>/review", claim.review, name="review"),
    path("<uuid:public_id>/review/<str:verb>", claim.decide, name="review-decide"),
]
