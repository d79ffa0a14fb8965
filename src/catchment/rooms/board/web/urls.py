"""The addresses of the board."""

from django.urls import path

from catchment.rooms.board.web import views

urlpatterns = [
    path("", views.board, name="board"),
    path("board/changed", views.changed, name="board-changed"),
    path("board/preview/<int:item_id>", views.preview, name="board-preview"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:notice_id>/read", views.read_notice, name="notice-read"),
]
