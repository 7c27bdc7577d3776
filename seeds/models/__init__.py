"""One file per model, readable from top to bottom: facts first, then `build`."""
