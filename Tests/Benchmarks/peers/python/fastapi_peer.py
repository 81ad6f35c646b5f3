"""FastAPI that keeps signed webhooks: the signature is checked, the row committed, then 200.

    uvicorn fastapi_peer:app   serves POST /webhooks/meta
"""

import hashlib
import hmac
import os
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
from fastapi import FastAPI, Request, Response

SECRET = os.environ["WEBHOOK_SECRET"].encode()
WORKSPACE = UUID(os.environ["WORKSPACE"])
CHANNEL = UUID(os.environ["CHANNEL"])
KEEP = """
    INSERT INTO relais.webhook_inbox (id, workspace, channel, provider, dedupe_key, body)
    VALUES ($1, $2, $3, 'meta', $4, $5)
    ON CONFLICT (channel, dedupe_key) DO NOTHING
"""


@asynccontextmanager
async def pooled(app):
    size = int(os.environ["POOL_SIZE"])
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=size, max_size=size
    ) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=pooled, openapi_url=None)


@app.post("/webhooks/meta")
async def receive(request: Request):
    body = await request.body()
    signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, request.headers.get("x-hub-signature-256", "")):
        return Response(status_code=401)
    key = "sha256:" + hashlib.sha256(body).hexdigest()
    await app.state.pool.execute(KEEP, uuid4(), WORKSPACE, CHANNEL, key, body)
    return Response(b"{}", media_type="application/json")
