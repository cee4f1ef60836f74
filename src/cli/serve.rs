use super::arguments::{ClockOf, Held, LogFormat, Serve};
use super::log::Log;
use super::reloading::Watching;
use super::signals::{asked_to_stop, file_limit_as_error};
use super::style::{Style, clean};
use super::tally::Tally;
use super::watch::Watch;
use super::whole::{clear, write_whole};
use super::{banner, coverage, diagnostic, exit, now, ready};
use crate::contract::{AuthMode, Loading};
use crate::host::{Api, Host};
use crate::server::{
    CoverageReader, Limits, Observer, ServeError, Server, ServerConfig, Standing, Upstream,
};
use crate::spec::{LoadError, LoadErrors};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a stop waits for a slow reader of the log.
const LAST_ENTRIES: Duration = Duration::from_secs(1);

/// Begins anew where that is asked for, and tells where what was kept began with other fixtures.
fn settle_state(arguments: &Serve, host: &Host) -> Result<(), ExitCode> {
    if let Some(aside) = host.put_aside() {
        let aside = clean(&aside.display().to_string());
        say(&format!(
            "the state file was damaged: it is kept as {aside}, and the state begins with the fixtures\n"
        ));
    }
    for api in host.apis() {
        let contract = api.contract();
        if arguments.reset_state {
            let reset = contract.reset().and_then(|()| contract.drop_sandboxes());
            if let Err(why) = reset {
                say(&format!(
                    "the state can't be reset: {}\n",
                    clean(&why.to_string())
                ));
                return Err(ExitCode::from(exit::CANNOT_LOAD));
            }
            continue;
        }
        if arguments.state.is_some() {
            let notes = kept_notes(api, true);
            notes.iter().for_each(|note| say(&format!("{note}\n")));
        }
    }
    Ok(())
}

/// What is told of a state that goes on with a contract that isn't the one that it began with.
pub(super) fn kept_notes(api: &Api, is_kept: bool) -> Vec<String> {
    let contract = api.contract();
    let name = clean(api.name());
    let (unfit, mut notes) = (contract.unfit_items(), Vec::new());
    let anew = match is_kept {
        true => "--reset-state begins with the fixtures",
        false => "a reset begins with the fixtures",
    };
    if let Some(first) = &unfit.first {
        let these = match unfit.count {
            1 => "1 item that was kept isn't".to_owned(),
            count => format!("{count} items that were kept aren't"),
        };
        notes.push(format!(
            "the contract of {name} changed: {these} as it has them ({}) and can't be shown until \
             they are written again; {anew}",
            clean(first)
        ));
    }
    if unfit.completed > 0 {
        let these = match unfit.completed {
            1 => "1 item that was kept lacks".to_owned(),
            count => format!("{count} items that were kept lack"),
        };
        notes.push(format!(
            "the contract of {name} changed: {these} what it asks for, which is made up where they \
             are shown; {anew}"
        ));
    }
    if contract.has_other_fixtures() {
        notes.push(match is_kept {
            true => format!(
                "the fixtures of {name} changed since its state began: it goes on as it was kept; \
                 --reset-state begins with the new ones"
            ),
            false => format!(
                "the fixtures of {name} changed: they are there beside what clients wrote; a reset \
                 begins with them alone"
            ),
        });
    }
    notes
}

pub(super) fn serve(arguments: &Serve) -> ExitCode {
    run(arguments, None)
}

