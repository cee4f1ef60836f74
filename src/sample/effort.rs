//! How much work was done for a value, in time of the processor: what else is at work on the
//! machine must not decide whether a value is found.

use std::time::Duration;

/// Until when work may go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    until: Duration,
}

impl Effort {
    /// So much from now on; more where what runs isn't optimized.
    pub fn of(most: Duration) -> Effort {
        let most = most * if cfg!(debug_assertions) { 12 } else { 1 };
        Effort {
            until: now() + most,
        }
    }

    /// So much of it from now on.
    pub fn within(self, most: Duration) -> Effort {
        Effort {
            until: Effort::of(most).until.min(self.until),
        }
    }

    /// Whether nothing is left of it.
    pub fn is_spent(self) -> bool {
        now() >= self.until
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
