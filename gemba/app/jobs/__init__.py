"""Long work: queued in the database, done by workers, each calculation in a process of its own.

``queue`` says who holds a job, ``child`` does the work, ``worker`` watches over it. A worker that dies loses its
lease; the job is taken over by another. Its effect is written in the transaction that finishes it, and only by
whoever holds the job then: never lost, never doubled.
"""
