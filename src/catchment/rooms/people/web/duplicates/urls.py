"""The addresses of the review of duplicates."""

from django.urls import path

from catchment.rooms.people.web.duplicates import views

urlpatterns = [
    path("", views.waiting, name="duplicates"),
    path("merges/", views.merged, name="merges"),
    path("merges/<int:merge_id>/undo", views.undo, name="merge-undo"),
    path("<int:match_id>/", views.review, name="duplicate"),
    path("<int:match_id>/merge", views.merge, name="duplicate-merge"),
    path("<int:match_id>/send", views.send, name="duplicate-send"),
    path("<int:match_id>/distinct", views.distinct, name="duplicate-distinct"),
]
