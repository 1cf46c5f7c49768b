"""The queue of jobs in PostgreSQL, kept by the library procrastinate in the schema `jobs`.

A process that only puts jobs in opens it with `open_queue`; a worker takes them out with `work_off`.
"""

from unioncat.queue.jobs import PostgresQueue, open_queue
from unioncat.queue.worker import Pace, work_off

__all__ = ["Pace", "PostgresQueue", "open_queue", "work_off"]
