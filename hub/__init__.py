"""The hub: a Django service that catalogs, serves and reviews models. Importing it loads nothing else."""
