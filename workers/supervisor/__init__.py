"""What looks after jobs on a worker's machine: it claims, prepares, watches, publishes, and never touches a device."""
