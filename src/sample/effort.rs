//! How much work was done for a value, in steps: neither how fast a machine is nor what else is at
//! work on it must decide whether a value is found, and which.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// How many steps more each part of a value gives: several times what one takes, so that a value that
/// has many is found, and a search that leads to none still ends.
const EACH: u64 = 50;
/// How long a step may take: one takes a microsecond or two. This is a guard against work that isn't
/// counted, and nothing that a search should meet.
const SLOWEST: Duration = Duration::from_micros(if cfg!(debug_assertions) { 200 } else { 20 });

thread_local! {
    /// How many steps this thread has taken.
    static DONE: Cell<u64> = const { Cell::new(0) };
}

/// Notes that so many steps were taken.
pub(super) fn work(steps: usize) {
    DONE.with(|done| done.set(done.get() + steps as u64));
}

fn done() -> u64 {
    DONE.with(Cell::get)
}

/// Until when work may go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    until: u64,
    guard: Duration,
    /// When it began: by the clock on the wall, and by the thread's own time.
    began: (Instant, Duration),
    /// How many parts a value had at most.
    parts: u64,
}

impl Effort {
    /// So many steps from now on.
    pub fn of(steps: u64) -> Effort {
        let now = now();
        Effort {
            until: done() + steps,
            guard: now + time(steps),
            began: (Instant::now(), now),
            parts: 0,
        }
    }

    /// So much of it from now on.
    pub fn within(self, steps: u64) -> Effort {
        let all = Effort::of(steps);
        Effort {
            until: all.until.min(self.until),
            guard: all.guard.min(self.guard),
            began: all.began,
            parts: 0,
        }
    }

    /// A value has come to so many parts: those that it never had before give more.
    pub fn reach(&mut self, parts: usize) {
        let parts = parts as u64;
        if let Some(more) = parts.checked_sub(self.parts) {
            self.add(more);
            self.parts = parts;
        }
    }

    /// As much more as another has got, which was a part of it.
    pub fn follow(&mut self, part: Effort) {
        self.add(part.parts);
    }

    fn add(&mut self, parts: u64) {
        self.until += EACH * parts;
        self.guard += time(EACH * parts);
    }

    /// Whether nothing is left of it.
    pub fn is_spent(self) -> bool {
        // A thread's own time is a call of the system's, and never more than the time on the wall.
        let (wall, own) = self.began;
        done() >= self.until || wall.elapsed() + own >= self.guard && now() >= self.guard
    }
}

fn time(steps: u64) -> Duration {
    SLOWEST * u32::try_from(steps).unwrap_or(u32::MAX)
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
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    BEGIN.get_or_init(Instant::now).elapsed()
}
