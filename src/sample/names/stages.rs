use super::moments;
use super::words::Words;

/// How far along something is, where a word tells: from 0, where nothing has happened yet, to
/// [`OVER`].
fn stage(word: &str) -> Option<u8> {
    Some(match word {
        "new" | "draft" | "created" | "pending" | "queued" | "scheduled" | "submitted"
        | "requested" | "waiting" | "awaiting" | "open" | "opened" | "placed" | "planned"
        | "todo" | "unpaid" => 0,
        "approved" | "accepted" | "confirmed" | "published" | "paid" | "authorized"
        | "verified" | "activated" | "active" | "signed" | "sent" | "acknowledged" => 1,
        "started" | "running" | "processing" | "progress" | "ongoing" => 2,
        "shipped" | "dispatched" | "transit" => 3,
        "delivered" => 4,
        "finished" | "completed" | "complete" | "ended" | "resolved" | "settled" | "executed"
        | "fulfilled" | "succeeded" | "success" | "done" | "processed" => 5,
        "returned" | "refunded" | "cancelled" | "canceled" | "rejected" | "declined" | "failed"
        | "deleted" | "removed" | "archived" | "closed" | "revoked" | "disabled" | "expired"
        | "suspended" | "terminated" | "deactivated" | "blocked" => OVER,
        _ => return None,
    })
}

/// The stage of what is done, whichever way it went.
const DONE: u8 = 5;
/// The stage of what has come to an end, one way or another: of these only one happens.
const OVER: u8 = 6;

/// What can have happened to something that ended in this way.
fn before(end: &str) -> u8 {
    match end {
        "rejected" | "declined" => 0,
        "cancelled" | "canceled" => 2,
        _ => OVER - 1,
    }
}

/// Whether a property tells when something happened that hasn't, as a status has it: `shippedAt`
/// where that is `pending`. False where either says nothing.
pub fn is_ahead(status: &str, name: &str) -> bool {
    match progress(status, name) {
        Some(Progress::At { reached, needed }) => needed > reached,
        Some(Progress::Ended { possible, needed }) => needed > possible,
        Some(Progress::Just) | None => false,
    }
}

/// Whether a property tells when something happened that has, as a status has it: `shippedAt`
/// where that is `shipped` or `delivered`. False where either says nothing.
pub fn has_happened(status: &str, name: &str) -> bool {
    match progress(status, name) {
        Some(Progress::Just) => true,
        Some(Progress::At { reached, needed }) => 0 < needed && needed < reached && reached < DONE,
        Some(Progress::Ended { .. }) | None => false,
    }
}

/// How far something is, beside what a moment needs.
enum Progress {
    /// It is just there.
    Just,
    At {
        reached: u8,
        needed: u8,
    },
    /// It has ended, and may have come so far before.
    Ended {
        possible: u8,
        needed: u8,
    },
}

fn progress(status: &str, name: &str) -> Option<Progress> {
    let (status, name) = (Words::of(status), Words::of(name));
    moments::told(&name).or_else(|| moments::told_in_text(&name))?;
    let find = |words: &Words| {
        let mut found = words.iter().rev();
        found.find_map(|word| Some((spelt(word).to_owned(), stage(word)?)))
    };
    let ((now, reached), (event, needed)) = (find(&status)?, find(&name)?);
    let is_awaited = status.has(&["not", "awaiting", "waiting", "pending"]);
    Some(match () {
        () if is_awaited => Progress::At { reached: 0, needed },
        () if now == event => Progress::Just,
        () if reached == OVER => Progress::Ended {
            possible: before(&now),
            needed,
        },
        () => Progress::At { reached, needed },
    })
}

/// A word in one of its spellings.
fn spelt(word: &str) -> &str {
    match word {
        "canceled" => "cancelled",
        word => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_happened_yet_has_no_moment() {
        for (status, name) in [
            ("pending", "shippedAt"),
            ("PENDING", "delivered_at"),
            ("processing", "shipped_on"),
            ("shipped", "deliveredAt"),
            ("delivered", "cancelledAt"),
            ("cancelled", "deliveredAt"),
            ("rejected", "approvedAt"),
            ("draft", "publishedAt"),
            ("in_progress", "completedAt"),
            ("NOT_STARTED", "startedAt"),
            ("awaiting_payment", "paidAt"),
            ("active", "deleted_at"),
        ] {
            assert!(is_ahead(status, name), "{status} {name}");
        }
    }

    #[test]
    fn what_has_happened_has_its_moment() {
        for (status, name) in [
            ("shipped", "shippedAt"),
            ("delivered", "shipped_at"),
            ("canceled", "cancelledAt"),
            ("paid", "paidAt"),
            ("shipped", "paidAt"),
        ] {
            assert!(has_happened(status, name), "{status} {name}");
        }
        for (status, name) in [
            ("pending", "shippedAt"),
            ("shipped", "deliveredAt"),
            ("cancelled", "paidAt"),
            ("completed", "shippedAt"),
            ("pending", "createdAt"),
            ("shipped", "note"),
        ] {
            assert!(!has_happened(status, name), "{status} {name}");
        }
    }

    #[test]
    fn what_has_happened_has_one_and_what_says_nothing_may() {
        for (status, name) in [
            ("shipped", "shippedAt"),
            ("delivered", "shippedAt"),
            ("canceled", "cancelledAt"),
            ("cancelled", "createdAt"),
            ("failed", "startedAt"),
            ("refunded", "paidAt"),
            ("pending", "createdAt"),
            ("pending", "expiresAt"),
            ("pending", "dueDate"),
            ("pending", "deliveredItems"),
            ("strange", "shippedAt"),
            ("", ""),
        ] {
            assert!(!is_ahead(status, name), "{status} {name}");
        }
    }
}