/// The same, where another server may answer, which may take so long.
pub(super) fn run(arguments: &Serve, upstream: Option<(Upstream, Duration)>) -> ExitCode {
    let started = Instant::now();
    let needs_journal =
        !arguments.coverage.is_empty() || arguments.fail_on.contains(&Held::Uncovered);
    if needs_journal && arguments.journal == 0 {
        say("error: what is covered is counted from the journal, which --journal 0 turns off\n");
        return ExitCode::from(exit::USAGE);
    }
    if let Some(path) = arguments
        .coverage
        .iter()
        .find(|path| !coverage::is_known(path))
    {
        say(&format!(
            "error: --coverage {} is in which form? A name ends in .json, .html or .md\n",
            clean(&path.display().to_string())
        ));
        return ExitCode::from(exit::USAGE);
    }
    if arguments.watch && upstream.is_some() {
        say(
            "error: what passes a proxy is judged by the documents as they were at the start: --watch is for serve\n",
        );
        return ExitCode::from(exit::USAGE);
    }
    if let Err(why) = prepare(arguments) {
        say(&format!("error: {}\n", clean(&why)));
        return ExitCode::from(exit::CANNOT_SERVE);
    }
    let files = arguments.trusting.trust();
    let files = files.and_then(|trust| Ok((trust, arguments.as_server.tls()?)));
    let (trust, tls) = match files {
        Ok(files) => files,
        Err(why) => {
            say(&format!("error: {}\n", clean(&why.to_string())));
            return ExitCode::from(exit::USAGE);
        }
    };
    file_limit_as_error();
    let style = Style::of_stderr();
    let sources = &arguments.sources;
    let watches = match (arguments.watch, arguments.no_watch) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => upstream.is_none() && std::io::stderr().is_terminal(),
    };
    let named = sources.documents.iter().chain(&sources.overlay).cloned();
    let watch = watches.then(|| Watch::of(named.collect(), None));
    let loading = arguments.credentials.settings().map(|auth| {
        say(&diagnostic::warnings(auth.keys.notes(), style));
        arguments.limits().within(Loading {
            state: arguments.state.clone(),
            renews_state: arguments.reset_state,
            stateless: arguments.stateless,
            rotates: arguments.rotate,
            clocks: arguments
                .clock
                .iter()
                .map(|ClockOf(api, clock)| (api.clone(), *clock))
                .collect(),
            sandbox_idle: Some(Duration::from_secs(arguments.sandbox_idle)),
            ..sources.loading(arguments.strict, &arguments.seed, auth)
        })
    });
    let host = loading.and_then(|loading| {
        let host = Host::load_with(&sources.documents, &loading)?;
        Ok((host, loading))
    });
    let (host, loading) = match host {
        Ok((host, loading)) => (Arc::new(host), loading),
        Err(errors) => {
            say(&diagnostic::errors(&errors, "nothing is served", style));
            return ExitCode::from(exit::CANNOT_LOAD);
        }
    };
    if let (Some(_), [_, others @ ..]) = (&upstream, host.apis())
        && !others.is_empty()
    {
        let count = host.apis().len();
        say(&format!(
            "error: a proxy stands before one API, and there are {count} documents: name the one\n"
        ));
        return ExitCode::from(exit::USAGE);
    }
    let warnings: Vec<LoadError> = host
        .apis()
        .iter()
        .flat_map(|api| match arguments.strict {
            true => api.contract().read_whole().to_vec(),
            false => api.contract().warnings().to_vec(),
        })
        .collect();
    if arguments.strict && !warnings.is_empty() {
        say(&diagnostic::errors(
            &LoadErrors(warnings),
            "nothing is served",
            style,
        ));
        return ExitCode::from(exit::CANNOT_LOAD);
    }
    say(&diagnostic::warnings(&warnings, style));
    if let Err(code) = settle_state(arguments, &host) {
        return code;
    }
    if let Some(latency) = arguments.latency {
        host.delay_usually(latency);
    }
    let log = Arc::new(Log::start(arguments.log, style));
    let tally = Arc::new(Tally::new(Arc::clone(&log), upstream.is_some()));
    let behind = upstream
        .as_ref()
        .map(|(upstream, _)| upstream.url.to_string());
    let usual = arguments.limits();
    let patience = upstream.as_ref().map(|(_, patience)| *patience);
    let config = ServerConfig {
        host: arguments.host.0,
        port: arguments.port,
        cors: arguments.cors(),
        callbacks: !arguments.no_callbacks,
        allowed_callbacks: arguments.allow_callback.clone(),
        trust,
        tls,
        control_token: arguments.control_token.clone(),
        limits: Limits {
            upstream_time: patience.unwrap_or(usual.upstream_time),
            ..usual
        },
        upstream: upstream.map(|(upstream, _)| upstream),
        observer: Arc::clone(&tally) as Arc<dyn Observer>,
        ..ServerConfig::default()
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            say(&format!("error: the server can't be started: {error}\n"));
            return ExitCode::from(exit::CANNOT_SERVE);
        }
    };
    let greet = |address: SocketAddr, url: &str| {
        let loaded = started.elapsed();
        let has_token = arguments.control_token.is_some();
        log.say(match arguments.log {
            LogFormat::Json => {
                listening(&host, (address, url), loaded, has_token, behind.as_deref())
            }
            _ => banner::render(
                &host,
                (address, url),
                loaded,
                banner::Told {
                    upstream: behind.as_deref(),
                    token: &token(&host),
                    is_watching: watches,
                    has_control_token: has_token,
                },
                style,
            ),
        });
        tell_ready(arguments, url);
    };
    let watch = |standing: Standing| {
        if let Some(watch) = watch {
            Watching {
                watch,
                documents: sources.documents.clone(),
                loading,
                standing,
                log: Arc::clone(&log),
                style,
            }
            .start();
        }
    };
    // A panic while answering is caught, answered and logged. The default hook would write it to
    // a standard error that may block.
    std::panic::set_hook(Box::new(|_| {}));
    let stop = asked_to_stop();
    let outcome = runtime.block_on(listen(Arc::clone(&host), config, stop, (greet, watch)));
    log.flush(LAST_ENTRIES);
    match outcome {
        Ok(covering) => closing(arguments, &tally, covering.as_ref()),
        Err(error) => {
            say(&format!("error: {error}\n"));
            ExitCode::from(exit::CANNOT_SERVE)
        }
    }
}

