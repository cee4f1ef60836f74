//! What was asked and answered lately: a ring of exchanges, and whoever looks on.
//!
//! Takes an exchange once its reply is ready, gives it a number and keeps it until newer ones take
//! its room. On a request's path that is one short lock; nothing is put in words until someone
//! reads. Credentials are masked on the way in, so none is kept.

mod listen;
mod mask;
mod record;
mod secret;
mod whole;

pub(super) use listen::{Listener, News};
pub(super) use mask::{MASKED, Mask, is_masked, shown_url};
pub(super) use record::{Delivered, Kept, Record};
use whole::Whole;

use super::{Delivery, Limits};
use crate::exchange::{Announcement, Exchange};
use crate::validate::Place;
use crate::wire::{HeaderName, Method, Reply, StatusCode};
use arc_swap::ArcSwap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};

/// The field of a reply that names its exchange here.
pub(super) const EXCHANGE: HeaderName = HeaderName::from_static("counterpart-exchange");

/// How many listeners there may be at a time.
const LISTENERS: usize = 64;
/// How much news may wait for a listener; what is older is dropped, and it is told how much.
const NEWS: usize = 1024;
/// How many exchanges are many, to who looks at them in their time.
const MANY: u64 = 512;

/// The journal of one server.
pub(super) struct Journal {
    ring: Mutex<Ring>,
    /// How many exchanges it holds at most.
    most: usize,
    /// How many bytes they may take together.
    most_bytes: usize,
    /// How much of a body is kept.
    body: usize,
    mask: Arc<ArcSwap<Mask>>,
    news: broadcast::Sender<News>,
    listeners: AtomicUsize,
    /// How many bytes of whole bodies are held.
    held: Arc<AtomicUsize>,
    /// Tells that there are many new ones.
    many: Notify,
    /// Whether the server stops, and nobody should look on any longer.
    over: watch::Sender<bool>,
}

#[derive(Default)]
struct Ring {
    records: VecDeque<Arc<Record>>,
    /// The number of the last exchange.
    last: u64,
    /// The number of the last one that was forgotten by request.
    forgotten: u64,
    bytes: usize,
}

impl Journal {
    /// An empty journal; nothing where it is to hold nothing.
    pub(super) fn new(limits: &Limits, mask: Arc<ArcSwap<Mask>>) -> Option<Journal> {
        (limits.journal > 0).then(|| Journal {
            ring: Mutex::default(),
            most: limits.journal,
            most_bytes: limits.journal_bytes,
            body: limits.journal_body,
            mask,
            news: broadcast::Sender::new(NEWS),
            listeners: AtomicUsize::new(0),
            held: Arc::default(),
            many: Notify::new(),
            over: watch::Sender::new(false),
        })
    }

    /// Enters an exchange, and gives back what the server still has to send.
    pub(super) fn exchange(
        &self,
        exchange: Exchange,
        took: Duration,
    ) -> (Reply, Vec<Announcement>) {
        self.exchange_met(exchange, took, Vec::new())
    }

    /// The same of an exchange that was expected, by the numbers of what expects it.
    pub(super) fn exchange_met(
        &self,
        exchange: Exchange,
        took: Duration,
        met: Vec<u64>,
    ) -> (Reply, Vec<Announcement>) {
        let bodies = [&exchange.request.body, &exchange.reply.body];
        let whole = match bodies.iter().any(|body| body.len() > self.body) {
            true => Whole::of(bodies[0], bodies[1], &self.held),
            false => None,
        };
        let of = Record::of(exchange, took, self.body, &self.mask.load());
        let (mut record, mut reply, mut announcements) = of;
        record.met = met;
        record.whole = Mutex::new(whole);
        let number = self.enter(record);
        for announcement in &mut announcements {
            announcement.exchange = Some(number);
        }
        reply.headers.insert(EXCHANGE, number.into());
        (reply, announcements)
    }

    /// Enters what the server turned away before any contract saw it.
    /// Gives its number.
    pub(super) fn refused(
        &self,
        method: &Method,
        target: &str,
        status: StatusCode,
        why: &str,
    ) -> u64 {
        self.enter(Record::refused(
            method,
            target,
            status,
            why,
            &self.mask.load(),
        ))
    }

    fn enter(&self, record: Record) -> u64 {
        let bytes = record.size();
        let mut record = Arc::new(record);
        // What is pushed out is given up only once the lock is free.
        let mut gone = Vec::new();
        let mut ring = self.ring();
        ring.last += 1;
        let number = ring.last;
        if let Some(record) = Arc::get_mut(&mut record) {
            record.number = number;
        }
        ring.bytes += bytes;
        while ring.records.len() >= self.most || ring.bytes > self.most_bytes {
            let Some(oldest) = ring.records.pop_front() else {
                break;
            };
            ring.bytes -= oldest.size();
            gone.push(oldest);
        }
        if self.listeners.load(Ordering::Relaxed) > 0 {
            // With the lock, so that news has the order of its numbers.
            let _ = self.news.send(News::Exchange(record.clone()));
        }
        ring.records.push_back(record);
        drop(ring);
        let is_full = self.held.load(Ordering::Relaxed) > whole::ROOM / 2;
        if is_full || number.is_multiple_of(MANY) {
            self.many.notify_one();
        }
        number
    }

    /// Notes what came of an announcement with the exchange that it followed.
    pub(super) fn delivered(&self, announcement: &Announcement, delivery: &Delivery) {
        let number = announcement.exchange;
        let Some(record) = number.and_then(|number| self.get(number)) else {
            return;
        };
        let delivered = Delivered::new(announcement, Some(delivery));
        if self.listeners.load(Ordering::Relaxed) > 0 {
            let _ = self
                .news
                .send(News::Delivery(record.clone(), delivered.clone()));
        }
        record.delivered(delivered);
    }

