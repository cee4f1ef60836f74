//! `verify`: what a real server does otherwise than its contract says, as people or machines read
//! it, and an exit code.

use super::arguments::{Format, Verify};
use super::json_report::{entry, escaped};
use super::reports::{self, Case, Examined, Remark, Suite};
use super::style::{Style, clean};
use super::{diagnostic, exit};
use crate::contract::AuthSettings;
use crate::host::{Api, Host};
use crate::server::{Client, Pace};
use crate::spec::Severity;
use crate::verify::{
    Check, Credential, Credentials, Finding, Outcome, Peer, Progress, Renewal, Settings,
    Unverified, verify as exercise,
};
use crate::wire::{Reply, Request};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What came of one API.
struct Verified {
    name: String,
    outcome: Outcome,
}

pub(super) fn verify(arguments: &Verify) -> ExitCode {
    let style = Style::of_stderr();
    let loading = arguments
        .sources
        .loading(false, "", AuthSettings::default());
    let host = match Host::load_with(&arguments.sources.documents, &loading) {
        Ok(host) => host,
        Err(errors) => {
            tell(&diagnostic::errors(&errors, style));
            return ExitCode::from(exit::CANNOT_LOAD);
        }
    };
    let seed = arguments.seed.clone().unwrap_or_else(drawn);
    let mut all = Vec::new();
    for api in host.apis() {
        match of_api(arguments, api, &seed) {
            Ok(outcome) => all.push(Verified {
                name: api.name().to_owned(),
                outcome,
            }),
            Err((code, why)) => {
                tell(&format!("error: {}\n", clean(&why)));
                return ExitCode::from(code);
            }
        }
    }
    let text = match arguments.format {
        Format::Human => human(&all, &seed, Style::of_stdout()),
        Format::Json => machine(&all, &seed),
        Format::Junit => reports::junit(&examined(&all, arguments.strict)),
        Format::Sarif => reports::sarif(&examined(&all, arguments.strict)),
        Format::Github => reports::github(&examined(&all, arguments.strict)),
        Format::Html => reports::html(&examined(&all, arguments.strict)),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
    exit_code(&all, arguments.strict)
}

fn exit_code(all: &[Verified], strict: bool) -> ExitCode {
    let findings = all.iter().flat_map(|verified| &verified.outcome.findings);
    let mut severities = findings.map(|finding| finding.severity);
    let is_bad = severities.any(|severity| severity == Severity::Error || strict);
    match is_bad {
        true => ExitCode::from(exit::VIOLATIONS),
        false => ExitCode::SUCCESS,
    }
}

/// What one API's server is asked, and what came of it.
fn of_api(arguments: &Verify, api: &Api, seed: &str) -> Result<Outcome, (u8, String)> {
    let misused = |why: String| (exit::USAGE, why);
    let base = base_of(arguments, api).map_err(misused)?;
    let pace = Pace {
        rate: arguments.rate,
        timeout: Duration::from_secs(arguments.timeout),
    };
    let server = Server(Client::new(&base, pace).map_err(misused)?);
    let settings = Settings {
        seed: seed.to_owned(),
        base,
        cases: arguments.cases,
        requests: arguments.max_requests,
        workers: arguments.concurrency,
        is_read_only: arguments.read_only,
        operations: arguments.operation.clone(),
        credentials: credentials(arguments).map_err(misused)?,
        is_cancelled: Box::new(|| false),
    };
    let bar = Bar::new(api.name());
    let outcome = exercise(api.contract(), &server, &settings, &|progress| {
        bar.show(progress);
    });
    bar.clear();
    outcome.map_err(|why| match why {
        Unverified::Unknown(_) => (exit::USAGE, why.to_string()),
        Unverified::Absent(_) => (exit::CANNOT_LOAD, why.to_string()),
    })
}

/// Where an API's server is: at the URL, or at the one of its name where there are several.
fn base_of(arguments: &Verify, api: &Api) -> Result<String, String> {
    let own = arguments.url.iter().find_map(|url| {
        let (name, url) = url.split_once('=')?;
        (name == api.name()).then(|| url.trim_end_matches('/').to_owned())
    });
    let mut plain = arguments.url.iter().filter(|url| {
        let name = url.split_once('=').map(|(name, _)| name);
        name.is_none_or(|name| name.contains(':'))
    });
    let shared = || {
        let url = plain.next()?;
        Some(format!("{}{}", url.trim_end_matches('/'), api.prefix()))
    };
    own.or_else(shared).ok_or_else(|| {
        let name = api.name();
        format!("no --url for {name}: it is --url {name}=URL, or one URL below which all are")
    })
}

/// A server behind a socket.
struct Server(Client);

impl Peer for Server {
    fn ask(&self, request: &Request) -> Result<Reply, String> {
        self.0.send(request)
    }
}

fn credentials(arguments: &Verify) -> Result<Credentials, String> {
    let mut fixed = Vec::new();
    for field in &arguments.header {
        fixed.push(field_of(field)?);
    }
    for credential in &arguments.credential {
        let credential = credential
            .split_once('=')
            .filter(|(name, _)| !name.is_empty());
        let why = "a scheme's name, an equals sign and the credential are expected";
        let (name, value) = credential.ok_or(why)?;
        fixed.push(Credential::Scheme(name.to_owned(), value.to_owned()));
    }
    if let Some(token) = &arguments.token {
        fixed.push(bearer(token));
    }
    let renewal = arguments.auth_command.clone().map(|command| {
        let renewal: Renewal = Box::new(move || from_command(&command));
        renewal
    });
    Credentials::new(fixed, renewal)
}

fn bearer(token: &str) -> Credential {
    Credential::Field("Authorization".to_owned(), format!("Bearer {token}"))
}

/// A header field as it is written: `Name: value`.
fn field_of(text: &str) -> Result<Credential, String> {
    let field = text
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()));
    match field.filter(|(name, _)| crate::wire::is_token(name)) {
        Some((name, value)) => Ok(Credential::Field(name.to_owned(), value.to_owned())),
        None => Err(format!(
            "{text:?} is no header field: they are like 'X-Key: abc'"
        )),
    }
}

