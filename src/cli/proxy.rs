//! `counterpart proxy`: `serve`, with another server that answers.

use super::arguments::Proxy;
use super::serve;
use crate::server::Upstream;
use std::process::ExitCode;
use std::time::Duration;

pub(super) fn proxy(arguments: &Proxy) -> ExitCode {
    let upstream = Upstream {
        url: arguments.upstream.clone(),
        enforce: arguments.enforce,
        mock_missing: arguments.mock_missing,
        record: arguments.record.clone(),
    };
    let patience = Duration::from_secs(arguments.upstream_timeout);
    serve::run(&arguments.serve, Some((upstream, patience)))
}
