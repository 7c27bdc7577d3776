from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from hub.api import views

urlpatterns = [
    path("about", views.About.as_view(), name="api-about"),
    path("schema", SpectacularJSONAPIView.as_view(authentication_classes=()), name="api-schema"),
]
