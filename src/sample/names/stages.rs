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
        | "suspended" | "terminated" | "deactivated" | "blocked" | "termination"
        | "cancellation" | "deletion" | "closure" | "error" | "errored" => OVER,
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

/// Whether a property tells of something that hasn't happened, as a status has it: `shippedAt`
/// where that is `pending`, an `error` where nothing failed, a `result` where it runs yet. False
/// where either says nothing.
pub fn is_ahead(status: &str, name: &str) -> bool {
    let (status, name) = (Words::of(status), Words::of(name));
    if tells_of_failure(&name) {
        return found(&status).is_some() && !status.has(&FAILED);
    }
    if matches!(name.all(), "result" | "output" | "outcome") {
        return status.has(&UNDER_WAY);
    }
    match is_moment(&name).then(|| progress(&status, &name)).flatten() {
        Some(Progress::At { reached, needed }) => needed > reached,
        Some(Progress::Ended { possible, needed }) => needed > possible,
        Some(Progress::Just) | None => false,
    }
}

/// Whether a property tells when something happened that has, as a status has it: `shippedAt`
/// where that is `shipped` or `delivered`. False where either says nothing.
pub fn has_happened(status: &str, name: &str) -> bool {
    let (status, name) = (Words::of(status), Words::of(name));
    if tells_of_failure(&name) {
        return status.has(&["failed", "failure", "error", "errored"]);
    }
    match is_moment(&name).then(|| progress(&status, &name)).flatten() {
        Some(Progress::Just) => true,
        Some(Progress::At { reached, needed }) => 0 < needed && needed < reached && reached < DONE,
        Some(Progress::Ended { .. }) | None => false,
    }
}

/// Whether what one word tells of is so, as a status has it: that something is `closed` where that
/// is `open`. Nothing where either says nothing.
pub(super) fn is_so(status: &str, event: &str) -> Option<bool> {
    // How something is for a while, rather than what became of it.
    let is_state = ["active", "open", "running", "pending", "processing"].contains(&event);
    if event.contains(' ') {
        return None;
    }
    match progress(&Words::of(status), &Words::of(event))? {
        Progress::Just => Some(true),
        Progress::At { needed, reached } if !is_state && needed > reached => Some(false),
        Progress::At { needed, reached } if !is_state && 0 < needed && needed < reached => {
            Some(true)
        }
        Progress::Ended { possible, needed } if is_state || needed > possible => Some(false),
        Progress::At { .. } | Progress::Ended { .. } => None,
    }
}

/// How much is done in percent of what has a status, where that is none or all.
pub(super) fn done(status: &str) -> Option<i64> {
    let status = Words::of(status);
    match found(&status)?.1 {
        0 if status.has(&UNDER_WAY) => Some(0),
        DONE => Some(100),
        _ => None,
    }
}

/// Words of a status of what has no result yet.
const UNDER_WAY: [&str; 8] = [
    "queued",
    "pending",
    "scheduled",
    "waiting",
    "running",
    "processing",
    "started",
    "progress",
];
/// Words of a status of what went wrong.
const FAILED: [&str; 10] = [
    "failed",
    "failure",
    "error",
    "errored",
    "rejected",
    "declined",
    "expired",
    "cancelled",
    "canceled",
    "blocked",
];

/// Whether a name is of what went wrong, rather than of how often something did.
fn tells_of_failure(name: &Words) -> bool {
    let ends = [
        "error",
        "failure",
        "message",
        "code",
        "reason",
        "detail",
        "details",
        "description",
    ];
    name.has(&["error", "failure"]) && ends.contains(&name.last())
}

fn is_moment(name: &Words) -> bool {
    moments::told(name)
        .or_else(|| moments::told_in_text(name))
        .is_some()
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

fn progress(status: &Words, name: &Words) -> Option<Progress> {
    let ((now, reached), (event, needed)) = (found(status)?, found(name)?);
    let is_awaited = status.has(&["not", "awaiting", "waiting", "pending"]);
    Some(match () {
        () if is_awaited => Progress::At { reached: 0, needed },
        () if now == event => Progress::Just,
        () if reached == OVER => Progress::Ended {
            possible: before(now),
            needed,
        },
        () => Progress::At { reached, needed },
    })
}

/// The last word that tells of a stage, and which.
fn found(words: &Words) -> Option<(&str, u8)> {
    let mut found = words.iter().rev();
    found.find_map(|word| Some((spelt(word), stage(word)?)))
}

/// A word in one of its spellings.
pub(super) fn spelt(word: &str) -> &str {
    match word {
        "canceled" => "cancelled",
        "cancellation" => "cancelled",
        "termination" => "terminated",
        "deletion" => "deleted",
        "closure" => "closed",
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
            ("active", "terminationDate"),
            ("queued", "error"),
            ("succeeded", "errorMessage"),
            ("running", "failure_reason"),
            ("processing", "result"),
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
            ("failed", "errorMessage"),
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
            ("failed", "error"),
            ("strange", "error"),
            ("queued", "errorCount"),
            ("completed", "result"),
            ("", ""),
        ] {
            assert!(!is_ahead(status, name), "{status} {name}");
        }
    }
}
