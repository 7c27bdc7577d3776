"""What changes governance. One module for each capability."""
