from django.urls import path

from dauys.institution import views, views_days

app_name = "institution"
urlpatterns = [
    path("desk/institution/", views.manage, name="manage"),
    path("desk/institution/offices/<slug:code>/", views.office, name="office"),
    path("desk/institution/offices/<slug:code>/appoint/", views.appoint, name="appoint"),
    path("desk/institution/offices/<slug:code>/add/", views.add_person, name="add_person"),
    path("desk/institution/appointments/<int:appointment_id>/end/", views.end, name="end"),
    path("desk/institution/people/<int:person_id>/password/", views.password, name="password"),
    path("desk/institution/days/", views.days, name="days"),
    path("desk/institution/days/file/", views_days.days_file, name="days_file"),
    path("desk/institution/days/<str:day>/remove/", views.remove_day, name="remove_day"),
    path("desk/institution/topics/", views.topics, name="topics"),
    path("desk/institution/topics/<str:code>/", views.topic, name="topic"),
    path("desk/institution/topics/<str:code>/offer/", views.offer, name="offer"),
]
