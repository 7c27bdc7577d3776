"""Seeds: real models and data sets that come inside packages, converted, described, pushed through the public API."""
