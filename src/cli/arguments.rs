use super::credentials::{Credentials, Signing};
use super::trusting::{AsClient, AsServer, Trusting};
use super::verify::Verify;
use crate::contract::{AuthSettings, ClockSetting, Loading, NoClock, StateAt};
use crate::faults::Latency;
use crate::server::{AllowedHost, Cors, Limit, Limits, UpstreamUrl, WebOrigin};
use crate::spec::Reach;
use clap::builder::Resettable;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::{AddrParseError, IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;

/// Stands in for an HTTP API: validates requests against its OpenAPI document and answers from
/// fixtures and kept state.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) serve: Serve,
}

const EXAMPLES: &str = "\
Examples:
  counterpart                      serve every contract in specs/
  counterpart api.yaml --port 0    serve one, on any free port
  counterpart check api.yaml       say what is wrong in it, its fixtures and its rules
  counterpart verify api.yaml --url http://127.0.0.1:8080
                                   say what a server does otherwise
  counterpart proxy api.yaml --upstream http://127.0.0.1:8080
                                   judge what clients and a real server say to each other
  counterpart diff old.yaml api.yaml
                                   say what has changed, and what breaks clients
  counterpart token --scope items.write";

impl Arguments {
    /// Whether what is asked for is told of the commands alone.
    pub(super) fn is_about_itself(&self) -> bool {
        matches!(
            self.command,
            Some(Command::Completions(_) | Command::Man(_))
        )
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve contracts as a mock server (what counterpart does when no command is named)
    Serve(Box<Serve>),
    /// Pass requests on to a real server, and judge both sides of what travels
    Proxy(Box<Proxy>),
    /// Report everything that is wrong in contracts, their fixtures and their rules
    Check(Check),
    /// Exercise a real server and judge its replies; it is sent what changes data, so let it be one
    /// for tests
    Verify(Box<Verify>),
    /// Tell what has changed between two documents of one API, and what of it breaks clients
    Diff(Diff),
    /// Write the documentation of contracts as a site that needs no server
    Docs(Docs),
    /// Print a development JWT
    Token(Token),
    /// Turn what a server remembers into fixtures
    #[command(subcommand)]
    Fixtures(Fixtures),
    /// Wait until a server answers
    Wait(Wait),
    /// Print what lets a shell complete these commands
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(Man),
}

#[derive(Debug, Args)]
pub(super) struct Wait {
    /// The server, by its address; without it the one that `serve` starts here, at
    /// http://127.0.0.1:4010 or as COUNTERPART_PORT and COUNTERPART_TLS_CERT have it
    #[arg(value_name = "URL", env = "COUNTERPART_URL")]
    pub(super) url: Option<String>,

    /// For how many seconds at most
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        env = "COUNTERPART_WAIT_TIMEOUT"
    )]
    pub(super) timeout: u64,

    #[command(flatten)]
    pub(super) trusting: Trusting,
}

impl Wait {
    /// The address of the server.
    pub(super) fn url(&self) -> String {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let here = || {
            let port = set("COUNTERPART_PORT").and_then(|port| port.parse::<u16>().ok());
            let scheme = set("COUNTERPART_TLS_CERT").map_or("http", |_| "https");
            let port = port.filter(|port| *port != 0).unwrap_or(4010);
            format!("{scheme}://127.0.0.1:{port}")
        };
        self.url.clone().unwrap_or_else(here)
    }
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// A folder for a page of each command
    #[arg(long, value_name = "DIR", env = "COUNTERPART_MAN_OUT")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Fixtures {
    /// Write what a server remembers as the files of fixtures that begin with it
    Export(Export),
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The server, by its address
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:4010",
        env = "COUNTERPART_URL"
    )]
    pub(super) from: String,

    /// The one API; all that are served without it
    #[arg(long, value_name = "NAME", env = "COUNTERPART_API")]
    pub(super) api: Option<String>,

    /// The sandbox; everyone's state without it
    #[arg(long, value_name = "NAME", env = "COUNTERPART_SANDBOX")]
    pub(super) sandbox: Option<String>,

    /// The folder of fixtures, in which each API has one of its own
    #[arg(
        long,
        value_name = "DIR",
        default_value = "fixtures",
        env = "COUNTERPART_EXPORT_OUT"
    )]
    pub(super) out: PathBuf,

    /// Write over files that are there with another text, comments in them included
    #[arg(long, env = "COUNTERPART_FORCE")]
    pub(super) force: bool,

    /// The server's token for its control plane, where it has one
    #[arg(
        long,
        value_name = "TOKEN",
        env = "COUNTERPART_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = a_token
    )]
    pub(super) control_token: Option<String>,

    #[command(flatten)]
    pub(super) trusting: Trusting,
}

