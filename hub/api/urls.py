from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from hub.api import decision, reviews, search, views

urlpatterns = [
    path("about", views.About.as_view(), name="api-about"),
    path("schema", SpectacularJSONAPIView.as_view(authentication_classes=()), name="api-schema"),
    path("search", search.Search.as_view(), name="api-search"),
    path("suggest", search.Suggest.as_view(), name="api-suggest"),
    path(
        "models/<str:owner>/<str:name>/decision", decision.Decision.as_view(), {"kind": "model"}, name="model-decision"
    ),
    path(
        "datasets/<str:owner>/<str:name>/decision",
        decision.Decision.as_view(),
        {"kind": "dataset"},
        name="dataset-decision",
    ),
    path("models/<str:owner>/<str:name>/similar", search.Similar.as_view(), name="api-similar"),
    *reviews.urls(),
]
