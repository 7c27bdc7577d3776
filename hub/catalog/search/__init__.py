"""The search index: a view of the database that can be thrown away. Reasons are in docs/adr/0012-search-index.md."""
