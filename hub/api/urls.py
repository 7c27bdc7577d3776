from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from hub.api import (
    access,
    decision,
    jobs,
    licences,
    papers,
    plans,
    records,
    results,
    reviews,
    scans,
    search,
    signatures,
    views,
    workers,
)

urlpatterns = [
    path("about", views.About.as_view(), name="api-about"),
    *(
        path(f"{kind}s/<str:owner>/<str:name>/signature/<str:revision>", signatures.SignatureOf.as_view(kind=kind))
        for kind in ("model", "dataset")
    ),
    *(
        path(f"{kind}s/<str:owner>/<str:name>/export/<str:revision>/<str:paper>", papers.PaperOf.as_view(kind=kind))
        for kind in ("model", "dataset")
    ),
    path("schema", SpectacularJSONAPIView.as_view(authentication_classes=()), name="api-schema"),
    path("agreements", access.OwnAgreements.as_view(), name="api-agreements"),
    path("agreements/<str:public_id>", access.Agreement.as_view(), name="api-agreement"),
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
    path("models/<str:owner>/<str:name>/licence", licences.RevisionLicence.as_view(), {"kind": "model"}),
    path("datasets/<str:owner>/<str:name>/licence", licences.RevisionLicence.as_view(), {"kind": "dataset"}),
    path("models/<str:owner>/<str:name>/scan", scans.Scan.as_view(), name="api-scan"),
    path("datasets/<str:owner>/<str:name>/scan", scans.Scan.as_view(kind="dataset"), name="api-dataset-scan"),
    *reviews.urls(),
    *plans.urls(),
    *jobs.urls(),
    *workers.urls(),
    *results.urls(),
    *[
        path(f"{plural}/<str:owner>/<str:name>/{part}", view.as_view(kind=kind), name=f"api-{kind}-{part}")
        for kind, plural in (("model", "models"), ("dataset", "datasets"))
        for part, view in (
            ("data-record", records.DataRecord),
            ("use-record", records.UseRecord),
            ("findings", records.Findings),
        )
    ],
    path("models/<str:owner>/<str:name>/access", access.Access.as_view(), name="api-access"),
    path("models/<str:owner>/<str:name>/agreements", access.Agreements.as_view(), name="api-accept"),
    path("datasets/<str:owner>/<str:name>/access", access.DatasetAccess.as_view(), name="api-dataset-access"),
    path("datasets/<str:owner>/<str:name>/agreements", access.DatasetAgreements.as_view(), name="api-dataset-accept"),
]
