use super::deliver::{Delivery, Sender};
use super::journal::{Journal, shown_url};
use super::receivers::Receivers;
use super::tls::Trust;
use super::{Limits, Observer};
use crate::exchange::Announcement;
use http::Uri;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// Sends what callbacks and rules announce. Each receiver, a path of a host, hears of changes in
/// the order in which they were made; one that is slow or gone holds up no other.
#[derive(Clone)]
pub(super) struct Announcer {
    queue: mpsc::UnboundedSender<Waiting>,
    load: Arc<Load>,
    receivers: Receivers,
    audience: Audience,
}

/// Who is told what came of an announcement.
#[derive(Clone)]
pub(super) struct Audience {
    pub(super) observer: Arc<dyn Observer>,
    pub(super) journal: Option<Arc<Journal>>,
}

/// What waits to be sent, over all receivers: the queues are bounded by it.
struct Load {
    count: AtomicUsize,
    bytes: AtomicUsize,
    most: usize,
}

/// An announcement that waits.
struct Waiting {
    announcement: Announcement,
    /// Who waits for what comes of it.
    asker: Option<oneshot::Sender<Delivery>>,
    load: Arc<Load>,
}

/// The bodies that may wait together, in bytes; those that several receivers share count for each.
const WAITING_BYTES: usize = 64 * 1024 * 1024;
/// Receivers with a queue of their own; further ones share the last.
const LANES: usize = 256;

impl Announcer {
    /// An announcer, and the work that it leaves to a task of its own. The work ends when the
    /// announcer is gone and the queues are empty.
    pub(super) fn new(
        limits: &Limits,
        receivers: Receivers,
        trust: Trust,
        audience: Audience,
    ) -> (Announcer, impl Future<Output = ()> + Send + 'static) {
        let (queue, waiting) = mpsc::unbounded_channel();
        let sender = Sender::new(limits, receivers.clone(), trust);
        let work = deliver_all(waiting, sender, audience.clone());
        let load = Arc::new(Load {
            count: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            most: limits.announcements.max(1),
        });
        let announcer = Announcer {
            queue,
            load,
            receivers,
            audience,
        };
        (announcer, work)
    }

    /// Puts the announcements in the queue; those that it has no room for are dropped and reported.
    pub(super) fn send(&self, announcements: Vec<Announcement>) {
        for announcement in announcements {
            self.put(announcement, None);
        }
    }

    /// The same for one, of which the asker is told what came of it.
    pub(super) fn ask(&self, announcement: Announcement) -> oneshot::Receiver<Delivery> {
        let (asker, outcome) = oneshot::channel();
        self.put(announcement, Some(asker));
        outcome
    }

    /// How many wait to be sent, or are on their way.
    pub(super) fn waiting(&self) -> usize {
        self.load.count.load(Ordering::Relaxed)
    }

    /// Whether anything may be sent to a URL, or why not.
    pub(super) fn admit(&self, url: &str) -> Result<(), String> {
        self.receivers.admit(url).map(|_| ())
    }

    fn put(&self, announcement: Announcement, asker: Option<oneshot::Sender<Delivery>>) {
        if !self.load.take(announcement.body.len()) {
            let delivery = Delivery::unsent("too many announcements are waiting");
            return self.audience.tell(&announcement, asker, delivery);
        }
        let waiting = Waiting {
            announcement,
            asker,
            load: Arc::clone(&self.load),
        };
        // The queue ends only with its last announcer.
        let _ = self.queue.send(waiting);
    }
}

impl Audience {
    fn tell(
        &self,
        announcement: &Announcement,
        asker: Option<oneshot::Sender<Delivery>>,
        delivery: Delivery,
    ) {
        match shown_url(&announcement.url) {
            Some(url) => {
                let shown = Announcement {
                    url,
                    ..announcement.clone()
                };
                self.observer.announced(&shown, &delivery);
            }
            None => self.observer.announced(announcement, &delivery),
        }
        if let Some(journal) = &self.journal {
            journal.delivered(announcement, &delivery);
        }
        if let Some(asker) = asker {
            let _ = asker.send(delivery);
        }
    }
}

impl Load {
    fn take(&self, bytes: usize) -> bool {
        let waiting = self.count.fetch_add(1, Ordering::Relaxed);
        let held = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = waiting < self.most && (held == 0 || held + bytes <= WAITING_BYTES);
        if !fits {
            self.give_back(bytes);
        }
        fits
    }

    fn give_back(&self, bytes: usize) {
        self.count.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.load.give_back(self.announcement.body.len());
    }
}

/// Sorts announcements into a lane for each receiver.
async fn deliver_all(
    mut waiting: mpsc::UnboundedReceiver<Waiting>,
    sender: Sender,
    audience: Audience,
) {
    let mut lanes: HashMap<String, mpsc::UnboundedSender<Waiting>> = HashMap::new();
    let mut tasks = JoinSet::new();
    while let Some(next) = waiting.recv().await {
        let uri: Option<Uri> = next.announcement.url.parse().ok();
        let receiver = |uri: Uri| Some(format!("{}{}", uri.authority()?, uri.path()));
        let mut receiver = uri.and_then(receiver).unwrap_or_default();
        if lanes.len() >= LANES && !lanes.contains_key(&receiver) {
            receiver = "others".to_owned();
        }
        let lane = lanes.entry(receiver).or_insert_with(|| {
            let (lane, work) = mpsc::unbounded_channel();
            tasks.spawn(deliver_lane(work, sender.clone(), audience.clone()));
            lane
        });
        // A lane ends only with its sender.
        let _ = lane.send(next);
    }
    drop(lanes);
    while tasks.join_next().await.is_some() {}
}

