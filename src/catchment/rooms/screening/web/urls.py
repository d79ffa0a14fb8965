"""The addresses of screening."""

from django.urls import path

from catchment.rooms.screening.web.views import cases, following, programmes

app_name = "screening"
urlpatterns = [
    path("", cases.entry, name="entry"),
    path("work", cases.work, name="work"),
    path("cases/<uuid:public_id>/", cases.show, name="case"),
    path("cases/<uuid:public_id>/steps/<str:verb>", cases.take, name="step"),
    path("cases/<uuid:public_id>/plan/<int:place>", cases.finish, name="plan"),
    path("programmes/", programmes.overview, name="programmes"),
    path("programmes/<slug:code>/", programmes.show, name="programme"),
    path("programmes/<slug:code>/people", programmes.people, name="people"),
    path("programmes/<slug:code>/pseudonyms", following.people, name="to-follow"),
    path("follow/<uuid:public_id>/", following.follow, name="follow"),
]