/// What is read.
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// OpenAPI documents, or folders of them
    #[arg(
        value_name = "DOCUMENT|DIR",
        default_value = "specs",
        env = "COUNTERPART_DOCUMENTS"
    )]
    pub(super) documents: Vec<PathBuf>,

    /// Change the documents by this OpenAPI Overlay first; several apply in their order
    #[arg(long, value_name = "FILE", env = "COUNTERPART_OVERLAY")]
    pub(super) overlay: Vec<PathBuf>,

    /// Let references reach this file or folder, outside of the documents' own; URL-PREFIX=FOLDER
    /// names the folder that stands in for what is on the network
    #[arg(
        long,
        value_name = "PATH|PREFIX=DIR",
        env = "COUNTERPART_ALLOW_REF",
        value_delimiter = ','
    )]
    pub(super) allow_ref: Vec<String>,
}

impl Sources {
    /// How it is to be read.
    pub(super) fn loading(&self, strict: bool, seed: &str, auth: AuthSettings) -> Loading {
        Loading {
            reach: Reach {
                allowed: self.allow_ref.clone(),
                ..Reach::default()
            },
            overlays: self.overlay.clone(),
            strict,
            seed: seed.to_owned(),
            auth,
            ..Loading::default()
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) sources: Sources,

    /// Don't start if anything in the documents can't be served or meant, and refuse query
    /// parameters and bodies that aren't documented
    #[arg(long, env = "COUNTERPART_STRICT")]
    pub(super) strict: bool,

    /// What generated bodies are drawn from: the same seed gives the same bodies, those that
    /// clients ask to be drawn afresh included
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        env = "COUNTERPART_SEED"
    )]
    pub(super) seed: String,

    /// Remember nothing that clients write: every operation answers from the document, or from
    /// what is written for it in the fixtures
    #[arg(long, env = "COUNTERPART_STATELESS")]
    pub(super) stateless: bool,

    /// Answer with every variant that the document allows, one after another: each example, optional
    /// members left out, nulls, each value of an enum, each alternative. Nothing is remembered
    #[arg(long, env = "COUNTERPART_ROTATE")]
    pub(super) rotate: bool,

    /// Keep the state in this file, which is made where it isn't there, or in the Valkey or Redis
    /// server of a URL, which several processes share: what was answered is there after a restart
    #[arg(
        long,
        value_name = "FILE|redis://[USER:PASSWORD@]HOST[:PORT][/DB][?prefix=NAME]",
        env = "COUNTERPART_STATE",
        hide_env_values = true,
        conflicts_with_all = ["stateless", "rotate"]
    )]
    pub(super) state: Option<StateAt>,

    /// Load documents, fixtures and rules anew when they change, and go on with what was
    /// remembered; so it is at a terminal
    #[arg(long, env = "COUNTERPART_WATCH", overrides_with = "no_watch")]
    pub(super) watch: bool,

    /// Go on with documents, fixtures and rules as they were at the start
    #[arg(long, env = "COUNTERPART_NO_WATCH", overrides_with = "watch")]
    pub(super) no_watch: bool,

    /// Begin with the fixtures, whatever was kept
    #[arg(long, env = "COUNTERPART_RESET_STATE")]
    pub(super) reset_state: bool,

    /// How long a sandbox stays that nobody uses, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 3600,
        env = "COUNTERPART_SANDBOX_IDLE",
        value_parser = clap::value_parser!(u64).range(1..=31_536_000)
    )]
    pub(super) sandbox_idle: u64,

    /// What time it is for the APIs, or the one that is named: a moment to stand still at
    /// (2024-01-15T11:00:00Z), one to go on from (@2024-01-15T11:00:00Z), what the machine's clock
    /// is ahead or behind (+3d12h, -90m), or `real`, whatever the fixtures say
    #[arg(
        long,
        value_name = "[API=]CLOCK",
        env = "COUNTERPART_CLOCK",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(super) clock: Vec<ClockOf>,

    /// The port to listen on; 0 takes any free one
    #[arg(
        long,
        default_value_t = 4010,
        env = "COUNTERPART_PORT",
        help_heading = "Server"
    )]
    pub(super) port: u16,

    /// The address to listen on
    #[arg(
        long,
        default_value = "127.0.0.1",
        env = "COUNTERPART_HOST",
        help_heading = "Server"
    )]
    pub(super) host: Address,

    /// Don't let pages of other origins read replies in a browser
    #[arg(long, env = "COUNTERPART_NO_CORS", help_heading = "Server")]
    pub(super) no_cors: bool,

    /// Let pages of this origin alone read replies in a browser, with credentials; several may be
    /// named
    #[arg(
        long,
        value_name = "ORIGIN",
        env = "COUNTERPART_CORS_ORIGIN",
        value_delimiter = ',',
        conflicts_with = "no_cors",
        help_heading = "Server"
    )]
    pub(super) cors_origin: Vec<WebOrigin>,

    /// Hold every reply back by so many milliseconds, or by any number of a range
    #[arg(
        long,
        value_name = "MS|MIN..MAX",
        env = "COUNTERPART_LATENCY",
        help_heading = "Server"
    )]
    pub(super) latency: Option<Latency>,
    /// Don't send callbacks, nor what rules announce
    #[arg(long, env = "COUNTERPART_NO_CALLBACKS", help_heading = "Server")]
    pub(super) no_callbacks: bool,

    /// Let callbacks and webhooks go to this host too; with a --host beyond loopback, localhost
    /// is one to be named
    #[arg(
        long,
        value_name = "HOST[:PORT]",
        env = "COUNTERPART_ALLOW_CALLBACK",
        value_delimiter = ',',
        help_heading = "Server"
    )]
    pub(super) allow_callback: Vec<AllowedHost>,

    /// The bearer token for the control plane; beyond loopback it is off without one
    #[arg(
        long,
        value_name = "TOKEN",
        env = "COUNTERPART_CONTROL_TOKEN",
        hide_env_values = true,
        value_parser = a_token,
        help_heading = "Server"
    )]
    pub(super) control_token: Option<String>,

    /// Set one of the bounds, by the name that it has in the metrics: body=20MiB, head_time=5s,
    /// connections=100; several may be set
    #[arg(
        long,
        value_name = "NAME=AMOUNT",
        env = "COUNTERPART_LIMIT",
        value_delimiter = ',',
        help_heading = "Server"
    )]
    pub(super) limit: Vec<Limit>,

    #[command(flatten)]
    pub(super) as_server: AsServer,

    #[command(flatten)]
    pub(super) trusting: Trusting,

    #[command(flatten)]
    pub(super) credentials: Credentials,

    /// How many exchanges the journal keeps; 0 turns it off
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 10_000,
        env = "COUNTERPART_JOURNAL",
        help_heading = "Output"
    )]
    pub(super) journal: usize,

    /// How exchanges are logged, on standard error
    #[arg(
        long,
        value_enum,
        default_value = "text",
        env = "COUNTERPART_LOG",
        help_heading = "Output"
    )]
    pub(super) log: LogFormat,

    /// Write what of the contracts was covered to this file when the server stops: JSON, a page or
    /// Markdown, as its name ends in .json, .html or .md; several may be named
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_COVERAGE",
        value_delimiter = ',',
        help_heading = "In CI"
    )]
    pub(super) coverage: Vec<PathBuf>,

    /// Exit with 1 when the server stops, where there was any of these
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        env = "COUNTERPART_FAIL_ON",
        value_delimiter = ',',
        help_heading = "In CI"
    )]
    pub(super) fail_on: Vec<Held>,

    /// Write the server's URL to this file once it answers
    #[arg(
        long,
        value_name = "FILE",
        env = "COUNTERPART_READY_FILE",
        help_heading = "In CI"
    )]
    pub(super) ready_file: Option<PathBuf>,

    /// Write the server's URL to this descriptor once it answers
    #[cfg(unix)]
    #[arg(
        long,
        value_name = "NUMBER",
        env = "COUNTERPART_READY_FD",
        help_heading = "In CI"
    )]
    pub(super) ready_fd: Option<u32>,
}

