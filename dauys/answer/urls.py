from django.urls import path

from dauys.answer import views

app_name = "answer"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/appeal/<str:number>/", views.appeal, name="appeal"),
    path("desk/appeal/<str:number>/take/", views.take, name="take"),
    path("desk/appeal/<str:number>/assign/", views.assign, name="assign"),
    path("desk/appeal/<str:number>/redirect/", views.pass_on, name="redirect"),
    path("desk/appeal/<str:number>/pass-on/", views.pass_on_corrected, name="pass_on_corrected"),
    path("desk/appeal/<str:number>/write/", views.write, name="write"),
    path("desk/appeal/<str:number>/draft/", views.draft, name="draft"),
    path("desk/appeal/<str:number>/send/", views.send, name="send"),
    path("desk/appeal/<str:number>/contact/", views.contact, name="contact"),
    path("desk/appeal/<str:number>/alike/", views.alike, name="alike"),
    path("desk/appeal/<str:number>/file/<int:attachment_id>/", views.attachment, name="attachment"),
]
