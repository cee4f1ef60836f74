//! `verify`: what a real server does otherwise than its contract says, as people or machines read
//! it, and an exit code.

mod bar;
mod credentials;
mod options;
mod report;

use super::arguments::Format;
use super::signals::asked_to_stop;
use super::style::{Style, clean};
use super::{diagnostic, exit, reports};
use crate::contract::{AuthSettings, Contract, Hooks};
use crate::host::{Api, Host};
use crate::server::{Client, Pace, Trust};
use crate::spec::{LoadError, Place, Severity, nearest};
use crate::verify::{
    Likeness, Outcome, Peer, Settings, Twin, Unanswered, Unverified, verify as exercise,
};
use crate::wire::{Reply, Request};
use bar::Bar;
use credentials::credentials;
pub(super) use options::Verify;
use report::{examined, human, machine};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What came of one API.
struct Verified {
    name: String,
    outcome: Outcome,
    /// How alike the mock answers, where it was asked.
    likeness: Vec<(String, Likeness)>,
}

pub(super) fn verify(arguments: &Verify) -> ExitCode {
    let style = Style::of_stderr();
    let loading = arguments
        .sources
        .loading(false, "", AuthSettings::default());
    let load = || Host::load_with(&arguments.sources.documents, &loading);
    // The mock that answers is none that judges.
    let mocks = if arguments.twin {
        load().map(Some)
    } else {
        Ok(None)
    };
    let (host, mocks) = match load().and_then(|host| Ok((host, mocks?))) {
        Ok(loaded) => loaded,
        Err(errors) => {
            tell(&diagnostic::errors(&errors, "nothing is asked", style));
            say(arguments, "document", &errors.0);
            return ExitCode::from(exit::CANNOT_LOAD);
        }
    };
    // What is wrong of one is wrong before any is asked.
    // Where operations are named, what has none of them isn't asked.
    let is_asked =
        |api: &&Api| arguments.operation.is_empty() || !operations(arguments, api).is_empty();
    let mut apis = host.apis().iter();
    let placed = apis.try_for_each(|api| match is_asked(&api) {
        true => base_of(arguments, api).map(|_| ()),
        false => Ok(()),
    });
    if let Err(why) = known_names(arguments, &host).and(placed) {
        tell(&untried(exit::USAGE, &why).1);
        return ExitCode::from(exit::USAGE);
    }
    let seed = arguments.seed.clone().unwrap_or_else(drawn);
    let stop = stop();
    let mut all = Vec::new();
    let mut failure: Option<u8> = None;
    let mut errors = Vec::new();
    for (number, api) in host
        .apis()
        .iter()
        .enumerate()
        .filter(|(_, api)| is_asked(api))
    {
        let mock = mocks.as_ref().map(|host| host.apis()[number].contract());
        match of_api(arguments, api, mock, (&seed, &stop)) {
            Ok(verified) => all.push(verified),
            Err((code, told)) => {
                tell(&told);
                failure = failure.or(Some(code));
                if code != exit::CANNOT_LOAD {
                    break;
                }
                errors.push(unloaded(api, &told));
            }
        }
    }
    report(arguments, &all, &errors, &seed);
    match (stop.load(Ordering::Relaxed), failure) {
        // What was found so far is told, and nothing is said of the rest.
        (true, _) => ExitCode::from(exit::INTERRUPTED),
        (false, Some(code)) => ExitCode::from(code),
        (false, None) => exit_code(&all, arguments.strict),
    }
}