#[derive(Debug, Args)]
// What passes a proxy is judged by the documents as they were at the start.
#[command(mut_arg("watch", |arg| arg.hide(true).env(Resettable::Reset)))]
#[command(mut_arg("no_watch", |arg| arg.hide(true).env(Resettable::Reset)))]
pub(super) struct Proxy {
    /// The real server: what is asked for at a path is asked for at this URL with that path
    #[arg(
        long,
        value_name = "URL",
        env = "COUNTERPART_UPSTREAM",
        help_heading = "Upstream"
    )]
    pub(super) upstream: UpstreamUrl,

    /// Refuse requests that break the contract, which the real server then doesn't see, and answer
    /// with 502 where its reply does
    #[arg(long, env = "COUNTERPART_ENFORCE", help_heading = "Upstream")]
    pub(super) enforce: bool,

    /// Write exchanges that keep to the contract to this folder of fixtures, without the secrets
    /// in them
    #[arg(
        long,
        value_name = "DIR",
        env = "COUNTERPART_RECORD",
        help_heading = "Upstream"
    )]
    pub(super) record: Option<PathBuf>,

    /// Let the mock answer for operations that the real server doesn't have: those that it answers
    /// with 501, or with a 404 other than the documented one
    #[arg(long, env = "COUNTERPART_MOCK_MISSING", help_heading = "Upstream")]
    pub(super) mock_missing: bool,

    /// How long the real server may take to answer, or pause, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 15,
        env = "COUNTERPART_UPSTREAM_TIMEOUT",
        value_parser = clap::value_parser!(u64).range(1..=86_400),
        help_heading = "Upstream"
    )]
    pub(super) upstream_timeout: u64,

    /// Ask the real server in HTTP/2 from the first byte on; otherwise it chooses at https://, and
    /// is asked in HTTP/1.1 at http://
    #[arg(long, env = "COUNTERPART_UPSTREAM_HTTP2", help_heading = "Upstream")]
    pub(super) upstream_http2: bool,

    #[command(flatten)]
    pub(super) as_client: AsClient,

    #[command(flatten)]
    pub(super) serve: Serve,
}