async fn listen(
    host: Arc<Host>,
    config: ServerConfig,
    stop: impl Future<Output = ()>,
    (greet, watch): (impl FnOnce(SocketAddr, &str), impl FnOnce(Standing)),
) -> Result<Option<CoverageReader>, ServeError> {
    let server = Server::bind(host, config).await?;
    let covering = server.coverage();
    greet(server.address(), &server.url());
    watch(server.standing());
    server.run(stop).await;
    Ok(covering)
}

/// Sees to it that what is to be written later can be, before anyone waits for it: what an earlier
/// server left is no longer true.
fn prepare(arguments: &Serve) -> Result<(), String> {
    let named =
        |path: &Path, why: std::io::Error| format!("{} can't be written: {why}", path.display());
    if let Some(path) = &arguments.ready_file {
        clear(path).map_err(|why| named(path, why))?;
    }
    #[cfg(unix)]
    if let Some(number) = arguments.ready_fd {
        ready::descriptor(number)
            .map_err(|why| format!("descriptor {number} can't be written: {why}"))?;
    }
    for path in &arguments.coverage {
        // What another run left there stays until this one has something to say.
        let mut options = std::fs::OpenOptions::new();
        let opened = options.append(true).create(true).open(path);
        opened.map_err(|why| named(path, why))?;
    }
    Ok(())
}

/// Says that the server answers: connections wait in its queue from now on.
fn tell_ready(arguments: &Serve, url: &str) {
    let told = |to: &str, told: std::io::Result<()>| {
        if let Err(why) = told {
            say(&format!("warning: {} can't be told: {why}\n", clean(to)));
        }
    };
    if let Some(path) = &arguments.ready_file {
        told(
            &path.display().to_string(),
            write_whole(path, &format!("{url}\n")),
        );
    }
    #[cfg(unix)]
    {
        if let Some(number) = arguments.ready_fd {
            let name = format!("descriptor {number}");
            told(&name, ready::to_descriptor(number, url));
        }
        told("the service manager", ready::to_manager());
    }
}

/// What a server leaves behind that stopped as it was asked to, and whether all was as it is held
/// to be.
fn closing(arguments: &Serve, tally: &Tally, covering: Option<&CoverageReader>) -> ExitCode {
    let covered = || covering.map(|covering| covering.read(coverage::LISTED));
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.coverage {
        let written = covered().map(|covered| coverage::write(path, covered));
        if let Some(Err(why)) = written {
            say(&format!("error: {}\n", clean(&why)));
            code = ExitCode::from(exit::CANNOT_SERVE);
        }
    }
    if arguments.fail_on.is_empty() {
        return code;
    }
    let breaches = tally.breaches(&arguments.fail_on, covered().as_ref());
    for breach in &breaches {
        say(&format!("failed: {breach}\n"));
    }
    match breaches.is_empty() {
        true => code,
        false => ExitCode::from(exit::VIOLATIONS),
    }
}

fn token(host: &Host) -> String {
    let mut scopes: Vec<String> = host
        .apis()
        .iter()
        .flat_map(|api| api.contract().scopes())
        .collect();
    scopes.sort();
    scopes.dedup();
    match host.apis().iter().any(|api| api.contract().takes_tokens()) {
        false => String::new(),
        true => host.token(&scopes, now(), 86_400),
    }
}

fn listening(
    host: &Host,
    (address, url): (SocketAddr, &str),
    loaded: Duration,
    has_control_token: bool,
    upstream: Option<&str>,
) -> String {
    let has_pages = address.ip().is_loopback() || has_control_token;
    let page = |path: &str| has_pages.then(|| format!("{url}/_counterpart/{path}"));
    let apis: Vec<_> = host
        .apis()
        .iter()
        .map(|api| json!({"name": api.name(), "url": format!("{url}{}", api.prefix())}))
        .collect();
    let event = json!({
        "event": "listening",
        "address": address.to_string(),
        "apis": apis,
        "upstream": upstream,
        "docs": page("docs/index.html"),
        "inspector": page(""),
        "auth": match host.auth().mode {
            AuthMode::Presence => "presence",
            AuthMode::Verify => "verify",
            AuthMode::Off => "off",
        },
        "ms": loaded.as_millis() as u64,
    });
    format!("{event}\n")
}

/// A closed standard error is no reason to stop serving.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
