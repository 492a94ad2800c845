"""Automation of Systems Manager, as far as a runbook of two steps needs it: aws:approve, then aws:invokeLambdaFunction.

Who signals is whom the signature names, and has to be one of the step's approvers. The emulator has checked signature and
permission before a request comes here.
"""

import json
import re
import time
from datetime import datetime, timezone
from uuid import uuid4

from ministack.core import iam_actions
from ministack.core.iam_evaluator import request_caller_arn
from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import apigateway_v1 as gateway
from ministack.services import ssm
from ministack.services.cloudformation import provisioners

documents = {}
executions = {}
otherwise, resource_of = ssm.handle_request, iam_actions.extract_resource_arn


def create(logical_id, properties, stack):
    # Another content is another document, as where it is replaced.
    content = properties["Content"]
    name = provisioners._physical_name(stack, logical_id + str(abs(hash(json.dumps(content))))[:8])
    documents[name] = content
    return name, {}


def delete(name, _properties):
    documents.pop(name, None)


provisioners._RESOURCE_HANDLERS["AWS::SSM::Document"] = {"create": create, "delete": delete}


def start(data, caller):
    name, given = data["DocumentName"], data.get("Parameters", {})
    if name not in documents:
        return error_response_json("AutomationDefinitionNotFoundException", f"{name} does not exist", 400)
    for parameter, rule in documents[name]["parameters"].items():
        if not re.search(rule["allowedPattern"], given.get(parameter, [""])[0]):
            return error_response_json("InvalidAutomationExecutionParametersException", parameter, 400)
    execution = {
        "AutomationExecutionId": str(uuid4()), "DocumentName": name, "DocumentVersion": "1",
        "ExecutionStartTime": time.time(), "AutomationExecutionStatus": "Waiting", "Parameters": given,
        "StepExecutionsTruncated": False, "Mode": data.get("Mode", "Auto"), "ExecutedBy": caller, "Outputs": {},
    }
    execution["StepExecutions"] = [
        {
            "StepName": step["name"], "Action": step["action"], "StepStatus": "Pending", "StepExecutionId": str(uuid4()),
            "OnFailure": step["onFailure"], "OverriddenParameters": {}, "Inputs": {}, "Outputs": {},
        }
        for step in documents[name]["mainSteps"]
    ]
    approve = execution["StepExecutions"][0]
    approve |= {"StepStatus": "Waiting", "Outputs": {"ApprovalStatus": ["Waiting"], "ApproverDecisions": []}}
    executions[execution["AutomationExecutionId"]] = execution
    return json_response({"AutomationExecutionId": execution["AutomationExecutionId"]})


async def signal(data, caller):
    execution = executions[data["AutomationExecutionId"]]
    asked, tell = documents[execution["DocumentName"]]["mainSteps"]
    approve, told = execution["StepExecutions"]
    if caller not in asked["inputs"]["Approvers"] or approve["StepStatus"] != "Waiting":
        return error_response_json("InvalidAutomationSignalException", f"{caller} is not asked", 400)
    decision = {
        "Approver": caller, "Decision": data["SignalType"],
        "ApprovalDecisionTime": datetime.now(timezone.utc).isoformat().replace("+00:00", "Z"),
    } | {name: values[0] for name, values in data.get("Payload", {}).items()}
    approve["Outputs"]["ApproverDecisions"].append(json.dumps(decision))
    approved = data["SignalType"] == "Approve"
    approve["Outputs"]["ApprovalStatus"] = ["Approved" if approved else "Rejected"]
    approve["StepStatus"] = "Success" if approved else "Failed"
    if approved or asked["onFailure"] == f"step:{tell['name']}":
        await invoke(execution, tell, told)
    succeeded = approved and told["StepStatus"] == "Success"
    execution["AutomationExecutionStatus"] = "Success" if succeeded else "Failed"
    return json_response({})


async def invoke(execution, step, told):
    execution["AutomationExecutionStatus"] = told["StepStatus"] = "InProgress"
    payload = json.dumps(step["inputs"]["InputPayload"])
    payload = payload.replace("{{ automation:EXECUTION_ID }}", execution["AutomationExecutionId"])
    told["Inputs"] = {"FunctionName": step["inputs"]["FunctionName"], "InputPayload": payload}
    for _ in range(step["maxAttempts"]):
        result, missing = await gateway._call_lambda_raw(
            step["inputs"]["FunctionName"], json.loads(payload), account_id=get_account_id(), region=get_region())
        answer = missing or result.get("body")
        answer = answer if isinstance(answer, str) else json.dumps(answer)
        if not missing and not result.get("error"):
            told |= {"StepStatus": "Success", "Outputs": {"Payload": [answer]}}
            return
    told |= {"StepStatus": "Failed", "FailureMessage": answer}
    execution["FailureMessage"] = answer


def show(data):
    execution = executions.get(data["AutomationExecutionId"])
    if execution is None:
        return error_response_json("AutomationExecutionNotFoundException", "no such execution", 400)
    return json_response({"AutomationExecution": execution})


async def handle_request(method, path, headers, body, query_params):
    action = headers.get("x-amz-target", "").split(".")[-1]
    data, caller = json.loads(body or b"{}"), request_caller_arn(headers, query_params)
    match action:
        case "StartAutomationExecution":
            return start(data, caller)
        case "SendAutomationSignal":
            return await signal(data, caller)
        case "GetAutomationExecution":
            return show(data)
    return await otherwise(method, path, headers, body, query_params)


def extract_resource_arn(service, method, path, headers, body, query_params, region, account):
    """What IAM is asked about, which the emulator does not know of executions."""
    action = headers.get("x-amz-target", "")
    place = f"arn:aws:ssm:{region}:{account}"
    if action.endswith(("GetAutomationExecution", "SendAutomationSignal")):
        return f"{place}:automation-execution/{json.loads(body).get('AutomationExecutionId')}"
    if action.endswith("StartAutomationExecution"):
        return f"{place}:automation-definition/{json.loads(body).get('DocumentName')}:1"
    return resource_of(service, method, path, headers, body, query_params, region, account)


ssm.handle_request = handle_request
iam_actions.extract_resource_arn = extract_resource_arn