/// What a server may be held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Held {
    /// Requests that break the contract; of a proxy, replies too
    Violations,
    /// Operations that nobody asked for
    Uncovered,
    /// Requests that meet no operation
    Unmatched,
}

/// A token that a header field can carry.
fn a_token(text: &str) -> Result<String, &'static str> {
    match !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(text.to_owned()),
        false => Err("it is of visible ASCII characters, and of one at least"),
    }
}

impl Serve {
    /// What clients are bound by.
    pub(super) fn limits(&self) -> Limits {
        let mut limits = Limits {
            journal: self.journal,
            ..Limits::default()
        };
        for limit in &self.limit {
            limits.set(limit);
        }
        limits
    }

    /// Which pages may read replies.
    pub(super) fn cors(&self) -> Cors {
        match (self.no_cors, self.cors_origin.is_empty()) {
            (true, _) => Cors::Off,
            (false, true) => Cors::Any,
            (false, false) => Cors::Listed(self.cors_origin.clone()),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Docs {
    #[command(flatten)]
    pub(super) sources: Sources,

    /// The folder that the site is written to
    #[arg(
        long,
        value_name = "DIR",
        default_value = "site",
        env = "COUNTERPART_OUT"
    )]
    pub(super) out: PathBuf,

    /// Tell what has changed since this document was the contract; several may be named, each
    /// for the service of its title, or in the order of the documents
    #[arg(
        long,
        value_name = "OLD",
        env = "COUNTERPART_SINCE",
        value_delimiter = ','
    )]
    pub(super) since: Vec<PathBuf>,
    /// What it is written as
    #[arg(
        long,
        value_enum,
        default_value = "html",
        env = "COUNTERPART_DOCS_FORMAT"
    )]
    pub(super) format: DocsFormat,

    /// Go on, and write what changes when documents, fixtures or rules do
    #[arg(long, env = "COUNTERPART_WATCH")]
    pub(super) watch: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DocsFormat {
    /// A site that needs no server
    Html,
    /// Markdown with front matter
    Markdown,
    /// Markdown as a book of mdBook, with its SUMMARY.md
    Mdbook,
    /// Markdown as docs of Docusaurus, with the labels of its sidebar
    Docusaurus,
    /// Markdown as a project of MkDocs, with its navigation
    Mkdocs,
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The document of before
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,

    /// The document of now
    #[arg(value_name = "NEW")]
    pub(super) new: PathBuf,

    /// Let references reach this file or folder, outside of the documents' own; URL-PREFIX=FOLDER
    /// names the folder that stands in for what is on the network
    #[arg(
        long,
        value_name = "PATH|PREFIX=DIR",
        env = "COUNTERPART_ALLOW_REF",
        value_delimiter = ','
    )]
    pub(super) allow_ref: Vec<String>,

    /// How the changes are written, on standard output
    #[arg(
        long,
        value_enum,
        default_value = "human",
        env = "COUNTERPART_DIFF_FORMAT"
    )]
    pub(super) format: DiffFormat,

    /// What lets the exit code be 1
    #[arg(
        long,
        value_enum,
        default_value = "breaking",
        env = "COUNTERPART_DIFF_FAIL_ON"
    )]
    pub(super) fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people, at a terminal
    Human,
    /// JSON, for machines: see docs/schemas
    Json,
    /// Markdown, for release notes and comments
    Markdown,
    /// JUnit XML, as GitLab and Jenkins show it
    Junit,
    /// SARIF 2.1.0, as code scanning shows it on the line of the document
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A page in one file
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// A change that breaks requests or replies
    Breaking,
    /// Any change
    Any,
    /// Nothing
    Never,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) sources: Sources,

    /// Let warnings count as violations
    #[arg(long, env = "COUNTERPART_STRICT")]
    pub(super) strict: bool,

    /// How the report is written, on standard output
    #[arg(long, value_enum, default_value = "human", env = "COUNTERPART_FORMAT")]
    pub(super) format: Format,

    /// Leave out the findings that are known in this file, and tell what is new
    #[arg(long, value_name = "FILE", env = "COUNTERPART_BASELINE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write what is found to the baseline instead, as known from now on
    #[arg(long, env = "COUNTERPART_WRITE_BASELINE")]
    pub(super) write_baseline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With the lines and carets, for people
    Human,
    /// JSON, for machines: see docs/schemas
    Json,
    /// JUnit XML, as GitLab and Jenkins show it
    Junit,
    /// SARIF 2.1.0, as code scanning shows it on the line of the document
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A page in one file
    Html,
}

