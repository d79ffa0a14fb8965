"""The addresses of the board."""

from django.urls import path

from catchment.rooms.board.web import cases, views

urlpatterns = [
    path("", views.board, name="board"),
    path("board/changed", views.changed, name="board-changed"),
    path("board/preview/<int:item_id>", views.preview, name="board-preview"),
    path("cases/", cases.index, name="cases"),
    path("cases/<str:kind>/<str:ref>/", cases.show, name="case"),
    path("cases/<str:kind>/<str:ref>/open", cases.open_person, name="case-open"),
    path("cases/<str:kind>/<str:ref>/conclude", cases.conclude, name="case-conclude"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:notice_id>/read", views.read_notice, name="notice-read"),
]
