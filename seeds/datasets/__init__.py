"""One file per data set, readable from top to bottom: facts first, then `build`."""
