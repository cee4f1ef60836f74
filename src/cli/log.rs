//! The request log: a line an exchange, with the violations under it, or a JSON object a line.

use super::arguments::LogFormat;
use super::style::{Style, clean};
use crate::exchange::{Announcement, Exchange};
use crate::faults::Fault;
use crate::server::{Delivery, Observer, Refused};
use crate::validate::Violation;
use crate::wire::{Bytes, Method};
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// Entries that wait for a slow reader; more are dropped, and counted.
const WAITING: usize = 1_000;
/// Violations shown under a line.
const SHOWN: usize = 20;

/// Hands entries to a thread of its own: a standard error that is slow or closed never holds up
/// a request.
pub(super) struct Log {
    format: LogFormat,
    style: Style,
    entries: SyncSender<Entry>,
    dropped: AtomicU64,
}

/// An entry, put in words only where it is written.
enum Entry {
    /// Everything before it is written when this is answered.
    Flush(SyncSender<()>),
    Exchange(Box<Exchange>, Duration),
    Line(String, Value),
    Text(String),
}

impl Log {
    pub(super) fn start(format: LogFormat, style: Style) -> Log {
        let (entries, waiting) = sync_channel(WAITING);
        thread::spawn(move || write_all(waiting, format, style));
        Log {
            format,
            style,
            entries,
            dropped: AtomicU64::new(0),
        }
    }

    /// Writes text as it is, whatever the format.
    pub(super) fn say(&self, text: String) {
        let _ = self.entries.try_send(Entry::Text(text));
    }

    /// Enters a line, as plain text or as an event.
    pub(super) fn tell(&self, line: String, event: Value) {
        self.send(Entry::Line(line, event));
    }

    /// The same, for what no one may miss: it is told where nothing else is logged, too.
    pub(super) fn insist(&self, line: String, event: Value) {
        self.enter(Entry::Line(line, event));
    }

    /// Waits until what was logged so far is written, but no longer than this.
    pub(super) fn flush(&self, patience: Duration) {
        let end = Instant::now() + patience;
        let (done, waiting) = sync_channel(1);
        while let Err(TrySendError::Full(_)) = self.entries.try_send(Entry::Flush(done.clone())) {
            if Instant::now() >= end {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = waiting.recv_timeout(end.saturating_duration_since(Instant::now()));
    }

    fn send(&self, entry: Entry) {
        if self.format != LogFormat::Off {
            self.enter(entry);
        }
    }

    fn enter(&self, entry: Entry) {
        if self.entries.try_send(entry).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            let text = format!("{dropped} log entries were dropped");
            let _ = self.entries.try_send(Entry::Line(
                text,
                json!({"event": "dropped", "count": dropped}),
            ));
        }
    }
}

impl Observer for Log {
    fn exchange(&self, exchange: &Exchange, took: Duration) {
        if self.format != LogFormat::Off {
            let mut exchange = exchange.clone();
            // Bodies aren't logged, and a queue of large ones would fill the memory.
            exchange.request.body = Bytes::new();
            exchange.reply.body = Bytes::new();
            self.send(Entry::Exchange(Box::new(exchange), took));
        }
    }

    fn refused(&self, refused: &Refused<'_>) {
        let request = refused
            .request
            .map(|(method, target)| format!("{method} {}", clean(target)));
        let request = request.unwrap_or_else(|| "a connection".to_owned());
        let status = refused
            .status
            .map(|status| self.style.status(status.as_u16()));
        let status = status.unwrap_or_else(|| "closed".to_owned());
        let line = format!("{request}  {status}  {}", clean(refused.detail));
        let event = json!({
            "event": "refused",
            "method": refused.request.map(|(method, _)| method.as_str()),
            "target": refused.request.map(|(_, target)| target),
            "status": refused.status.map(|status| status.as_u16()),
            "detail": refused.detail,
        });
        self.send(Entry::Line(line, event));
    }

    fn announced(&self, announcement: &Announcement, delivery: &Delivery) {
        let Announcement { callback, url, .. } = announcement;
        let outcome = &delivery.outcome;
        let outcome_text = match outcome {
            Ok(status) => self.style.status(status.as_u16()),
            Err(why) => format!("not delivered: {}", clean(why)),
        };
        let line = format!(
            "  announced {} to {}  {outcome_text}",
            clean(callback),
            clean(url)
        );
        let event = json!({
            "event": "announced",
            "callback": callback,
            "url": url,
            "status": outcome.as_ref().ok().map(|status| status.as_u16()),
            "error": outcome.as_ref().err(),
            "tries": delivery.tries,
            "ms": delivery.took.as_secs_f64() * 1e3,
        });
        self.send(Entry::Line(line, event));
    }

    fn noticed(&self, notice: &str) {
        let event = json!({"event": "noticed", "notice": notice});
        self.send(Entry::Line(clean(notice), event));
    }

