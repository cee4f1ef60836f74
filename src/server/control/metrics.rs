use super::Plane;
use super::problem::Refused;
use crate::contract::Contract;
use crate::host::Host;
use crate::server::metrics::BUCKETS;
use crate::wire::header;
use axum::extract::State;
use axum::response::IntoResponse;
use std::fmt::{Display, Write};
use std::fs;
use std::time::UNIX_EPOCH;

/// Prometheus' text format.
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Read the metrics
#[utoipa::path(
    get,
    path = "/_counterpart/metrics",
    operation_id = "getMetrics",
    tag = "probes",
    description = "What the server did since it started, what it holds, and every bound that it puts on its \
        clients, as Prometheus reads it.",
    responses(
        (status = 200, description = "The metrics.", body = String,
            content_type = "text/plain; version=0.0.4; charset=utf-8"),
        Refused
    )
)]
pub(super) async fn get_metrics(State(plane): State<Plane>) -> impl IntoResponse {
    // To look through states takes longer than a thread of the runtime should be held up.
    let written = tokio::task::spawn_blocking(move || written(&plane)).await;
    let written = written.unwrap_or_default();
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], written)
}

fn written(plane: &Plane) -> String {
    let mut page = Page::default();
    let metrics = &plane.standing.metrics;
    let version = env!("CARGO_PKG_VERSION");
    page.gauge(
        "build_info",
        "The version that runs.",
        &[(&[("version", version)], 1)],
    );
    let started = metrics.started().duration_since(UNIX_EPOCH);
    let started = started.unwrap_or_default().as_secs_f64();
    page.gauge(
        "start_time_seconds",
        "When the server started, in seconds since 1970.",
        &[(&[], started)],
    );
    page.by_status(
        "replies_total",
        "Replies to contract traffic, by status.",
        metrics.replies(),
    );
    page.by_status(
        "refused_total",
        "Requests that were turned away before any contract saw them, by status.",
        metrics.refusals(),
    );
    for (name, help, counter) in [
        (
            "dropped_connections_total",
            "Connections that were closed without a word.",
            &metrics.dropped,
        ),
        (
            "violating_requests_total",
            "Requests that broke their contract.",
            &metrics.violations,
        ),
        (
            "unmatched_requests_total",
            "Requests that no operation is documented for.",
            &metrics.unmatched,
        ),
        (
            "violating_replies_total",
            "Replies that broke their contract.",
            &metrics.breaches,
        ),
        (
            "panics_total",
            "Requests on which the server failed.",
            &metrics.panics,
        ),
    ] {
        page.counter(name, help, &[(&[], counter.read())]);
    }
    let (buckets, count, seconds) = metrics.times();
    page.histogram(
        "reply_seconds",
        "How long replies took to be ready, in seconds.",
        &buckets,
        (count, seconds),
    );
    held(plane, &mut page);
    state(&plane.standing.host(), &mut page);
    for (name, help, value) in process() {
        page.plain(name, help, "gauge", value);
    }
    page.head("limit", "The bounds that clients have.", "gauge");
    let host = plane.standing.host();
    let mut limits = plane.limits.as_ref().clone();
    // Those of the state are what the contracts were loaded with.
    if let Some(api) = host.apis().first() {
        let room = api.contract().room();
        (limits.items, limits.item_bytes) = (room.items, room.bytes);
    }
    for (name, unit, value) in limits.told() {
        page.sample("limit", &[("name", name), ("unit", unit.name())], value);
    }
    page.0
}

/// What is held at the moment.
fn held(plane: &Plane, page: &mut Page) {
    let (connections, most) = plane.seats.taken();
    page.gauge("connections", "Connections held.", &[(&[], connections)]);
    page.gauge(
        "connections_most",
        "Connections that may be held at a time, by the limit and the process's open files.",
        &[(&[], most)],
    );
    page.gauge(
        "announcements_waiting",
        "Callbacks and webhooks that wait to be sent.",
        &[(&[], plane.announcer.waiting())],
    );
    if let Some(journal) = &plane.standing.journal {
        let (exchanges, bytes, last) = journal.size();
        page.counter(
            "exchanges_total",
            "Exchanges since the start.",
            &[(&[], last)],
        );
        page.gauge(
            "journal_exchanges",
            "Exchanges that the journal keeps.",
            &[(&[], exchanges)],
        );
        page.gauge("journal_bytes", "What they take.", &[(&[], bytes)]);
    }
}

