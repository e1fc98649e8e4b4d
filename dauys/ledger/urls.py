from django.urls import path

from dauys.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.home, name="home"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("ledger-key.txt", views.key, name="key"),
    path("tile/<path:below>", views.tile, name="tile"),
]
