//! How much work was done for a value, in time of the processor: what else is at work on the
//! machine must not decide whether a value is found.

use std::time::Duration;

/// Work, from a moment on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    since: Duration,
}

impl Effort {
    /// None so far.
    pub fn begin() -> Effort {
        Effort { since: now() }
    }

    /// How much of the processor this thread has had since.
    pub fn spent(&self) -> Duration {
        now().saturating_sub(self.since)
    }
}

#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Where a thread's own time can't be asked for, that of the clock on the wall.
#[cfg(not(unix))]
fn now() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    BEGIN.get_or_init(Instant::now).elapsed()
}
