"""Celery on Redis, tuned as its documentation says for many short tasks.

    celery_peer.py enqueue <count>   enqueues tasks that do nothing
    celery_peer.py watch <count>     prints when workers began and ended to take them
    celery --app celery_peer worker  is the worker
"""

import os
import sys
import time

from celery import Celery
from redis import Redis

QUEUE = "celery"
REDIS_URL = os.environ["REDIS_URL"]

app = Celery("celery_peer", broker=REDIS_URL)
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=64,
    broker_connection_retry_on_startup=True,
)


@app.task
def no_op():
    pass


def enqueue(count):
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(count):
            no_op.apply_async(producer=producer)


def watch(count):
    """Looks a hundred times a second, which costs Redis nothing.

    A task leaves Redis when a process has accepted it, a moment before it ran.
    """
    redis = Redis.from_url(REDIS_URL)
    started = None
    while True:
        waiting, taken = redis.pipeline().llen(QUEUE).hlen("unacked").execute()
        now = time.monotonic()
        if started is None and waiting < count:
            started = now
        if waiting == 0 and taken == 0:
            break
        time.sleep(0.01)
    print(f'{{"count":{count},"started":{started},"ended":{now}}}')


if __name__ == "__main__":
    {"enqueue": enqueue, "watch": watch}[sys.argv[1]](int(sys.argv[2]))