/// What a command of the shell prints: header fields, a line each, or a token alone.
fn from_command(command: &str) -> Result<Vec<Credential>, String> {
    let output = std::process::Command::new("sh")
        .args(["-c", command])
        .output();
    let output = output.map_err(|error| format!("{command:?} can't be run: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default();
        return Err(format!("{command:?} failed ({}): {said}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    match lines.as_slice() {
        [] => Err(format!("{command:?} printed no credential")),
        [token] if !token.contains(": ") => Ok(vec![bearer(token)]),
        fields => fields.iter().map(|line| field_of(line)).collect(),
    }
}

/// A seed that nobody chose.
fn drawn() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let nanos = since.map_or(0, |since| since.as_nanos());
    format!(
        "{:x}",
        nanos as u64 ^ u64::from(std::process::id()).rotate_left(40)
    )
}

fn human(all: &[Verified], seed: &str, style: Style) -> String {
    let mut out = String::new();
    for verified in all {
        for finding in &verified.outcome.findings {
            out += &told(finding, style);
        }
    }
    for verified in all {
        out += &format!("{}\n", closing(verified, style));
    }
    let found = all
        .iter()
        .any(|verified| !verified.outcome.findings.is_empty());
    if found {
        out += &style.dim(&format!("--seed {} sends the same again\n", clean(seed)));
    }
    out
}

/// A finding with the line of the contract, and the requests that show it.
fn told(finding: &Finding, style: Style) -> String {
    let is_error = finding.severity == Severity::Error;
    let block = diagnostic::found(std::iter::once(&finding.error), is_error, style);
    let mut out = format!("{}\n", block.trim_end());
    for step in &finding.steps {
        out += &format!("  {}\n", clean(&step.curl));
        out += &format!("  {}\n", style.dim(&format!("→ {}", clean(&step.answer))));
    }
    if finding.times > 1 {
        let others = finding.times - 1;
        out += &format!("  {}\n", style.dim(&format!("seen {} more", times(others))));
    }
    out += "\n";
    out
}

fn times(count: usize) -> String {
    match count {
        1 => "time".to_owned(),
        count => format!("{count} times"),
    }
}

/// One line of what was found of an API.
fn closing(verified: &Verified, style: Style) -> String {
    let outcome = &verified.outcome;
    let of = |severity| {
        let all = outcome.findings.iter();
        all.filter(|finding| finding.severity == severity).count()
    };
    let mut facts = vec![
        counted(outcome.operations, "operation"),
        counted(outcome.requests, "request"),
    ];
    let kinds = [(Severity::Error, "finding"), (Severity::Warning, "warning")];
    for (severity, what) in kinds {
        match of(severity) {
            0 => {}
            count => facts.push(counted(count, what)),
        }
    }
    if outcome.findings.is_empty() {
        facts.push("nothing wrong".to_owned());
    }
    if !outcome.is_whole {
        facts.push("cut short".to_owned());
    }
    format!(
        "{}: {}",
        style.bold(&clean(&verified.name)),
        facts.join(", ")
    )
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The findings as reports for CI have them: of each API, what was looked at.
fn examined(all: &[Verified], is_strict: bool) -> Examined {
    let suite = |verified: &Verified| {
        let case = |check: Check| {
            let findings = verified.outcome.findings.iter();
            let findings = findings.filter(|finding| finding.check == check);
            Case {
                rule: check.name().to_owned(),
                sentence: check.sentence().to_owned(),
                remarks: findings.map(remark).collect(),
            }
        };
        Suite {
            name: verified.name.clone(),
            cases: Check::ALL.into_iter().map(case).collect(),
        }
    };
    Examined {
        command: "counterpart verify",
        is_strict,
        suites: all.iter().map(suite).collect(),
    }
}

/// What is wrong, with the requests that show it.
fn remark(finding: &Finding) -> Remark {
    let steps = finding.steps.iter();
    let steps = steps.map(|step| format!("{}\n→ {}", step.curl, step.answer));
    let steps: Vec<String> = steps.collect();
    Remark {
        help: Some(steps.join("\n")).filter(|steps| !steps.is_empty()),
        ..Remark::new(finding.severity, &finding.error)
    }
}

fn machine(all: &[Verified], seed: &str) -> String {
    let apis = all.iter().map(|verified| {
        let outcome = &verified.outcome;
        let findings: Vec<Value> = outcome.findings.iter().map(machine_finding).collect();
        json!({
            "api": verified.name,
            "operations": outcome.operations,
            "requests": outcome.requests,
            "complete": outcome.is_whole,
            "findings": findings,
        })
    });
    let report = json!({"seed": seed, "apis": apis.collect::<Vec<_>>()});
    escaped(&format!("{report:#}\n"))
}

fn machine_finding(finding: &Finding) -> Value {
    let mut told = entry(finding.severity, finding.check.name(), &finding.error);
    let steps = finding.steps.iter();
    let steps = steps.map(|step| json!({"curl": step.curl, "answer": step.answer}));
    if let Some(members) = told.as_object_mut() {
        members.shift_remove("help");
        let check = members.shift_remove("topic");
        members.insert("check".to_owned(), check.unwrap_or_default());
        members.insert("operation".to_owned(), finding.operation.clone().into());
        members.insert("times".to_owned(), finding.times.into());
        members.insert("steps".to_owned(), steps.collect());
    }
    told
}

/// How far it is, at a terminal.
struct Bar {
    name: String,
    is_shown: bool,
    shown: Mutex<usize>,
}

impl Bar {
    fn new(name: &str) -> Bar {
        Bar {
            name: clean(name),
            is_shown: std::io::stderr().is_terminal(),
            shown: Mutex::new(0),
        }
    }

    fn show(&self, progress: Progress) {
        const WIDTH: usize = 24;
        if !self.is_shown {
            return;
        }
        let full = WIDTH * progress.done / progress.all.max(1);
        let line = format!(
            "{} [{}{}] {}/{} operations, {} requests, {} found",
            self.name,
            "=".repeat(full),
            " ".repeat(WIDTH - full),
            progress.done,
            progress.all,
            progress.requests,
            progress.findings
        );
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let blank = shown.saturating_sub(line.chars().count());
        tell(&format!("\r{line}{}", " ".repeat(blank)));
        *shown = line.chars().count();
    }

    fn clear(&self) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_shown {
            tell(&format!("\r{}\r", " ".repeat(*shown)));
        }
    }
}

fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
