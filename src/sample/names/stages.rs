use super::moments;
use super::words::Words;

/// How far along something is, where a word tells: from 0, where nothing has happened yet, to
/// [`OVER`].
fn stage(word: &str) -> Option<u8> {
    Some(match word {
        "new" | "draft" | "created" | "pending" | "queued" | "scheduled" | "submitted"
        | "requested" | "waiting" | "awaiting" | "open" | "opened" | "placed" | "planned"
        | "todo" | "unpaid" | "requires" | "required" | "needs" | "incomplete" => 0,
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
        | "cancellation" | "deletion" | "closure" | "error" | "errored" | "decommissioned"
        | "discontinued" | "retired" | "withdrawn" | "voided" | "banned" | "denied" | "aborted" => {
            OVER
        }
        _ => return None,
    })
}

/// The stage of what is on its way.
const SHIPPED: u8 = 3;
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
    // What is tried out is active.
    let status = match status.all() {
        "trialing" if !name.has(&["trial"]) => Words::of("active"),
        _ => status,
    };
    if NOT_PLAYED.contains(&status.all()) && is_of_play(&name) {
        return true;
    }
    if tells_of_failure(&name) {
        let is_fine = status.has(&FINE) && !status.has(&["not", "no"]);
        return is_fine || found(&status).is_some() && !status.has(&FAILED);
    }
    let results = [
        "result",
        "output",
        "outcome",
        "exit code",
        "exit status",
        "return code",
    ];
    if results.contains(&name.all()) {
        return status.has(&UNDER_WAY);
    }
    if is_reason_of_status(&name) {
        return found(&status).is_some_and(|(_, stage)| stage == 0) || status.all() == "active";
    }
    if is_of_parcel(&name) {
        let is_there = |word: &str, stage: u8| stage >= SHIPPED || word == "active";
        return found(&status).is_some_and(|(word, stage)| !is_there(word, stage));
    }
    if !tells_of_event(&name) {
        return false;
    }
    if is_opposite(&event(&name), status.all()) {
        return true;
    }
    match progress(&status, &name) {
        Some(Progress::At { reached, needed }) => needed > reached,
        Some(Progress::Ended { possible, needed }) => needed > possible,
        Some(Progress::Just) | None => false,
    }
}

/// Statuses of a game that hasn't begun.
const NOT_PLAYED: [&str; 5] = [
    "scheduled",
    "upcoming",
    "not started",
    "postponed",
    "planned",
];

/// Whether a name is of how a game went, and who saw it.
fn is_of_play(name: &Words) -> bool {
    let is_score = matches!(name.last(), "score" | "goals" | "points");
    let is_of_side = name.has(&["home", "away"]);
    is_score && is_of_side
        || matches!(
            name.all(),
            "winner" | "winning team" | "attendance" | "is draw" | "draw" | "final score"
        )
}

/// Whether a name is of why something has the status that it has.
fn is_reason_of_status(name: &Words) -> bool {
    matches!(
        name.all(),
        "state reason" | "status reason" | "state reason code" | "status reason code"
    )
}

/// Whether a name is of what a parcel is followed by on its way.
fn is_of_parcel(name: &Words) -> bool {
    let last = ["number", "no", "code", "url", "link", "id"];
    name.has(&["tracking"]) && last.contains(&name.last())
}

/// Whether a property tells when something happened that has, as a status has it: `shippedAt`
/// where that is `shipped` or `delivered`. False where either says nothing.
pub fn has_happened(status: &str, name: &str) -> bool {
    let (status, name) = (Words::of(status), Words::of(name));
    if tells_of_failure(&name) {
        return status.has(&["failed", "failure", "error", "errored"]);
    }
    if is_reason_of_status(&name) {
        return found(&status).is_some_and(|(_, stage)| stage == OVER);
    }
    if is_of_parcel(&name) {
        return found(&status).is_some_and(|(_, stage)| (SHIPPED..DONE).contains(&stage));
    }
    if status.all().is_empty() || !tells_of_event(&name) {
        return false;
    }
    if event(&name) == status.all() {
        return true;
    }
    match progress(&status, &name) {
        Some(Progress::Just) => true,
        Some(Progress::At { reached, needed }) => 0 < needed && needed < reached && reached < DONE,
        Some(Progress::Ended { .. }) | None => false,
    }
}

