"""Every address of claims, mounted at /claims/."""

from django.urls import path

from catchment.rooms.claims.web.views import assistance, casemix, claim, listing, mending, reviews, statements

app_name = "claims"
urlpatterns = [
    path("", listing.show, name="list"),
    path("list.xlsx", listing.export, name="export"),
    path("assistance", assistance.show, name="assistance"),
    path("assistance/take", assistance.take, name="assistance-take"),
    path("assistance/template.csv", assistance.template, name="assistance-template"),
    path("case-mix", casemix.show, name="case-mix"),
    path("case-mix.xlsx", casemix.export, name="case-mix-export"),
    path("statements", statements.show, name="statements"),
    path("statements.xlsx", statements.export, name="statements-export"),
    path("statements/run", statements.run, name="statements-run"),
    path("statements/<uuid:public_id>/", statements.cases, name="statement"),
    path("statements/<uuid:public_id>/cases.xlsx", statements.export_cases, name="statement-export"),
    path("<uuid:public_id>/", claim.show, name="claim"),
    path("<uuid:public_id>/inquire", claim.inquire, name="inquire"),
    path("<uuid:public_id>/slip.pdf", claim.slip, name="slip"),
    path("<uuid:public_id>/mend", mending.mend, name="mend"),
    path("<uuid:public_id>/codes", mending.codes, name="codes"),
    path("<uuid:public_id>/step/<str:verb>", claim.step, name="step"),
    path("<uuid:public_id>/dispute", reviews.dispute, name="dispute"),
    path("<uuid:public_id>/review", reviews.ask, name="review"),
    path("<uuid:public_id>/review/documents", reviews.add, name="review-documents"),
    path("<uuid:public_id>/review/documents/<uuid:document_id>", reviews.document, name="review-document"),
    path("<uuid:public_id>/review/<str:verb>", reviews.decide, name="review-decide"),
]
