"""What reads governance, always for somebody. One module for each capability."""