/// Writes what came of those that were tried, and of those that couldn't be, of which people have
/// read already.
fn report(arguments: &Verify, all: &[Verified], errors: &[LoadError], seed: &str) {
    if all.is_empty() {
        return match errors {
            [] => {}
            errors => say(arguments, "answer", errors),
        };
    }
    let examined = || {
        let mut examined = examined(all, arguments.strict);
        let failed = reports::failed(examined.command, "answer", errors);
        examined.suites.extend(failed.suites);
        examined
    };
    let text = match arguments.format {
        Format::Human => human(all, seed, Style::of_stdout()),
        Format::Json => machine(all, errors, seed),
        Format::Junit => reports::junit(&examined()),
        Format::Sarif => reports::sarif(&examined()),
        Format::Github => reports::github(&examined()),
        Format::Html => reports::html(&examined()),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Set at the first SIGINT or SIGTERM: what was begun is tidied up then.
fn stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = asked_to_stop();
    let set = Arc::clone(&stop);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        if let Ok(runtime) = runtime {
            runtime.block_on(asked);
            set.store(true, Ordering::Relaxed);
        }
    });
    stop
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

/// What is told where an API isn't tried, with the exit code.
type Untried = (u8, String);

fn untried(code: u8, why: &str) -> Untried {
    (code, format!("error: {}\n", clean(why)))
}

/// What one API's server is asked, and what came of it.
fn of_api(
    arguments: &Verify,
    api: &Api,
    mock: Option<&Contract>,
    (seed, stop): (&str, &Arc<AtomicBool>),
) -> Result<Verified, Untried> {
    let misused = |why: String| untried(exit::USAGE, &why);
    let base = base_of(arguments, api).map_err(misused)?;
    let pace = Pace {
        rate: arguments.rate,
        timeout: Duration::from_secs(arguments.timeout),
    };
    let client = Client::new(&base, pace, trust(arguments)?, Arc::clone(stop));
    let server = Server(client.map_err(misused)?);
    let at = clean(&base);
    let settings = Settings {
        seed: seed.to_owned(),
        base,
        curl: [arguments.trusting.curl(), arguments.as_client.curl()].concat(),
        cases: arguments.cases,
        requests: arguments.max_requests,
        workers: arguments.concurrency,
        is_read_only: arguments.read_only,
        operations: operations(arguments, api),
        credentials: credentials(arguments).map_err(misused)?,
        values: arguments.values().map_err(misused)?,
        hooks: hooks(arguments, api)?,
        warns_of_refusals: arguments.warn_refused,
        is_cancelled: {
            let stop = Arc::clone(stop);
            Box::new(move || stop.load(Ordering::Relaxed))
        },
    };
    let bar = Bar::new(api.name());
    let twin = mock.map(|mock| Twin::new(&server, mock));
    let peer = twin.as_ref().map_or(&server as &dyn Peer, |twin| twin);
    let outcome = exercise(api.contract(), peer, &settings, &|progress| {
        bar.show(progress);
    });
    bar.clear();
    let verified = |outcome| Verified {
        name: api.name().to_owned(),
        outcome,
        likeness: twin.as_ref().map_or_else(Vec::new, Twin::likeness),
    };
    outcome.map(verified).map_err(|why| match why {
        Unverified::Unknown(why) => untried(exit::USAGE, &why),
        Unverified::Absent(why) => {
            let source = api.contract().source();
            let of = source.name();
            let told = format!("the server of {of} at {at} doesn't answer: {why}");
            untried(exit::CANNOT_LOAD, &told)
        }
    })
}