/// A clock, and the API that it is for, where one is named.
#[derive(Debug, Clone)]
pub(super) struct ClockOf(pub(super) Option<String>, pub(super) ClockSetting);

impl FromStr for ClockOf {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<ClockOf, NoClock> {
        let (name, clock) = match text.rsplit_once('=') {
            Some((name, clock)) => (Some(name.to_owned()), clock),
            None => (None, text),
        };
        Ok(ClockOf(name, clock.parse()?))
    }
}

/// An address of this machine: a literal, or `localhost`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address(pub(super) IpAddr);

impl FromStr for Address {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Address, AddrParseError> {
        match text {
            "localhost" => Ok(Address(IpAddr::V4(Ipv4Addr::LOCALHOST))),
            literal => literal.parse().map(Address),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// A line for people, with the violations under it
    Text,
    /// A JSON object a line, for machines
    Json,
    /// Nothing of them
    Off,
}

#[derive(Debug, Args)]
pub(super) struct Token {
    /// What the token permits
    #[arg(
        long,
        num_args = 1..,
        value_name = "SCOPE",
        env = "COUNTERPART_SCOPE",
        value_delimiter = ' '
    )]
    pub(super) scope: Vec<String>,

    /// How long it is valid, in seconds
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 86_400,
        value_parser = clap::value_parser!(u64).range(..=3_153_600_000),
        env = "COUNTERPART_LIFETIME"
    )]
    pub(super) lifetime: u64,

    #[command(flatten)]
    pub(super) signing: Signing,
}
