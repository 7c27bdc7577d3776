"""What is recorded of a revision, as data: which fields there are, what they hold, how complete and how grave they are.

Nothing here reads the database.
"""
