"""The addresses of access: the door before a record, and the privacy officer's desk."""

from django.urls import path

from catchment.rooms.consent.web import door, privacy

urlpatterns = [
    path("people/<uuid:public_id>/access", door.show, name="person-access"),
    path("people/<uuid:public_id>/access/attend", door.attend, name="person-attend"),
    path("people/<uuid:public_id>/access/break-glass", door.glass, name="person-break-glass"),
    path("people/<uuid:public_id>/access/consent", door.consent, name="person-consent"),
    path("people/<uuid:public_id>/access/<int:relation_id>/end", door.end, name="relation-end"),
    path("privacy/", privacy.desk, name="privacy"),
    path("privacy/<int:relation_id>/", privacy.review, name="privacy-review"),
]
