from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from hub.api import access, search, views

urlpatterns = [
    path("about", views.About.as_view(), name="api-about"),
    path("schema", SpectacularJSONAPIView.as_view(authentication_classes=()), name="api-schema"),
    path("agreements", access.OwnAgreements.as_view(), name="api-agreements"),
    path("agreements/<str:public_id>", access.Agreement.as_view(), name="api-agreement"),
    path("search", search.Search.as_view(), name="api-search"),
    path("suggest", search.Suggest.as_view(), name="api-suggest"),
    path("models/<str:owner>/<str:name>/similar", search.Similar.as_view(), name="api-similar"),
    path("models/<str:owner>/<str:name>/access", access.Access.as_view(), name="api-access"),
    path("models/<str:owner>/<str:name>/agreements", access.Agreements.as_view(), name="api-accept"),
    path("datasets/<str:owner>/<str:name>/access", access.DatasetAccess.as_view(), name="api-dataset-access"),
    path("datasets/<str:owner>/<str:name>/agreements", access.DatasetAgreements.as_view(), name="api-dataset-accept"),
]
