//! The command line: arguments in, text and exit codes out.
//!
//! Takes what a person or a CI job typed, calls the library, and renders what it gives: errors
//! with their line and a caret, a banner, one line for each exchange. Decides nothing else.

mod arguments;
mod banner;
mod baseline;
mod check;
mod coverage;
mod credentials;
mod diagnostic;
mod diff;
mod docs;
mod exit;
mod fixtures;
mod json_report;
mod log;
mod manual;
mod proxy;
mod ready;
mod reloading;
mod reports;
mod serve;
mod settings;
mod signals;
mod since;
mod style;
mod tally;
mod trusting;
mod verify;
mod watch;
mod whole;

use crate::server::{NotReady, Trust, wait_until_ready};
pub use arguments::Arguments;
use arguments::{Command, Fixtures};
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Runs the command that the arguments name.
pub fn run(arguments: Arguments) -> ExitCode {
    match arguments.command {
        None => serve::serve(&arguments.serve),
        Some(Command::Serve(serve)) => serve::serve(&serve),
        Some(Command::Proxy(proxy)) => proxy::proxy(&proxy),
        Some(Command::Check(check)) => check::check(&check),
        Some(Command::Verify(verify)) => verify::verify(&verify),
        Some(Command::Diff(diff)) => diff::diff(&diff),
        Some(Command::Docs(docs)) => docs::docs(&docs),
        Some(Command::Fixtures(Fixtures::Export(export))) => fixtures::export(&export),
        Some(Command::Wait(wait)) => {
            let patience = Duration::from_secs(wait.timeout);
            // Whoever answers at one's own address is oneself, whatever the certificate is for.
            let trust = match wait.url {
                Some(_) => wait.trusting.trust(),
                None => Ok(Trust::default().of_anyone()),
            };
            let trust = trust.map_err(|why| (exit::USAGE, why.to_string()));
            let waited = trust.and_then(|trust| {
                let waited = wait_until_ready(&wait.url(), patience, &trust);
                waited.map_err(|why| {
                    let code = match why {
                        NotReady::Misnamed(_) => exit::USAGE,
                        NotReady::Absent(_) => exit::VIOLATIONS,
                    };
                    (code, why.to_string())
                })
            });
            match waited {
                Ok(()) => ExitCode::SUCCESS,
                Err((code, why)) => {
                    let _ = writeln!(std::io::stderr(), "error: {}", style::clean(&why));
                    ExitCode::from(code)
                }
            }
        }
        Some(Command::Completions(completions)) => manual::completions(completions.shell),
        Some(Command::Man(man)) => manual::pages(man.out.as_deref()),
        Some(Command::Token(token)) => {
            let settings = token.signing.settings();
            let token = settings.token(&token.scope, now(), token.lifetime);
            // A closed pipe is the reader's choice, no error of ours.
            let _ = writeln!(std::io::stdout(), "{token}");
            ExitCode::SUCCESS
        }
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
