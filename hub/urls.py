"""Where each address goes. The wire comes first: its addresses are fixed by the clients, the site's give way."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from hub.core import converters

converters.register()
admin.site.site_header = admin.site.site_title = f"{settings.SITE_NAME}: administration"
admin.site.index_title = "What this hub holds"

urlpatterns = [
    # One way to sign in, with one throttle.
    path("admin/login/", RedirectView.as_view(pattern_name="web:login", query_string=True)),
    path("admin/", admin.site.urls),
    path("api/headstart/", include("hub.api.urls")),
    path("", include("hub.protocol.urls")),
    path("", include("hub.web.urls")),
]
handler403 = "hub.web.views.errors.forbidden"
handler404 = "hub.web.views.errors.not_found"
handler500 = "hub.web.views.errors.server_error"
