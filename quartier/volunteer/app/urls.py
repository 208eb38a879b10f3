"""Addresses without a language: the service worker stands at the root, so that it may serve every page."""

from django.urls import path

from quartier.volunteer.app import frame, push

urlpatterns = [
    path("worker.js", frame.worker, name="worker"),
    path("push/renew/", push.renew, name="push_renew"),
]
