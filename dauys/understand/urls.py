from django.urls import path

from dauys.understand.views import news, reader, triage

app_name = "understand"
urlpatterns = [
    path("desk/new/", news.news, name="news"),
    path("desk/reader/", reader.show, name="reader"),
    path("desk/reader/use/", reader.use, name="use_reader"),
    path("desk/reader/threshold/", reader.set_sure, name="set_sure"),
    path("desk/reader/alone/", reader.set_alone, name="set_alone"),
    path("desk/triage/", triage.triage, name="triage"),
    path("desk/triage/many/", triage.accept_many, name="accept_many"),
    path("desk/triage/undo/", triage.undo, name="undo"),
    path("desk/triage/<str:number>/", triage.decide, name="decide"),
]
