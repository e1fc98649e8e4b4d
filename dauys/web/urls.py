from django.urls import path

from dauys.web import citizen, opening, probes, rulings, search, sheet, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("patterns/", views.patterns, name="patterns"),
    path("healthz", probes.alive, name="alive"),
    path("readyz", probes.ready, name="ready"),
    path("sheet/<slug:name>.css", sheet.parts, name="sheet"),
    path("search/", search.search, name="search"),
    path("theme/", views.theme, name="theme"),
    path("open/<str:token>/", opening.open_link, name="open"),
    path("letters/stop/<str:token>/", opening.quiet, name="quiet"),
    path("track/link/", opening.new_link, name="new_link"),
    path("my/<str:number>/", citizen.my, name="my"),
    path("my/<str:number>/write/", citizen.write, name="my_write"),
    path("my/<str:number>/file/<int:attachment_id>/", citizen.my_file, name="my_file"),
    path("my/<str:number>/verdict/", citizen.verdict, name="my_verdict"),
    path("my/<str:number>/letter/<int:ordinal>/", citizen.letter, name="my_letter"),
    path("my/<str:number>/ticket/", citizen.ticket, name="my_ticket"),
    path("my/<str:number>/step/", rulings.step, name="my_step"),
    path("my/<str:number>/proof/", citizen.proof, name="proof"),
    path("my/<str:number>/proof/<int:ordinal>/", citizen.answer_proof, name="answer_proof"),
]
