from django.urls import path

from quartier.look import living

urlpatterns = [path("", living.page, name="look")]
