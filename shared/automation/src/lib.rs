//! What was decided in a runbook, over AWS Systems Manager.

mod read;

use aws_errors::Call;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::operation::get_automation_execution::GetAutomationExecutionError;
use aws_types::SdkConfig;
use model::Fault;
use workflow::ports::executions::{Execution, ExecutionId, Executions};

/// Executions of AWS Systems Manager Automation, in the account and region of whoever asks: the service knows no others.
#[derive(Debug, Clone)]
pub struct SystemsManager {
    client: Client,
}

impl SystemsManager {
    /// Systems Manager, reached as the configuration says.
    pub fn configured(config: &SdkConfig) -> Self {
        Self {
            client: Client::new(config),
        }
    }
}

impl Executions for SystemsManager {
    async fn execution(&self, id: &ExecutionId) -> Result<Option<Execution>, Fault> {
        let resource = format!("automation-execution/{id}");
        let call = Call {
            action: "ssm:GetAutomationExecution",
            resource: &resource,
        };
        let request = self.client.get_automation_execution();
        let answer = match request.automation_execution_id(id.as_str()).send().await {
            Ok(answer) => answer,
            Err(error)
                if error.as_service_error().is_some_and(
                    GetAutomationExecutionError::is_automation_execution_not_found_exception,
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(aws_errors::fault(call, error)),
        };
        let Some(execution) = answer.automation_execution else {
            return Err(Fault::retry(call.to_string(), "it answered no execution"));
        };
        read::execution(execution)
            .map(Some)
            .map_err(|unread| Fault::Bug(format!("{call} answered {unread}")))
    }
}
