use super::{Delivered, Journal, LISTENERS, Record};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

/// What a listener is told.
#[derive(Debug, Clone)]
pub(in crate::server) enum News {
    /// An exchange.
    Exchange(Arc<Record>),
    /// What came of an announcement that followed an exchange.
    Delivery(Arc<Record>, Delivered),
    /// How much news it has missed.
    Dropped(u64),
}

/// Someone who looks on. What it doesn't fetch in time it misses: it holds up nobody.
pub(in crate::server) struct Listener {
    journal: Arc<Journal>,
    news: broadcast::Receiver<News>,
    over: watch::Receiver<bool>,
    /// What it is told first.
    before: std::vec::IntoIter<News>,
    /// The number of the last exchange when it came.
    last: u64,
}

impl Journal {
    /// Another listener, who hears of what follows. With a number it hears first of what followed
    /// that exchange. Nothing where there are as many as there may be.
    pub(in crate::server) fn listen(self: &Arc<Self>, after: Option<u64>) -> Option<Listener> {
        let counted = self
            .listeners
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                (count < LISTENERS).then_some(count + 1)
            });
        counted.ok()?;
        let news = self.news.subscribe();
        let over = self.over.subscribe();
        let (records, last) = self.all();
        let mut before = Vec::new();
        // A number that is still to come is one of a server that is no more.
        if let Some(after) = after.map(|after| if after > last { 0 } else { after }) {
            let next = records.first().map_or(last + 1, |record| record.number);
            if next > after + 1 {
                before.push(News::Dropped(next - after - 1));
            }
            let newer = records.into_iter().filter(|record| record.number > after);
            before.extend(newer.map(News::Exchange));
        }
        Some(Listener {
            journal: self.clone(),
            news,
            over,
            before: before.into_iter(),
            last,
        })
    }
}

impl Listener {
    /// The next news; nothing once the server stops.
    pub(in crate::server) async fn next(&mut self) -> Option<News> {
        if *self.over.borrow() {
            return None;
        }
        if let Some(news) = self.before.next() {
            return Some(news);
        }
        loop {
            let news = tokio::select! {
                _ = self.over.wait_for(|over| *over) => return None,
                news = self.news.recv() => news,
            };
            match news {
                // It was told of already.
                Ok(News::Exchange(record)) if record.number <= self.last => {}
                Ok(news) => return Some(news),
                Err(RecvError::Lagged(count)) => return Some(News::Dropped(count)),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.journal.listeners.fetch_sub(1, Ordering::Relaxed);
    }
}
