use std::thread;
use std::time::Duration;
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
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(watch(ask));
        }
    });
    async {
        if asked.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

async fn watch(ask: oneshot::Sender<()>) {
    let signals = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    let (Ok(mut interrupt), Ok(mut terminate)) = signals else {
        return;
    };
    either(&mut interrupt, &mut terminate).await;
    let _ = ask.send(());
    let second = either(&mut interrupt, &mut terminate);
    match tokio::time::timeout(LAST_RESORT, second).await {
        Ok(()) => std::process::exit(130),
        Err(_) => std::process::exit(0),
    }
}

async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