    /// The exchange of a number, while it is kept.
    pub(super) fn get(&self, number: u64) -> Option<Arc<Record>> {
        let ring = self.ring();
        let first = ring.records.front()?.number;
        let index = usize::try_from(number.checked_sub(first)?).ok()?;
        ring.records.get(index).cloned()
    }

    /// What is kept, oldest first, and the number of the last exchange.
    pub(super) fn all(&self) -> (Vec<Arc<Record>>, u64) {
        let ring = self.ring();
        (ring.records.iter().cloned().collect(), ring.last)
    }

    /// What is kept of the exchanges after that of a number, and how many are gone of those that
    /// nobody had forgotten.
    pub(super) fn after(&self, number: u64) -> (Vec<Arc<Record>>, u64) {
        let ring = self.ring();
        let wanted = |record: &&Arc<Record>| record.number > number;
        let records: Vec<Arc<Record>> = ring.records.iter().filter(wanted).cloned().collect();
        let next = ring
            .records
            .front()
            .map_or(ring.last + 1, |record| record.number);
        let lost = next.saturating_sub(number.max(ring.forgotten) + 1);
        (records, lost)
    }

    /// How many exchanges are kept, how many bytes they take, and the number of the last.
    pub(super) fn size(&self) -> (usize, usize, u64) {
        let ring = self.ring();
        (ring.records.len(), ring.bytes, ring.last)
    }

    /// The number of the last exchange.
    pub(super) fn last(&self) -> u64 {
        self.ring().last
    }

    /// Whether what is there is masked.
    pub(super) fn hides(&self, place: &Place) -> bool {
        self.mask.load().hides(place)
    }

    /// Forgets all exchanges. Numbers go on.
    pub(super) fn clear(&self) {
        let mut ring = self.ring();
        ring.forgotten = ring.last;
        ring.bytes = 0;
        let gone = std::mem::take(&mut ring.records);
        drop(ring);
        drop(gone);
    }

    /// Waits until there are many new exchanges; gives whether the server goes on.
    pub(super) async fn many(&self) -> bool {
        let mut over = self.over.subscribe();
        tokio::select! {
            _ = over.wait_for(|over| *over) => false,
            () = self.many.notified() => true,
        }
    }

    /// Ends all listening.
    pub(super) fn close(&self) {
        self.over.send_replace(true);
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Conduct;
    use crate::wire::Request;

    fn journal(most: usize, most_bytes: usize) -> Journal {
        let limits = Limits {
            journal: most,
            journal_bytes: most_bytes,
            journal_body: 10,
            ..Limits::default()
        };
        Journal::new(&limits, Arc::default()).expect("a journal")
    }

    fn exchange(target: &str, body: &str) -> Exchange {
        Exchange {
            request: Request::new(Method::GET, target).with_body(body.to_owned()),
            operation: None,
            sandbox: None,
            violations: Vec::new(),
            reply: Reply::new(StatusCode::OK),
            reply_violations: Vec::new(),
            refusal: None,
            source: None,
            is_fault: false,
            conduct: Conduct::default(),
            announcements: Vec::new(),
        }
    }

    fn numbers(journal: &Journal) -> Vec<u64> {
        let (records, _) = journal.all();
        records.iter().map(|record| record.number).collect()
    }

    #[test]
    fn the_newest_are_kept_and_their_numbers_go_on() {
        let journal = journal(3, usize::MAX);
        for n in 0..5 {
            journal.exchange(exchange(&format!("/{n}"), ""), Duration::ZERO);
        }
        assert_eq!(numbers(&journal), [3, 4, 5]);
        assert_eq!(journal.get(4).expect("kept").target(), "/3");
        assert!(journal.get(2).is_none() && journal.get(6).is_none());
        assert!(journal.get(0).is_none());
        journal.clear();
        assert_eq!(numbers(&journal), [0; 0]);
        journal.exchange(exchange("/a", ""), Duration::ZERO);
        assert_eq!(numbers(&journal), [6]);
        assert_eq!(journal.get(6).expect("kept").target(), "/a");
    }

    #[test]
    fn they_take_no_more_room_than_they_may() {
        let room = 40_000;
        let journal = journal(10_000, room);
        let long = "x".repeat(1_000);
        for _ in 0..100 {
            journal.exchange(exchange(&format!("/{long}"), &long), Duration::ZERO);
        }
        let (records, last) = journal.all();
        assert_eq!(last, 100);
        assert!((10..40).contains(&records.len()), "{}", records.len());
        let bytes: usize = records.iter().map(|record| record.size()).sum();
        assert_eq!(journal.ring().bytes, bytes);
        assert!(bytes <= room);
        assert_eq!(records[0].request().body, "x".repeat(10).as_bytes());
        assert_eq!(records[0].request().length, 1_000);
    }

    #[test]
    fn one_that_takes_more_room_than_all_may_is_kept_alone() {
        let journal = journal(10, 100);
        journal.exchange(exchange("/a", ""), Duration::ZERO);
        journal.exchange(exchange("/b", ""), Duration::ZERO);
        assert_eq!(numbers(&journal), [2]);
    }

    #[test]
    fn a_journal_of_nothing_is_none() {
        let limits = Limits {
            journal: 0,
            ..Limits::default()
        };
        assert!(Journal::new(&limits, Arc::default()).is_none());
    }
}
