"""What is recorded of a repository, for programs: the data record, the intended use, bias findings."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api.auth import viewer_of
from hub.api.shapes import parameter
from hub.catalog import selectors as catalog
from hub.core.errors import InvalidInput
from hub.governance.records import croissant
from hub.governance.selectors.data import data_facts, data_of
from hub.governance.selectors.findings import FindingAt, findings_of
from hub.governance.selectors.records import head_of
from hub.governance.selectors.uses import use_of_revision
from hub.governance.services import data, findings, uses

_FORMATS = ("json", "croissant")


class RecordSerializer(serializers.Serializer[Any]):
    """A version of a record; `record` is null while there is none."""

    number = serializers.IntegerField(help_text="0 while there is none. Send it as `base` to notice others' changes.")
    sha256 = serializers.CharField(help_text="Over the canonical JSON of the record.")
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="form, card, croissant, json or system."
    )
    by = serializers.CharField()
    record = serializers.DictField(allow_null=True)


class DataRecordSerializer(RecordSerializer):
    completeness = serializers.FloatField(help_text="From 0 to 1: answered by weight, of what applies.")
    pii = serializers.CharField(help_text="The worst of all sources.")
    missing = serializers.ListField(child=serializers.CharField())
    unknown = serializers.ListField(child=serializers.CharField())
    hidden = serializers.IntegerField(help_text="Sources that the caller may not read.")


class UseRecordSerializer(RecordSerializer):
    tier = serializers.IntegerField(allow_null=True)


class PutSerializer(serializers.Serializer[Any]):
    record = serializers.DictField()
    base = serializers.IntegerField(required=False, help_text="The version that was changed; refused where it isn't.")
    source = serializers.ChoiceField(choices=("json", "croissant"), default="json")  # type: ignore[assignment]


class FindingSerializer(serializers.Serializer[Any]):
    """`repository` and `note` are null for one that a repository out of the caller's sight hands down."""

    id = serializers.CharField(allow_null=True)
    number = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField(help_text="measured, reported, literature or suspected.")
    severity = serializers.CharField()
    status = serializers.CharField()
    open = serializers.BooleanField()
    inherited = serializers.BooleanField()
    refutedHere = serializers.BooleanField()
    repository = serializers.CharField(allow_null=True)
    note = serializers.DictField(allow_null=True)


class FindingsSerializer(serializers.Serializer[Any]):
    items = FindingSerializer(many=True)
    withheld = serializers.IntegerField(help_text="Findings that the caller may not read.")


class NewFindingSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    note = serializers.DictField()
    refutes = serializers.CharField(required=False, help_text="An inherited finding: owner/name BN-0042.")


class _OfRepository(APIView):
    """`kind` comes with the address."""

    kind = "model"

    def repo(self, request: Request, owner: str, name: str) -> tuple[Viewer, Any]:
        viewer = viewer_of(request)
        return viewer, catalog.find_repo(viewer, self.kind, owner, name)


class DataRecord(_OfRepository):
    """What main's head was made from."""

    @extend_schema(
        parameters=[parameter("format", "json; or croissant, for data sets.", enum=_FORMATS)],
        responses=DataRecordSerializer,
        operation_id="data_record",
    )
    def get(self, request: Request, owner: str, name: str) -> HttpResponse:
        viewer, repo = self.repo(request, owner, name)
        if request.GET.get("format") == "croissant":
            return _file(self._croissant(request, viewer, repo), f"{repo.name}.croissant.json")
        return Response(self._told(viewer, repo))

    @extend_schema(request=PutSerializer, responses=DataRecordSerializer, operation_id="put_data_record")
    def put(self, request: Request, owner: str, name: str) -> Response:
        viewer, repo = self.repo(request, owner, name)
        body, base, source = _sent(request)
        if source == "croissant":
            body = {"training_data": [croissant.source_of(body)]}
        data.record(by=viewer, repo=repo, body=body, source=source, base=base)
        return Response(self._told(viewer, repo))

    def _told(self, viewer: Viewer, repo: Any) -> dict[str, Any]:
        revision = head_of(repo)
        found = data_of(viewer, revision)
        facts = (
            data_facts(revision) if revision else {"completeness": 0.0, "pii": "unknown", "missing": [], "unknown": []}
        )
        return {**_record(found.record, found.body), **facts, "hidden": found.hidden}

    def _croissant(self, request: Request, viewer: Viewer, repo: Any) -> dict[str, Any]:
        if repo.kind != "dataset":
            raise InvalidInput("Croissant describes data sets, and this is a model. Ask for format=json.")
        sources = data_of(viewer, head_of(repo)).body.get("training_data", [])
        card = getattr(repo, "card", None)
        return croissant.export(
            sources[0] if sources else {},
            name=repo.name,
            url=request.build_absolute_uri(f"/datasets/{repo.full_name}"),
            description=(card.summary if card else "") or repo.full_name,
            licence=card.license if card else "",
        )


