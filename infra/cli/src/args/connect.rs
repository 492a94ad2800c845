//! The command line of `sluice connect`.

use clap::{Args, Subcommand};
use url::Url;

/// What stands below `sluice connect github --help`.
pub(crate) const HELP: &str = "\
What it does, each step only where it is still to be done, so that it may be interrupted and run again:
  1. the webhook's secret: made and stored, where there is none
  2. the GitHub App: you press one button in a browser, and its key is stored
  3. its webhook: URL and secret are set at GitHub
  4. its installation: you choose the repositories in a browser
  5. the repository: which one, and the line of it for the settings
  6. a test delivery: GitHub sends one again, and its answer is told

Keys and secrets go to AWS Secrets Manager and nowhere else; none is printed or written to a file.";

/// What can be connected.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectCommand {
    /// Make the GitHub App, install it, and see that its deliveries arrive
    #[command(after_help = HELP, after_long_help = HELP)]
    Github(GitHubArguments),
}

/// How GitHub is connected.
#[derive(Debug, Clone, Args)]
pub(crate) struct GitHubArguments {
    /// The organization that owns the App [default: you]
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// GitHub; for an Enterprise Server its own address
    #[arg(long, value_name = "URL", default_value = "https://github.com")]
    pub(crate) github_url: Url,
    /// GitHub's API [default: where it is for that GitHub: `https://api.github.com`, `https://HOST/api/v3`]
    #[arg(long, value_name = "URL", env = "GITHUB_API_URL")]
    pub(crate) github_api_url: Option<Url>,
    /// Where GitHub delivers to: the stack's output `WebhookUrl` [default: `webhooks/github` below --api-url]
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: Option<Url>,
    /// The App's name, which nobody else at that GitHub may have [default: sluice-ORGANIZATION]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Go on with this App, and make no other
    #[arg(long, value_name = "ID")]
    pub(crate) app_id: Option<u64>,
    /// Name or ARN of the secret that keeps the App's key
    #[arg(long, value_name = "SECRET", default_value = "sluice/github-app")]
    pub(crate) app_secret: String,
    /// Name or ARN of the secret that signs deliveries
    #[arg(long, value_name = "SECRET", default_value = "sluice/webhook")]
    pub(crate) webhook_secret: String,
    /// The repository, `owner/name` [default: the only one that the App is installed on, else you are asked]
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) repository: Option<String>,
    /// The port of the page on this machine that leads to GitHub [default: any free one]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// How many seconds to wait for what you do in the browser, each time
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    pub(crate) wait: u64,
    /// Ask nothing here: with several repositories, name one
    #[arg(long)]
    pub(crate) yes: bool,
    /// Open no browser; say what to open
    #[arg(long)]
    pub(crate) no_browser: bool,
}