/// What each API remembers.
fn state(host: &Host, page: &mut Page) {
    let apis = host.apis();
    let each = |read: &dyn Fn(&Contract) -> usize| -> Vec<(String, usize)> {
        apis.iter()
            .map(|api| (api.name().to_owned(), read(api.contract())))
            .collect()
    };
    let items = |contract: &Contract| {
        let collections = contract.collections();
        collections.iter().map(|(_, count)| count).sum()
    };
    for (name, help, counts) in [
        (
            "state_items",
            "Items of the state for everyone.",
            each(&items),
        ),
        (
            "state_changed_items",
            "Those of them that aren't as the fixtures have them.",
            each(&|contract| contract.changed_items().0),
        ),
        (
            "state_changed_bytes",
            "What those take in memory, roughly.",
            each(&|contract| contract.changed_items().1),
        ),
        (
            "sandboxes",
            "Sandboxes that there are.",
            each(&|contract| contract.known_sandboxes()),
        ),
    ] {
        page.head(name, help, "gauge");
        for (api, count) in counts {
            page.sample(name, &[("api", &api)], count);
        }
    }
}

/// What the process takes, where the system tells.
fn process() -> Vec<(&'static str, &'static str, u64)> {
    let mut told = Vec::new();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| {
        let rest = line.strip_prefix("VmRSS:")?;
        rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
    });
    if let Some(kilobytes) = resident {
        let help = "Memory that the process has, in bytes.";
        told.push(("process_resident_memory_bytes", help, kilobytes << 10));
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        told.push((
            "process_open_fds",
            "Files that are open.",
            open.count() as u64,
        ));
    }
    told
}

/// The metrics as text: of each its help and type, then its samples.
#[derive(Default)]
struct Page(String);

type Labels<'l> = &'l [(&'l str, &'l str)];

impl Page {
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        let _ = writeln!(self.0, "# HELP counterpart_{name} {help}");
        let _ = writeln!(self.0, "# TYPE counterpart_{name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: Labels<'_>, value: impl Display) {
        let _ = write!(self.0, "counterpart_{name}");
        for (number, (label, text)) in labels.iter().enumerate() {
            let before = if number == 0 { '{' } else { ',' };
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            let text = text.replace('\n', "\\n");
            let _ = write!(self.0, "{before}{label}=\"{text}\"");
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{after} {value}");
    }

    fn all(&mut self, name: &str, help: &str, kind: &str, all: &[(Labels<'_>, impl Display)]) {
        self.head(name, help, kind);
        for (labels, value) in all {
            self.sample(name, labels, value);
        }
    }

    fn gauge(&mut self, name: &str, help: &str, all: &[(Labels<'_>, impl Display)]) {
        self.all(name, help, "gauge", all);
    }

    fn counter(&mut self, name: &str, help: &str, all: &[(Labels<'_>, impl Display)]) {
        self.all(name, help, "counter", all);
    }

    fn by_status(&mut self, name: &str, help: &str, counts: Vec<(u16, u64)>) {
        self.head(name, help, "counter");
        for (status, count) in counts {
            self.sample(name, &[("code", &status.to_string())], count);
        }
    }

    fn histogram(&mut self, name: &str, help: &str, buckets: &[u64], (count, sum): (u64, f64)) {
        self.head(name, help, "histogram");
        let bucket = format!("{name}_bucket");
        for (most, upto) in BUCKETS.iter().zip(buckets) {
            self.sample(&bucket, &[("le", &most.to_string())], upto);
        }
        self.sample(&bucket, &[("le", "+Inf")], count);
        self.sample(&format!("{name}_sum"), &[], sum);
        self.sample(&format!("{name}_count"), &[], count);
    }

    /// One that every process has, under the name that it has everywhere.
    fn plain(&mut self, name: &str, help: &str, kind: &str, value: impl Display) {
        let _ = writeln!(
            self.0,
            "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_any_text_stay_within_their_quotes() {
        let mut page = Page::default();
        page.sample("x", &[("api", "a\"b\\c\nd"), ("y", "z")], 3);
        assert_eq!(page.0, "counterpart_x{api=\"a\\\"b\\\\c\\nd\",y=\"z\"} 3\n");
    }
}
