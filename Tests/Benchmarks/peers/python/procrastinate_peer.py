"""procrastinate: tasks in PostgreSQL.

    procrastinate_peer.py schema           makes its tables
    procrastinate_peer.py enqueue <count>  enqueues tasks that do nothing
    procrastinate_peer.py drain <jobs>     runs them, so many at once, until none is left
    procrastinate_peer.py times            prints when the first began and the last ended
"""

import asyncio
import os
import sys

from procrastinate import App, PsycopgConnector

app = App(connector=PsycopgConnector(conninfo=os.environ["DATABASE_URL"]))


@app.task
async def no_op():
    pass


async def schema():
    await app.schema_manager.apply_schema_async()


async def enqueue(count):
    await no_op.batch_defer_async(*({} for _ in range(int(count))))


async def drain(jobs):
    await app.run_worker_async(concurrency=int(jobs), wait=False, listen_notify=False)


async def times():
    """From what procrastinate itself records of every task."""
    row = await app.connector.execute_query_one_async(
        """
        SELECT count(*) FILTER (WHERE type = 'succeeded') AS count,
            extract(epoch FROM min(at) FILTER (WHERE type = 'started'))::float8 AS started,
            extract(epoch FROM max(at) FILTER (WHERE type = 'succeeded'))::float8 AS ended
        FROM procrastinate_events
        """
    )
    print(f'{{"count":{row["count"]},"started":{row["started"]},"ended":{row["ended"]}}}')


async def main(command, *arguments):
    commands = {"schema": schema, "enqueue": enqueue, "drain": drain, "times": times}
    async with app.open_async():
        await commands[command](*arguments)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
