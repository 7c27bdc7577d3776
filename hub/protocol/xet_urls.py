"""Addresses of Xet. Clients before hf-xet 1.4 leave out `v1/`."""

from django.urls import path, re_path

from hub.protocol import xet

_ADDRESS = r"^xet/(?P<key>[0-9a-f]{24})\.g(?P<generation>[0-9]{1,9})/(?:v1/)?"
_TOKEN = "api/<kinds:kind>/<seg:owner>/<seg:name>/xet-{}-token/<seg:revision>"  # noqa: S105

urlpatterns = [
    path(_TOKEN.format("read"), xet.xet_token, {"access": "read"}),
    path(_TOKEN.format("write"), xet.xet_token, {"access": "write"}),
    re_path(_ADDRESS + r"xorbs/[^/]+/(?P<xorb_hash>[^/]+)$", xet.xorb),
    re_path(_ADDRESS + r"shards$", xet.shard),
    re_path(r"^xet/", xet.not_offered),
    path("v1/telemetry", xet.telemetry),
]
