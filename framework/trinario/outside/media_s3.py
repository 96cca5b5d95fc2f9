"""Copies of people's files in a bucket of any service that speaks S3, over aiobotocore."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from trinario.ports import Opened

PIECE = 1 << 16
CONNECT_SECONDS, READ_SECONDS = 5, 30
TRIES = 3
PROBE = "trinario-check"


class BucketTrouble(OSError):
    """The service refused or could not be reached; the text names no secret."""


class S3Store:
    """Implements ports.MediaStore. Objects are named `<prefix><first two letters of the id>/<id>`; `spool` is a folder of this
    machine. Without `access_key` the credentials are those of the environment or of the machine's role."""

    def __init__(
        self,
        spool: Path,
        bucket: str,
        *,
        endpoint: str = "",
        region: str = "",
        prefix: str = "",
        access_key: str = "",
        secret_key: str = "",
    ) -> None:
        self._spool, self._bucket, self._prefix = spool, bucket, prefix
        self._given: dict[str, Any] = {
            "endpoint_url": endpoint or None,
            "region_name": region or ("us-east-1" if endpoint else None),
            "aws_access_key_id": access_key or None,
            "aws_secret_access_key": secret_key or None,
            "config": AioConfig(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"max_attempts": TRIES, "mode": "standard"},
                s3={"addressing_style": "path"} if endpoint else None,
            ),
        }
        self._stack = AsyncExitStack()
        self._client: Any = None
        self._opening = asyncio.Lock()

    @property
    def spool(self) -> Path:
        """On this machine: a file is whole before it goes."""
        return self._spool

    async def put(self, id: str, file: Path, mime_type: str) -> None:
        """One PUT: an object is there whole, or not at all."""
        with file.open("rb") as body:
            await self._asked(
                "put_object", Key=self._key(id), Body=body, ContentType=mime_type, ContentLength=file.stat().st_size
            )

    async def remove(self, id: str) -> None:
        """Delete the object; S3 does not mind if there is none."""
        await self._asked("delete_object", Key=self._key(id))

    async def open(self, id: str) -> Opened | None:
        """The object as its bytes come."""
        try:
            found = await self._asked("get_object", Key=self._key(id))
        except FileNotFoundError:
            return None
        return Opened(chunks=_pieces(found["Body"]), size=int(found["ContentLength"]))

    async def check(self) -> str:
        """Whether an object can be written, read and deleted."""
        key = f"{self._prefix}{PROBE}"
        try:
            await self._asked("put_object", Key=key, Body=b"trinario")
            found = await self._asked("get_object", Key=key)
            whole = b"".join([piece async for piece in _pieces(found["Body"])]) == b"trinario"
            await self._asked("delete_object", Key=key)
        except OSError as error:
            return str(error)
        return "" if whole else f"the bucket {self._bucket} does not give back what is written to it"

    async def close(self) -> None:
        """Give the connections back."""
        self._client = None
        await self._stack.aclose()

    def _key(self, id: str) -> str:
        return f"{self._prefix}{id[:2]}/{id}"

    async def _asked(self, operation: str, **given: Any) -> Any:
        """One call. Raises FileNotFoundError for an object that is not there, BucketTrouble for everything else."""
        try:
            client = await self._opened()
            return await getattr(client, operation)(Bucket=self._bucket, **given)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in ("NoSuchKey", "404"):
                raise FileNotFoundError(code) from None
            raise BucketTrouble(f"the bucket {self._bucket} answers {code or 'with an error'}") from None
        except (BotoCoreError, TimeoutError) as error:
            raise BucketTrouble(f"the bucket {self._bucket} cannot be reached ({type(error).__name__})") from None

    async def _opened(self) -> Any:
        """The client: made when it is first needed, since that takes a while."""
        async with self._opening:
            if self._client is None:
                made = get_session().create_client("s3", **self._given)
                self._client = await self._stack.enter_async_context(made)
            return self._client


async def _pieces(body: Any) -> AsyncIterator[bytes]:
    try:
        async with body:
            while piece := await body.read(PIECE):
                yield piece
    except (BotoCoreError, TimeoutError) as error:
        raise BucketTrouble(f"the bucket broke off ({type(error).__name__})") from None
