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
    let (status, name) = (Words::of(status), Words::of(name));
    let is_moment = moments::told(&name).or_else(|| moments::told_in_text(&name));
    let find = |words: &Words| {
        let mut found = words.iter().rev();
        found.find_map(|word| Some((spelt(word).to_owned(), stage(word)?)))
    };
    let (Some(_), Some((now, reached)), Some((event, needed))) =
        (is_moment, find(&status), find(&name))
    else {
        return false;
    };
    let reached = match () {
        () if status.has(&["not", "awaiting", "waiting", "pending"]) => 0,
        () if now == event => return false,
        () if reached == OVER => before(&now),
        () => reached,
    };
    needed > reached
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
