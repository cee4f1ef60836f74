use super::loopback::{Loopback, is_loopback_url};
use super::{Limits, Observer};
use crate::exchange::Announcement;
use crate::wire::{Bytes, HeaderValue, StatusCode, header};
use http::{Request, Uri};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Sends what rules announce (callbacks, webhooks). Each receiver hears of changes in the order
/// in which they were made; one that is slow or gone holds up no other.
pub(super) struct Announcer {
    queue: mpsc::UnboundedSender<Waiting>,
    load: Arc<Load>,
    observer: Arc<dyn Observer>,
}

/// What waits to be sent, over all receivers: the queues are bounded by it.
struct Load {
    count: AtomicUsize,
    bytes: AtomicUsize,
    most: usize,
}

/// An announcement that waits, with its body as it is sent: receivers of one share it.
struct Waiting {
    announcement: Announcement,
    body: Bytes,
    load: Arc<Load>,
}

type HttpClient = Client<HttpConnector<Loopback>, Full<Bytes>>;

/// The wait before the second try; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The bodies that may wait together, in bytes; those that several receivers share count for each.
const WAITING_BYTES: usize = 64 * 1024 * 1024;
/// Receivers with a queue of their own; further ones share the last.
const LANES: usize = 64;

impl Announcer {
    /// An announcer, and the work that it leaves to a task of its own. The work ends when the
    /// announcer is gone and the queues are empty.
    pub(super) fn new(
        limits: &Limits,
        observer: Arc<dyn Observer>,
    ) -> (Announcer, impl Future<Output = ()> + Send + 'static) {
        let (queue, waiting) = mpsc::unbounded_channel();
        let work = deliver_all(waiting, limits.clone(), observer.clone());
        let load = Arc::new(Load {
            count: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            most: limits.announcements.max(1),
        });
        let announcer = Announcer {
            queue,
            load,
            observer,
        };
        (announcer, work)
    }

    /// Puts the announcements in the queue; those that it has no room for are dropped and reported.
    pub(super) fn send(&self, announcements: Vec<Announcement>) {
        let mut last: Option<(Arc<Value>, Bytes)> = None;
        for announcement in announcements {
            let body = match &last {
                Some((value, body)) if Arc::ptr_eq(value, &announcement.body) => body.clone(),
                // A `Value` always serializes: its keys are strings.
                _ => serde_json::to_vec(&*announcement.body)
                    .unwrap_or_default()
                    .into(),
            };
            last = Some((Arc::clone(&announcement.body), body.clone()));
            let refused = match self.load.take(body.len()) {
                false => Some(announcement),
                true => {
                    let waiting = Waiting {
                        announcement,
                        body,
                        load: Arc::clone(&self.load),
                    };
                    let sent = self.queue.send(waiting);
                    sent.err().map(|refused| refused.0.announcement.clone())
                }
            };
            if let Some(announcement) = refused {
                let outcome = Err("not sent: too many announcements are waiting".to_owned());
                self.observer.announced(&announcement, outcome);
            }
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
        self.load.give_back(self.body.len());
    }
}

/// Sorts announcements into a lane for each receiver.
async fn deliver_all(
    mut waiting: mpsc::UnboundedReceiver<Waiting>,
    limits: Limits,
    observer: Arc<dyn Observer>,
) {
    let mut connector = HttpConnector::new_with_resolver(Loopback);
    connector.set_connect_timeout(Some(limits.announcement_connect));
    connector.set_nodelay(true);
    // No pool: announcements are rare, and an idle connection of ours would keep its receiver
    // from stopping.
    let client: HttpClient = Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build(connector);
    let mut lanes: HashMap<String, mpsc::UnboundedSender<Waiting>> = HashMap::new();
    let mut tasks = JoinSet::new();
    while let Some(next) = waiting.recv().await {
        let uri: Option<Uri> = next.announcement.url.parse().ok();
        let receiver = uri.and_then(|uri| uri.authority().map(ToString::to_string));
        let mut receiver = receiver.unwrap_or_default();
        if lanes.len() >= LANES && !lanes.contains_key(&receiver) {
            receiver = "others".to_owned();
        }
        let lane = lanes.entry(receiver).or_insert_with(|| {
            let (lane, work) = mpsc::unbounded_channel();
            tasks.spawn(deliver_lane(
                work,
                client.clone(),
                limits.clone(),
                observer.clone(),
            ));
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
    client: HttpClient,
    limits: Limits,
    observer: Arc<dyn Observer>,
) {
    while let Some(next) = waiting.recv().await {
        let delivery = deliver(&client, &next, &limits);
        let outcome = match timeout(limits.announcement_time, delivery).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no answer within {:?}", limits.announcement_time)),
        };
        observer.announced(&next.announcement, outcome);
    }
}

/// Tries until there is an answer other than a server's failure. The answer's body is not read,
/// and redirects are not followed.
async fn deliver(
    client: &HttpClient,
    waiting: &Waiting,
    limits: &Limits,
) -> Result<StatusCode, String> {
    let announcement = &waiting.announcement;
    let url: Uri = announcement
        .url
        .parse()
        .map_err(|_| format!("not sent: {:?} is no URL", announcement.url))?;
    if !is_loopback_url(&url) {
        return Err(format!(
            "not sent: {url} is not an http:// URL of this machine"
        ));
    }
    let mut pause = FIRST_PAUSE;
    let mut attempt = 1;
    loop {
        let mut request = Request::new(Full::new(waiting.body.clone()));
        *request.method_mut() = announcement.method.clone();
        *request.uri_mut() = url.clone();
        request.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        let outcome = client.request(request).await;
        let failed = outcome
            .as_ref()
            .map_or(true, |r| r.status().is_server_error());
        if !failed || attempt >= limits.announcement_tries {
            return outcome
                .map(|response| response.status())
                .map_err(|error| reason(&error));
        }
        sleep(pause).await;
        pause *= 4;
        attempt += 1;
    }
}

/// The innermost cause: hyper's own words ("client error (Connect)") tell nothing.
fn reason(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Method;
    use std::sync::Mutex;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[derive(Default)]
    struct Outcomes(Mutex<Vec<Result<StatusCode, String>>>);

    impl Observer for Outcomes {
        fn announced(&self, _: &Announcement, outcome: Result<StatusCode, String>) {
            self.0.lock().expect("not poisoned").push(outcome);
        }
    }

    fn announcement(url: &str) -> Announcement {
        Announcement {
            callback: "ended".to_owned(),
            method: Method::POST,
            url: url.to_owned(),
            body: Arc::new(serde_json::json!({"id": 1})),
        }
    }

    /// What comes of these announcements.
    async fn outcomes_of(limits: Limits, urls: &[&str]) -> Vec<Result<StatusCode, String>> {
        let outcomes = Arc::new(Outcomes::default());
        let (announcer, work) = Announcer::new(&limits, outcomes.clone());
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
        let urls = ["http://192.0.2.1/", "https://localhost/", "no url"];
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
