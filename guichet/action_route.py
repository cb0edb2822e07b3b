"""The action route: Rasa calls the custom actions here, in this process, with the shared secret."""

import asyncio
import hmac
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

log = logging.getLogger(__name__)
ACTION_TIMEOUT_S = 3.0
"""Rasa would wait for five minutes; the customer has an answer within 5 s."""
router = APIRouter(include_in_schema=False)


@router.post("/actions/webhook")
async def run_action(request: Request, authorization: Annotated[str, Header()] = "") -> Any:
    """Run one custom action for Rasa."""
    secret = request.app.state.chat.services.settings.action_secret
    expected = f"Bearer {secret.get_secret_value()}" if secret else ""
    if not expected or not hmac.compare_digest(authorization.encode(), expected.encode()):
        raise HTTPException(403, "The action route is for Rasa only.")
    executor: ActionExecutor = request.app.state.executor
    call = await request.json()
    name = call.get("next_action")
    try:
        async with asyncio.timeout(ACTION_TIMEOUT_S):
            result = await executor.run(call)
    except ActionExecutionRejection as rejection:
        return JSONResponse({"error": str(rejection), "action_name": rejection.action_name}, 400)
    except ActionNotFoundException as missing:
        return JSONResponse({"error": str(missing), "action_name": missing.action_name}, 404)
    except Exception:
        log.exception("action %s failed", name)
        raise HTTPException(500, f"The action {name} failed.") from None
    return result.model_dump() if result else {}
