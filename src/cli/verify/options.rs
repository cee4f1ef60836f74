//! The options of `verify`.

use crate::cli::arguments::{Format, Sources};
use crate::cli::trusting::{AsClient, Trusting};
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    #[command(flatten)]
    pub(in crate::cli) sources: Sources,

    /// The server, with what stands before the contract's paths (http://127.0.0.1:8080/api/v1).
    /// Of several documents each has its own as NAME=URL, or is below one as /NAME
    #[arg(
        long,
        value_name = "[NAME=]URL",
        required = true,
        env = "COUNTERPART_URL",
        value_delimiter = ','
    )]
    pub(in crate::cli) url: Vec<String>,

    /// Try this operation alone, by operationId or as 'METHOD /template'; several may be named
    #[arg(
        long,
        value_name = "NAME",
        env = "COUNTERPART_OPERATION",
        value_delimiter = '\n'
    )]
    pub(in crate::cli) operation: Vec<String>,

    /// Give this value to each parameter of the name, in JSON or as a text: the id of an account that
    /// is there
    #[arg(
        long,
        value_name = "NAME=VALUE",
        env = "COUNTERPART_VALUE",
        value_delimiter = '\n'
    )]
    pub(in crate::cli) value: Vec<String>,

    /// Let the CEL expressions of this file say what is put into requests, such as a reference that
    /// is new each time; of several documents each has its own as NAME=FILE
    #[arg(
        long,
        value_name = "[NAME=]FILE",
        env = "COUNTERPART_HOOKS",
        value_delimiter = ','
    )]
    pub(in crate::cli) hooks: Vec<String>,

    /// What requests are drawn from: the same seed sends the same; one is drawn and told without
    #[arg(long, value_name = "TEXT", env = "COUNTERPART_SEED")]
    pub(in crate::cli) seed: Option<String>,

    /// How many requests an operation is tried with at most, valid and invalid ones
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 100,
        env = "COUNTERPART_CASES"
    )]
    pub(in crate::cli) cases: usize,

    /// Send the same to the mock of the contract, and tell how alike it answers, operation by
    /// operation: by status, media type, and the members and types of JSON
    #[arg(long, env = "COUNTERPART_TWIN")]
    pub(in crate::cli) twin: bool,

    /// Warn of operations that refuse some of what the contract allows with 400 or 422, and do the
    /// rest
    #[arg(long, env = "COUNTERPART_WARN_REFUSED")]
    pub(in crate::cli) warn_refused: bool,

    /// Send nothing but GET, HEAD and OPTIONS
    #[arg(long, env = "COUNTERPART_READ_ONLY")]
    pub(in crate::cli) read_only: bool,

    /// How many requests a second are sent at most
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 200,
        value_parser = clap::value_parser!(u32).range(1..=100_000),
        env = "COUNTERPART_RATE",
        help_heading = "Bounds"
    )]
    pub(in crate::cli) rate: u32,

    /// How many parts of the contract are tried side by side
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 4,
        value_parser = at_most_64,
        env = "COUNTERPART_CONCURRENCY",
        help_heading = "Bounds"
    )]
    pub(in crate::cli) concurrency: usize,

    /// How many requests are sent in all at most
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 100_000,
        env = "COUNTERPART_MAX_REQUESTS",
        help_heading = "Bounds"
    )]
    pub(in crate::cli) max_requests: usize,

    /// How long a reply may take, and the command of --auth-command, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(1..=600),
        env = "COUNTERPART_TIMEOUT",
        help_heading = "Bounds"
    )]
    pub(in crate::cli) timeout: u64,

    #[command(flatten)]
    pub(in crate::cli) trusting: Trusting,

    #[command(flatten)]
    pub(in crate::cli) as_client: AsClient,

    /// Send this header field with every request; several may be given
    #[arg(
        long,
        value_name = "'NAME: VALUE'",
        env = "COUNTERPART_HEADER",
        value_delimiter = '\n',
        help_heading = "Credentials"
    )]
    pub(in crate::cli) header: Vec<String>,

    /// Send this bearer token with every request
    #[arg(
        long,
        value_name = "TOKEN",
        env = "COUNTERPART_TOKEN",
        hide_env_values = true,
        help_heading = "Credentials"
    )]
    pub(in crate::cli) token: Option<String>,

    /// Send this credential where the security scheme of its name is asked for: a key, a token, or
    /// user:password; several in the variable stand on lines of their own
    #[arg(
        long,
        value_name = "SCHEME=VALUE",
        env = "COUNTERPART_CREDENTIAL",
        hide_env_values = true,
        value_delimiter = '\n',
        help_heading = "Credentials"
    )]
    pub(in crate::cli) credential: Vec<String>,

    /// Send what this command of the shell prints: a bearer token, or header fields a line each.
    /// It is run again when the server answers 401
    #[arg(
        long,
        value_name = "COMMAND",
        env = "COUNTERPART_AUTH_COMMAND",
        help_heading = "Credentials"
    )]
    pub(in crate::cli) auth_command: Option<String>,

    /// Let warnings count as violations
    #[arg(long, env = "COUNTERPART_STRICT")]
    pub(in crate::cli) strict: bool,

    /// How the report is written, on standard output
    #[arg(long, value_enum, default_value = "human", env = "COUNTERPART_FORMAT")]
    pub(in crate::cli) format: Format,
}

impl Verify {
    /// The values of parameters, by name.
    pub(super) fn values(&self) -> Result<Vec<(String, Value)>, String> {
        let values = self.value.iter().map(|given| {
            let (name, text) = given
                .split_once('=')
                .filter(|(name, _)| !name.is_empty())
                .ok_or_else(|| format!("{given:?} is no NAME=VALUE"))?;
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
            Ok((name.to_owned(), value))
        });
        values.collect()
    }
}

fn at_most_64(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=64) => Ok(count),
        _ => Err("1 to 64 are expected".to_owned()),
    }
}