/// Whether servers are who they say, and who we are, over TLS.
fn trust(arguments: &Verify) -> Result<Trust, (u8, String)> {
    let trust = arguments.trusting.trust();
    let trust = trust.and_then(|trust| arguments.as_client.add_to(trust));
    trust.map_err(|why| (exit::USAGE, why.to_string()))
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

/// The hooks of an API's requests: those of its name, or where it is the only one the others too.
fn hooks(arguments: &Verify, api: &Api) -> Result<Hooks, Untried> {
    let own = arguments.hooks.iter().find_map(|given| {
        let (name, file) = given.split_once('=')?;
        (name == api.name()).then_some(file)
    });
    let mut plain = arguments.hooks.iter().map(String::as_str);
    let file = match own {
        None if api.prefix().is_empty() => plain.next(),
        None => {
            if let Some(file) = plain.find(|given| !given.contains('=')) {
                let why = format!("--hooks {file} is for which API? It is --hooks NAME={file}");
                return Err(untried(exit::USAGE, &why));
            }
            None
        }
        own => own,
    };
    let Some(file) = file else {
        return Ok(Hooks::default());
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| untried(exit::USAGE, &format!("{file}: {error}")))?;
    let hooks = api.contract().hooks(file, &text).map_err(|errors| {
        let told = diagnostic::errors(&errors, "nothing is asked", Style::of_stderr());
        (exit::CANNOT_LOAD, told)
    })?;
    tell(&diagnostic::warnings(hooks.warnings(), Style::of_stderr()));
    Ok(hooks)
}

/// A server behind a socket.
struct Server(Client);

impl Peer for Server {
    fn ask(&self, request: &Request) -> Result<Reply, Unanswered> {
        self.0
            .send(request)
            .map_err(|none| match none.is_connected {
                true => Unanswered::Broken(none.why),
                false => Unanswered::Absent(none.why),
            })
    }
}

/// The operations of an API among those that are to be tried.
fn operations(arguments: &Verify, api: &Api) -> Vec<String> {
    let names = api.contract().operation_names();
    let own = arguments.operation.iter();
    own.filter(|name| names.contains_key(*name))
        .cloned()
        .collect()
}

/// Why something that was asked for by name is nobody's: an operation, a scheme, a parameter.
fn known_names(arguments: &Verify, host: &Host) -> Result<(), String> {
    let contracts = || host.apis().iter().map(Api::contract);
    let schemes: Vec<&str> = contracts().flat_map(Contract::schemes).collect();
    let parameters: Vec<&str> = contracts().flat_map(Contract::parameter_names).collect();
    let operations: Vec<String> = contracts()
        .flat_map(|contract| contract.operation_names().into_keys())
        .collect();
    let given = |all: &[String]| -> Vec<String> {
        let names = all.iter().filter_map(|given| given.split_once('='));
        names.map(|(name, _)| name.to_owned()).collect()
    };
    let all = [
        (
            "security scheme that is asked for",
            given(&arguments.credential),
            schemes,
        ),
        ("parameter", given(&arguments.value), parameters),
    ];
    let own: Vec<&str> = operations.iter().map(String::as_str).collect();
    let mut named = arguments.operation.iter();
    if let Some(name) = named.find(|name| !own.contains(&name.as_str())) {
        let near = nearest(name, &own);
        let near = near.map_or_else(String::new, |near| format!("; {near} is one"));
        return Err(format!("the contract has no operation {name:?}{near}"));
    }
    for (what, names, known) in all {
        for name in names {
            if !known.contains(&name.as_str()) {
                let near = nearest(&name, &known);
                let near = near.map_or_else(String::new, |near| format!("; {near} is one"));
                return Err(format!(
                    "the contract has no {what} of the name {name:?}{near}"
                ));
            }
        }
    }
    Ok(())
}

/// What a machine reads where nothing was tried: the failure, as reports have one. People have read
/// it already.
fn say(arguments: &Verify, rule: &'static str, errors: &[LoadError]) {
    let all = || reports::failed("counterpart verify", rule, errors);
    let text = match arguments.format {
        Format::Human => return,
        Format::Json => report::failed(errors),
        Format::Junit => reports::junit(&all()),
        Format::Sarif => reports::sarif(&all()),
        Format::Github => reports::github(&all()),
        Format::Html => reports::html(&all()),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Why an API wasn't tried, as a finding about its document.
fn unloaded(api: &Api, told: &str) -> LoadError {
    let source = api.contract().source();
    let told = told.trim_end();
    let message = told.strip_prefix("error: ").unwrap_or(told);
    LoadError::new(&source, Place::File, message.to_owned())
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

fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