/// Whether what a name tells of is another status than something has, one that it has yet to come
/// to: `mergedAt` where it is `open` and may become `merged`. `all` are the statuses there are, as
/// they are declared.
pub fn is_yet_to_be(status: &str, all: &[String], name: &str) -> bool {
    let name = Words::of(name);
    tells_of_event(&name) && comes_later(status, all, &event(&name))
}

/// Whether an event is a status that comes after another; of two that are known to be no ends, by
/// what they mean.
pub(super) fn comes_later(status: &str, all: &[String], event: &str) -> bool {
    let at = |wanted: &str| {
        let mut all = all.iter();
        all.position(|one| spelt(Words::of(one).all()) == wanted)
    };
    let (status, event) = (Words::of(status), Words::of(event));
    let (Some(now), Some(then)) = (at(spelt(status.all())), at(event.all())) else {
        return false;
    };
    let stage_of = |words: &Words| found(words).map(|(_, stage)| stage);
    match (stage_of(&status), stage_of(&event)) {
        _ if now == then => false,
        (Some(OVER), Some(OVER)) => true,
        (Some(_), Some(stage)) => stage == OVER,
        // What has ended is closed, however it did.
        (None, Some(OVER)) => now < then || event.all() != "closed",
        _ => now < then,
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
    let status = Words::of(status);
    match status.all() {
        status if is_opposite(event, status) => return Some(false),
        status if status == event => return Some(true),
        _ => {}
    }
    match progress(&status, &Words::of(event))? {
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
/// Words of a status of what is as it should be, which tell of no stage.
const FINE: [&str; 8] = [
    "online",
    "ok",
    "healthy",
    "up",
    "ready",
    "connected",
    "operational",
    "normal",
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

/// Whether a name tells of something that happens: when, by whom, or why.
pub(super) fn tells_of_event(name: &Words) -> bool {
    let is_moment = || moments::told(name).or_else(|| moments::told_in_text(name));
    // Until when something may happen is said before it does.
    let is_bound = || name.has(&["until", "deadline", "before", "expected", "estimated"]);
    tells_about(name) || !is_bound() && is_moment().is_some()
}

/// Whether it tells by whom or why.
fn tells_about(name: &Words) -> bool {
    let is_about = matches!(name.last(), "by" | "reason" | "note" | "notes" | "comment");
    is_about && name.first() != name.last()
}

/// Words of a name that say when, by whom or why something is that other words of it tell.
const ABOUT: [&str; 16] = [
    "at",
    "on",
    "date",
    "time",
    "timestamp",
    "datetime",
    "when",
    "since",
    "by",
    "reason",
    "note",
    "notes",
    "comment",
    "active",
    "current",
    "the",
];

/// What happens by a name that tells of it, in one spelling: `locked` of a `lockReason`.
pub(super) fn event(name: &Words) -> String {
    let own = name.iter().filter(|word| !ABOUT.contains(word));
    let own = own.map(|word| match tells_about(name) {
        true => spelt(done_of(word)),
        false => spelt(word),
    });
    own.collect::<Vec<&str>>().join(" ")
}

/// Whether one word says that something isn't as another says.
pub(super) fn is_opposite(one: &str, other: &str) -> bool {
    const OPPOSITES: [(&str, &str); 14] = [
        ("online", "offline"),
        ("active", "inactive"),
        ("enabled", "disabled"),
        ("available", "unavailable"),
        ("connected", "disconnected"),
        ("locked", "unlocked"),
        ("published", "unpublished"),
        ("muted", "unmuted"),
        ("reachable", "unreachable"),
        ("subscribed", "unsubscribed"),
        ("healthy", "unhealthy"),
        ("valid", "invalid"),
        ("blocked", "unblocked"),
        ("activated", "deactivated"),
    ];
    OPPOSITES
        .iter()
        .any(|both| [*both, (both.1, both.0)].contains(&(one, other)))
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
    let ((now, reached), (event, needed)) = (found(status)?, found_event(name)?);
    let is_awaited = status.has(&[
        "not", "awaiting", "waiting", "pending", "requires", "required", "needs",
    ]);
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

/// What is done by a word that means another thing alone.
const PHRASES: [(&str, u8); 4] = [
    ("checked in", 3),
    ("picked up", 3),
    ("dropped off", 4),
    ("checked out", 5),
];

fn phrase(words: &Words) -> Option<(&'static str, u8)> {
    let is_said = |(phrase, _): &&(&str, u8)| words.all().contains(*phrase);
    PHRASES.iter().find(is_said).copied()
}

/// The last word that tells of a stage, and which.
fn found(words: &Words) -> Option<(&str, u8)> {
    let mut found = words.iter().rev();
    let found = || found.find_map(|word| Some((spelt(word), stage(word)?)));
    phrase(words).or_else(found)
}

/// The same of a name, where what happens may be said by a noun, as in `suspensionDate`, and why or
/// by whom it does by the verb: a `cancelReason`.
fn found_event<'w>(words: &'w Words) -> Option<(&'w str, u8)> {
    let is_about = tells_about(words);
    let mut found = words.iter().rev();
    let found = || {
        found.find_map(|word: &'w str| {
            let word = spelt(if is_about { done_of(word) } else { word });
            Some((word, stage(word)?))
        })
    };
    phrase(words).or_else(found)
}

/// What is so once a verb has been done.
fn done_of(verb: &str) -> &str {
    match verb {
        "cancel" => "cancelled",
        "close" => "closed",
        "delete" => "deleted",
        "lock" => "locked",
        "suspend" => "suspended",
        "reject" => "rejected",
        "decline" => "declined",
        "block" => "blocked",
        "ban" => "banned",
        "archive" => "archived",
        "disable" => "disabled",
        "revoke" => "revoked",
        "terminate" => "terminated",
        "deactivate" => "deactivated",
        "void" => "voided",
        "mute" => "muted",
        "acknowledge" | "ack" => "acknowledged",
        verb => verb,
    }
}

/// A word in one of its spellings.
pub(super) fn spelt(word: &str) -> &str {
    match word {
        "canceled" | "cancellation" => "cancelled",
        "termination" => "terminated",
        "deletion" => "deleted",
        "closure" => "closed",
        "suspension" => "suspended",
        "rejection" => "rejected",
        "revocation" => "revoked",
        "deactivation" => "deactivated",
        "decommissioning" => "decommissioned",
        "discontinuation" => "discontinued",
        "retirement" => "retired",
        "approval" => "approved",
        "confirmation" => "confirmed",
        "activation" => "activated",
        "publication" => "published",
        "verification" => "verified",
        "acknowledgement" | "acknowledgment" | "acked" => "acknowledged",
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
            ("CONFIRMED", "cancellationReason"),
            ("pending", "approved_by"),
            ("open", "closedBy"),
            ("open", "stateReason"),
            ("active", "suspensionDate"),
            ("ACTIVE", "suspend_reason"),
            ("pending", "trackingNumber"),
            ("online", "offlineSince"),
            ("online", "errorCode"),
            ("requires_payment_method", "canceled_at"),
            ("PENDING", "checkedInAt"),
            ("checked_in", "checkedOutAt"),
            ("queued", "ackedAt"),
        ] {
            assert!(is_ahead(status, name), "{status} {name}");
        }
    }

    #[test]
    fn what_another_status_is_has_yet_to_be() {
        let all = |all: &str| all.split(' ').map(str::to_owned).collect::<Vec<String>>();
        for (status, of, name, is_yet) in [
            ("open", "open closed merged", "mergedAt", true),
            ("closed", "open closed merged", "merged_by", true),
            ("merged", "open closed merged", "mergedAt", false),
            ("no_show", "booked cancelled no_show", "cancelledAt", true),
            ("shipped", "placed paid shipped", "paidAt", false),
            ("graded", "handed_in graded", "gradedAt", false),
            ("handed_in", "handed_in graded", "gradedAt", true),
            ("open", "open closed", "mergedAt", false),
        ] {
            assert_eq!(
                is_yet_to_be(status, &all(of), name),
                is_yet,
                "{status} {name}"
            );
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
            ("CANCELLED", "cancelReason"),
            ("closed", "closed_by"),
            ("closed", "state_reason"),
            ("shipped", "tracking_url"),
            ("offline", "offlineSince"),
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
            ("open", "state_reason"),
            ("confirmed", "freeCancellationUntil"),
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
            ("confirmed", "freeCancellationUntil"),
            ("pending", "createdBy"),
            ("pending", "reason"),
            ("shipped", "trackingNumber"),
            ("active", "trackingId"),
            ("requested", "returnReason"),
            ("pending", "withdrawalDate"),
            ("", ""),
        ] {
            assert!(!is_ahead(status, name), "{status} {name}");
        }
    }
}
