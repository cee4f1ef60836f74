//! `counterpart proxy`: `serve`, with another server that answers.

use super::arguments::Proxy;
use super::style::clean;
use super::{exit, serve};
use crate::server::Upstream;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

pub(super) fn proxy(arguments: &Proxy) -> ExitCode {
    let trust = arguments.serve.trusting.trust();
    let trust = match trust.and_then(|trust| arguments.as_client.add_to(trust)) {
        Ok(trust) => trust,
        Err(why) => {
            let why = clean(&why.to_string());
            let _ = writeln!(std::io::stderr(), "error: {why}");
            return ExitCode::from(exit::USAGE);
        }
    };
    // Sooner than with the first exchange that is to be kept.
    if let Some(folder) = &arguments.record
        && let Err(why) = std::fs::create_dir_all(folder)
    {
        let why = format!("{} can't be written: {why}", folder.display());
        let _ = writeln!(std::io::stderr(), "error: {}", clean(&why));
        return ExitCode::from(exit::CANNOT_SERVE);
    }
    let upstream = Upstream {
        url: arguments.upstream.clone(),
        enforce: arguments.enforce,
        mock_missing: arguments.mock_missing,
        record: arguments.record.clone(),
        trust,
        http2: arguments.upstream_http2,
    };
    let patience = Duration::from_secs(arguments.upstream_timeout);
    serve::run(&arguments.serve, Some((upstream, patience)))
}