class UseRecord(_OfRepository):
    """What main's head is for."""

    @extend_schema(responses=UseRecordSerializer, operation_id="use_record")
    def get(self, request: Request, owner: str, name: str) -> Response:
        return self._answer(*self.repo(request, owner, name))

    @extend_schema(request=PutSerializer, responses=UseRecordSerializer, operation_id="put_use_record")
    def put(self, request: Request, owner: str, name: str) -> Response:
        viewer, repo = self.repo(request, owner, name)
        body, base, _ = _sent(request)
        uses.record(by=viewer, repo=repo, body=body, source="json", base=base)
        return self._answer(viewer, repo)

    def _answer(self, viewer: Viewer, repo: Any) -> Response:
        found = use_of_revision(viewer, head_of(repo))
        return Response({**_record(found.record, found.body), "tier": found.tier})


class Findings(_OfRepository):
    """Bias findings at main's head, the gravest open ones first; inherited ones too."""

    @extend_schema(responses=FindingsSerializer, operation_id="findings")
    def get(self, request: Request, owner: str, name: str) -> Response:
        viewer, repo = self.repo(request, owner, name)
        found = findings_of(viewer, head_of(repo) or repo)
        return Response({"items": [_finding(each) for each in found.items], "withheld": found.withheld})

    @extend_schema(request=NewFindingSerializer, responses={201: FindingSerializer}, operation_id="file_finding")
    def post(self, request: Request, owner: str, name: str) -> Response:
        viewer, repo = self.repo(request, owner, name)
        sent = _object(request)
        refutes = self._inherited(viewer, repo, sent["refutes"]) if sent.get("refutes") else None
        made = findings.file(
            by=viewer, repo=repo, kind=str(sent.get("kind", "")), body=sent.get("note"), refutes=refutes
        )
        found = findings_of(viewer, head_of(repo) or repo, with_inherited=False)
        return Response(_finding(next(each for each in found.items if each.row.pk == made.pk)), status=201)

    def _inherited(self, viewer: Viewer, repo: Any, named: object) -> Any:
        for each in findings_of(viewer, head_of(repo) or repo).items:
            if each.is_inherited and each.repo and f"{each.repo.full_name} {each.label}" == named:
                return each.row
        raise InvalidInput(f"It inherits no finding {str(named)[:80]!r}. Name one as owner/name BN-0042.")


def _object(request: Request) -> dict[str, Any]:
    if not isinstance(request.data, dict):
        raise InvalidInput("The body must be a JSON object.")
    return request.data


def _sent(request: Request) -> tuple[Any, int | None, str]:
    sent = _object(request)
    base = sent.get("base")
    if base is not None and (isinstance(base, bool) or not isinstance(base, int)):
        raise InvalidInput("base is the number of a version.")
    if sent.get("source", "json") not in _FORMATS:
        raise InvalidInput(f"source is one of {', '.join(_FORMATS)}.")
    return sent.get("record"), base, str(sent.get("source", "json"))


def _record(record: Any, body: Any) -> dict[str, Any]:
    if record is None:
        return {"number": 0, "sha256": "", "source": "", "by": "", "record": None}
    return {"number": record.number, "sha256": record.sha256, "source": record.source, "by": record.by, "record": body}


def _finding(each: FindingAt) -> dict[str, Any]:
    row, of = each.row, each.repo
    return {
        "id": each.label if of else None,
        "number": row.number if of else None,
        "kind": row.kind,
        "severity": row.severity,
        "status": row.status,
        "open": each.is_open,
        "inherited": each.is_inherited,
        "refutedHere": each.is_refuted_here,
        "repository": ("datasets/" if of.kind == "dataset" else "") + of.full_name if of else None,
        "note": dict(each.body) if of else None,
    }


def _file(value: dict[str, Any], name: str) -> Response:
    return Response(value, headers={"Content-Disposition": f'attachment; filename="{name}"'})
