from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "hub.community"
