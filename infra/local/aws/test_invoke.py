"""TestInvokeMethod of API Gateway, which is also the console's Test tab.

As on AWS, the method's own authorization is not asked: who may test a method (apigateway:POST on it) is whom the event
names. The emulator has checked signature and permission before a request comes here.
"""

import json
import time
from urllib.parse import parse_qs, unquote, urlsplit

from ministack.services import apigateway_v1 as gateway

STAGE = "test-invoke-stage"
otherwise = gateway.handle_request


async def handle_request(method, path, headers, body, query_params):
    match [unquote(part) for part in path.strip("/").split("/")]:
        case ["restapis", api, "resources", resource, "methods", verb] if method == "POST":
            return await test_invoke(api, resource, verb, headers, json.loads(body or b"{}"), query_params)
    return await otherwise(method, path, headers, body, query_params)


async def test_invoke(api, resource_id, verb, caller, asked, query_params):
    resource = gateway._resources.get(api, {}).get(resource_id)
    tested = (resource or {}).get("resourceMethods", {}).get(verb)
    if not tested or tested.get("methodIntegration", {}).get("type") != "AWS_PROXY":
        return gateway._v1_error("NotFoundException", "Invalid Method identifier specified", 404)
    url = urlsplit(asked.get("pathWithQueryString") or resource["path"])
    found, parameters = gateway._match_resource_tree(api, [part for part in url.path.split("/") if part])
    if found is not resource:
        return gateway._v1_error("BadRequestException", "The path does not match the resource's", 400)
    # Whatever headers are asked for are the event's headers and nothing more.
    identity = (gateway._iam_caller_identity(caller, query_params) or {}) | {
        "sourceIp": "test-invoke-source-ip",
        "apiKey": "test-invoke-api-key",
        "apiKeyId": "test-invoke-api-key-id",
        "userAgent": caller.get("user-agent", ""),
    }
    account, region = gateway.find_api_scope(api)
    began = time.monotonic()
    answer = await gateway._invoke_lambda_proxy_v1(
        tested["methodIntegration"], api, STAGE, {"variables": asked.get("stageVariables")}, resource, url.path, verb,
        asked.get("headers") or {}, (asked.get("body") or "").encode(), parse_qs(url.query), parameters,
        owner_account_id=account, owner_region=region, caller_identity=identity,
    )
    if not isinstance(answer, tuple):
        return gateway._v1_error("InternalServerErrorException", "The method could not be invoked", 500)
    status, answered, body = answer
    lists = {name: value if isinstance(value, list) else [value] for name, value in answered.items()}
    return gateway._v1_response({
        "status": status,
        "body": body.decode(),
        "headers": {name: values[-1] for name, values in lists.items()},
        "multiValueHeaders": lists,
        "log": f"Execution log for a test of {verb} {url.path}: {status}\n",
        "latency": round((time.monotonic() - began) * 1000),
    })


gateway.handle_request = handle_request
