from django.urls import path

from dauys.hear import desk, views

app_name = "hear"
urlpatterns = [
    path("appeal/", views.file, name="file"),
    path("appeal/receipt/", views.receipt, name="receipt"),
    path("appeal/forget/", views.forget, name="forget"),
    path("appeal/attachment/<int:attachment_id>/", views.attachment, name="attachment"),
    path("track/", views.track, name="track"),
    path("desk/write-down/", desk.write_down, name="write_down"),
    path("desk/write-down/<str:number>/", desk.ticket, name="ticket"),
]