async fn deliver_lane(
    mut waiting: mpsc::UnboundedReceiver<Waiting>,
    sender: Sender,
    audience: Audience,
) {
    while let Some(mut next) = waiting.recv().await {
        let delivery = sender.deliver(&next.announcement).await;
        audience.tell(&next.announcement, next.asker.take(), delivery);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Bytes, HeaderMap, HeaderValue, Method, StatusCode, header};
    use std::sync::Mutex;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[derive(Default)]
    struct Outcomes(Mutex<Vec<Result<StatusCode, String>>>);

    impl Observer for Outcomes {
        fn announced(&self, _: &Announcement, delivery: &Delivery) {
            let outcome = delivery.outcome.clone();
            self.0.lock().expect("not poisoned").push(outcome);
        }
    }

    fn announcement(url: &str) -> Announcement {
        Announcement {
            callback: "ended".to_owned(),
            method: Method::POST,
            url: url.to_owned(),
            headers: HeaderMap::from_iter([(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            )]),
            body: Bytes::from_static(b"{\"id\":1}"),
            fault: None,
            security: Arc::default(),
            exchange: None,
        }
    }

    /// What comes of these announcements.
    async fn outcomes_of(limits: Limits, urls: &[&str]) -> Vec<Result<StatusCode, String>> {
        let outcomes = Arc::new(Outcomes::default());
        let audience = Audience {
            observer: outcomes.clone(),
            journal: None,
        };
        let here = ([127, 0, 0, 1], 1).into();
        let (announcer, work) = Announcer::new(
            &limits,
            Receivers::new(&[], here),
            Trust::default(),
            audience,
        );
        announcer.send(urls.iter().copied().map(announcement).collect());
        drop(announcer);
        work.await;
        let outcomes = outcomes.0.lock().expect("not poisoned");
        outcomes.clone()
    }

    /// Answers one connection after the other with these statuses; gives the last request.
    async fn receiver(listener: TcpListener, statuses: &[u16]) -> String {
        let mut last = String::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut bytes = vec![0; 4096];
            let mut length = 0;
            while !bytes[..length].ends_with(b"}") {
                length += stream.read(&mut bytes[length..]).await.expect("a request");
            }
            let reply = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(reply.as_bytes()).await.expect("sent");
            last = String::from_utf8_lossy(&bytes[..length]).into_owned();
        }
        last
    }

    #[tokio::test]
    async fn an_announcement_is_tried_again_until_it_is_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook?a=1", listener.local_addr().expect("bound"));
        let urls = [url.as_str()];
        let (outcomes, request) = tokio::join!(
            outcomes_of(Limits::default(), &urls),
            receiver(listener, &[503, 204])
        );
        assert_eq!(outcomes, [Ok(StatusCode::NO_CONTENT)]);
        assert!(request.starts_with("POST /hook?a=1 HTTP/1.1\r\n"));
        assert!(request.contains("content-type: application/json\r\n"));
        assert!(request.contains("user-agent: counterpart\r\n"));
        assert!(request.ends_with("\r\n\r\n{\"id\":1}"));
    }

    #[tokio::test]
    async fn localhost_is_this_machine_and_redirects_are_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let url = format!("http://localhost:{port}/");
        let urls = [url.as_str()];
        let (outcomes, _) = tokio::join!(
            outcomes_of(Limits::default(), &urls),
            receiver(listener, &[302])
        );
        assert_eq!(outcomes, [Ok(StatusCode::FOUND)]);
    }

    #[tokio::test]
    async fn nothing_is_sent_beyond_this_machine() {
        let urls = ["http://192.0.2.1/", "ftp://localhost/", "no url"];
        for outcome in outcomes_of(Limits::default(), &urls).await {
            let reason = outcome.expect_err("refused");
            assert!(reason.starts_with("not sent: "), "{reason}");
        }
    }

    #[tokio::test]
    async fn a_receiver_that_hangs_is_given_up_and_holds_up_no_other() {
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let hangs = format!("http://{}/", silent.local_addr().expect("bound"));
        let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let refuses = format!("http://{}/", gone.local_addr().expect("bound"));
        drop(gone);
        let limits = Limits {
            announcement_time: Duration::from_millis(700),
            ..Limits::default()
        };
        let outcomes = outcomes_of(limits, &[&hangs, &refuses]).await;
        let refused = outcomes[0].as_ref().expect_err("refused");
        assert!(refused.contains("refused"), "{refused}");
        assert_eq!(outcomes[1], Err("no answer within 700ms".to_owned()));
    }

    #[tokio::test]
    async fn announcements_that_find_no_room_are_dropped_and_reported() {
        let limits = Limits {
            announcements: 1,
            ..Limits::default()
        };
        let outcomes = outcomes_of(limits, &["http://192.0.2.1/"; 3]).await;
        let dropped = |outcome: &&Result<_, String>| matches!(outcome, Err(reason) if reason.contains("too many"));
        assert_eq!(outcomes.iter().filter(dropped).count(), 2);
    }
}
