use std::sync::mpsc;
use std::thread;
use std::time::Duration;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// How long a stop may take in all, before the process ends whatever is still going on.
const LAST_RESORT: Duration = Duration::from_secs(12);

/// Ready at the first SIGINT or SIGTERM; the second ends the process at once.
///
/// Signals have a thread of their own, so that a server whose threads are all busy still obeys.
/// Where no handler can be set up, the signals do what they always did: they end the process.
pub(super) fn asked_to_stop() -> impl Future<Output = ()> {
    let (ask, asked) = oneshot::channel();
    let (watching, is_watching) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(watch(watching, ask));
        }
    });
    // From here on a signal is one to stop, also one that comes before the first connection.
    let _ = is_watching.recv();
    async {
        if asked.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Lets a write beyond the limit on the size of files (`ulimit -f`) fail as any other: the signal
/// for it, SIGXFSZ, would end the process. Who takes a signal once does so until the process ends.
#[cfg(all(
    any(target_os = "linux", target_os = "macos"),
    not(any(target_arch = "mips", target_arch = "mips64"))
))]
pub(super) fn file_limit_as_error() {
    const SIGXFSZ: i32 = 25;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    if let Ok(runtime) = runtime {
        let _runtime = runtime.enter();
        let _ = signal(SignalKind::from_raw(SIGXFSZ));
    }
}

/// Elsewhere the signal isn't known, or has another number.
#[cfg(not(all(
    any(target_os = "linux", target_os = "macos"),
    not(any(target_arch = "mips", target_arch = "mips64"))
)))]
pub(super) fn file_limit_as_error() {}

async fn watch(watching: mpsc::Sender<()>, ask: oneshot::Sender<()>) {
    let Some(mut signals) = Signals::new() else {
        return;
    };
    let _ = watching.send(());
    signals.next().await;
    let _ = ask.send(());
    match tokio::time::timeout(LAST_RESORT, signals.next()).await {
        Ok(()) => std::process::exit(130),
        Err(_) => std::process::exit(0),
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Option<Signals> {
        Some(Signals {
            interrupt: signal(SignalKind::interrupt()).ok()?,
            terminate: signal(SignalKind::terminate()).ok()?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Elsewhere there is Ctrl-C alone.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Option<Signals> {
        Some(Signals)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
