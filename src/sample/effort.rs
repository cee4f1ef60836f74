//! How much work was done for a value, in time of the processor: what else is at work on the
//! machine must not decide whether a value is found.

use std::time::Duration;

/// How much more each part of a value gives: several times what one takes, so that a value that has
/// many is found however slow the machine is, and a search that leads to none still ends.
const EACH: Duration = Duration::from_micros(50);

/// Until when work may go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    until: Duration,
    /// How many parts a value had at most.
    parts: u32,
}

impl Effort {
    /// So much from now on.
    pub fn of(most: Duration) -> Effort {
        Effort {
            until: now() + here(most),
            parts: 0,
        }
    }

    /// So much of it from now on.
    pub fn within(self, most: Duration) -> Effort {
        Effort {
            until: Effort::of(most).until.min(self.until),
            parts: 0,
        }
    }

    /// A value has come to so many parts: those that it never had before give more.
    pub fn reach(&mut self, parts: usize) {
        let parts = u32::try_from(parts).unwrap_or(u32::MAX);
        if let Some(more) = parts.checked_sub(self.parts) {
            self.until += here(EACH) * more;
            self.parts = parts;
        }
    }

    /// As much more as another has got, which was a part of it.
    pub fn follow(&mut self, part: Effort) {
        self.until += here(EACH) * part.parts;
    }

    /// Whether nothing is left of it.
    pub fn is_spent(self) -> bool {
        now() >= self.until
    }
}

/// A time where what runs is optimized; more where it isn't.
fn here(time: Duration) -> Duration {
    time * if cfg!(debug_assertions) { 12 } else { 1 }
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