    fn panicked(&self, method: &Method, target: &str, message: &str) {
        let line = format!("{method} {}  panicked: {}", clean(target), clean(message));
        let event = json!({"event": "panicked", "method": method.as_str(), "target": target, "message": message});
        self.insist(line, event);
    }
}

fn write_all(entries: Receiver<Entry>, format: LogFormat, style: Style) {
    for entry in entries {
        let text = match (entry, format) {
            (Entry::Flush(done), _) => {
                let _ = done.send(());
                continue;
            }
            (Entry::Text(text), _) => text,
            (Entry::Line(_, event), LogFormat::Json) => timed(event),
            (Entry::Line(line, _), _) => line + "\n",
            (Entry::Exchange(exchange, took), LogFormat::Json) => timed(event(&exchange, took)),
            (Entry::Exchange(exchange, took), _) => text(&exchange, took, style),
        };
        // Nobody reads: nothing to be done, and nothing to be said.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

fn timed(mut event: Value) -> String {
    event["time"] = Utc::now()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
        .into();
    format!("{event}\n")
}

pub(super) fn text(exchange: &Exchange, took: Duration, style: Style) -> String {
    let problems = exchange.violations.len();
    let problems = match problems {
        0 => String::new(),
        1 => "  1 problem".to_owned(),
        count => format!("  {count} problems"),
    };
    let mut purpose = exchange.conduct.to_string();
    if !purpose.is_empty() {
        purpose.insert_str(0, "  ");
    }
    let mut out = format!(
        "{} {}  {}{problems}  {}{purpose}\n",
        exchange.request.method,
        clean(&exchange.request.target),
        style.status(exchange.reply.status.as_u16()),
        style.dim(&format!("{:.1} ms", took.as_secs_f64() * 1e3)),
    );
    let place = |violation: &Violation| clean(&violation.place.to_string());
    let shown = || exchange.violations.iter().take(SHOWN);
    let widest = |text: &dyn Fn(&Violation) -> String, most: usize| {
        let widths = shown().map(|violation| text(violation).chars().count());
        widths.filter(|width| *width <= most).max().unwrap_or(0)
    };
    let places = widest(&place, 40);
    let details = widest(&|violation| clean(&violation.detail), 70);
    for violation in shown() {
        let origin = violation
            .origin
            .as_ref()
            .map(|origin| clean(&origin.to_string()));
        let line = format!(
            "  {:places$}  {:details$}  {}",
            place(violation),
            clean(&violation.detail),
            style.dim(&origin.unwrap_or_default())
        );
        out += &format!("{}\n", line.trim_end());
    }
    if exchange.violations.len() > SHOWN {
        out += &format!("  … and {} more\n", exchange.violations.len() - SHOWN);
    }
    let on_purpose = match exchange.conduct.status {
        Some(_) => ", as a rule of behaviour has it",
        None => "",
    };
    for violation in exchange.reply_violations.iter().take(SHOWN) {
        let text = format!(
            "  the reply breaks the contract{on_purpose}: {} {}",
            place(violation),
            clean(&violation.detail)
        );
        out += &format!("{}\n", style.warning(&text));
    }
    match &exchange.refusal {
        Some(why) if exchange.is_fault => {
            out += &format!("{}\n", style.warning(&format!("  {}", clean(why))));
        }
        Some(why) if exchange.violations.is_empty() => out += &format!("  {}\n", clean(why)),
        _ => {}
    }
    out
}

fn event(exchange: &Exchange, took: Duration) -> Value {
    let violations = |found: &[Violation]| -> Value {
        let entry = |violation: &Violation| {
            json!({
                "place": violation.place.to_string(),
                "rule": violation.rule,
                "detail": violation.detail,
                "source": violation.origin.as_ref().map(ToString::to_string),
            })
        };
        found.iter().take(SHOWN).map(entry).collect()
    };
    json!({
        "event": "exchange",
        "method": exchange.request.method.as_str(),
        "target": exchange.request.target,
        "operation": exchange.operation,
        "status": exchange.reply.status.as_u16(),
        "ms": took.as_secs_f64() * 1e3,
        "violations": violations(&exchange.violations),
        "replyViolations": violations(&exchange.reply_violations),
        "refusal": exchange.refusal,
        "isFault": exchange.is_fault,
        "delay": exchange.conduct.delay.map(|delay| delay.as_secs_f64() * 1e3),
        "fault": exchange.conduct.fault.map(Fault::name),
        "onPurpose": exchange.conduct.status.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;
    use crate::wire::Request;

    #[test]
    fn a_line_shows_no_control_characters_of_the_client() {
        let document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
        let contract = Contract::from_text("t.yaml", document).expect("a contract");
        let exchange = contract.answer(Request::new(Method::GET, "/\u{1b}[2J\u{202e}x\r\n"));
        let line = text(&exchange, Duration::from_micros(1234), Style::plain());
        let first = "GET /\\u{1b}[2J\\u{202e}x\\r\\n  404  1.2 ms";
        assert_eq!(line, format!("{first}\n  the contract has no such path\n"));
    }
}
