use super::Limits;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections there may be at a time. Who finds no seat waits in the kernel's queue,
/// where it costs us nothing.
pub(super) struct Seats {
    free: Arc<Semaphore>,
    all: usize,
    /// Whether the listener waits for one.
    wanted: AtomicBool,
}

/// Descriptors that are kept for everything else: files, the runtime, announcements.
const RESERVED: usize = 64;

impl Seats {
    /// As many seats as the limits give, and fewer than the process may open files.
    pub(super) fn new(limits: &Limits) -> Seats {
        let seats = match open_files() {
            // Where hardly any files are allowed, a quarter: a few seats are better than none.
            Some(files) => limits
                .connections
                .min(files.saturating_sub(RESERVED + 1).max(files / 4)),
            None => limits.connections,
        };
        let seats = seats.clamp(1, Semaphore::MAX_PERMITS);
        Seats {
            free: Arc::new(Semaphore::new(seats)),
            all: seats,
            wanted: AtomicBool::new(false),
        }
    }

    /// A seat, as soon as there is one; it is free again when the permit is dropped.
    pub(super) async fn take(&self) -> OwnedSemaphorePermit {
        if let Ok(seat) = self.free.clone().try_acquire_owned() {
            return seat;
        }
        self.wanted.store(true, Ordering::Relaxed);
        let seat = self.free.clone().acquire_owned().await;
        self.wanted.store(false, Ordering::Relaxed);
        seat.expect("the semaphore is never closed")
    }

    /// How many are taken, of how many. The one that the listener has for who comes next isn't.
    pub(super) fn taken(&self) -> (usize, usize) {
        let kept = usize::from(!self.are_taken());
        let free = self.free.available_permits() + kept;
        (self.all.saturating_sub(free), self.all)
    }

    /// Whether all are taken: a reply then closes its connection, so that clients take turns.
    pub(super) fn are_taken(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }
}

#[cfg(unix)]
fn open_files() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    let files = getrlimit(Resource::Nofile).current?;
    usize::try_from(files).ok()
}

#[cfg(not(unix))]
fn open_files() -> Option<usize> {
    None
}
