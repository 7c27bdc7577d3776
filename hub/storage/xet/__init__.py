"""The formats of the Xet protocol (spec 1.1.0, and what its clients really send): bytes in, frozen dataclasses out.

Nothing here knows of Django's models, of scopes or of where bytes lie. What is malformed is `BadXorb` or `BadShard`.
"""
