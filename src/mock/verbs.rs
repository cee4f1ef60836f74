//! What verbs make of things: `cancel` has a status say `cancelled`, and `archived` be so.

use super::name::{plain, words};

/// What a verb makes of something. The names are [`plain`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    /// What a status says then, the likeliest first.
    pub(super) states: Vec<String>,
    /// Flags that are called so, and whether what they tell is so.
    pub(super) flags: Vec<(String, bool)>,
    /// What has happened, as moments are called that tell when; that it hasn't any more, where it
    /// was taken back.
    pub(super) events: Vec<(String, bool)>,
    /// Whether this is known of the verb, and doesn't merely follow from how it is written.
    pub(super) is_known: bool,
}

/// Words that say no more than that something becomes what follows.
const BECOMING: [&str; 7] = ["mark", "as", "set", "make", "be", "is", "do"];
/// Words before a participle that only say that something is so.
const SAYING: [&str; 5] = ["is", "has", "was", "been", "are"];

/// Verbs and their nouns whose participle isn't written as most are, or that lead to something
/// else too; what flags say of it that aren't called as a state is.
const KNOWN: &[(&str, &str, &str)] = &[
    ("cancel cancellation", "cancelled canceled", ""),
    ("capture charge", "captured succeeded", ""),
    ("pay payment settle", "paid settled succeeded", "paid"),
    ("send", "sent", "sent"),
    ("hold", "held onhold hold", ""),
    (
        "start begin run launch",
        "started running inprogress active processing",
        "running",
    ),
    ("stop halt", "stopped", "!running"),
    ("pause", "paused", ""),
    (
        "resume unpause",
        "resumed running active inprogress",
        "!paused !suspended",
    ),
    (
        "finish complete completion done",
        "completed complete finished done",
        "completed done",
    ),
    ("close closure", "closed", "!open"),
    ("reopen", "reopened open opened", "!closed open"),
    ("open", "open opened", "open !closed"),
    (
        "activate activation",
        "active activated enabled",
        "active enabled activated !disabled",
    ),
    (
        "reactivate unsuspend",
        "active reactivated",
        "active enabled !suspended !disabled",
    ),
    (
        "deactivate deactivation",
        "inactive deactivated disabled",
        "!active !enabled deactivated",
    ),
    ("enable", "enabled active", "enabled active !disabled"),
    ("disable", "disabled inactive", "disabled !enabled !active"),
    ("void", "void voided", "voided"),
    ("approve approval", "approved accepted", ""),
    ("accept acceptance", "accepted approved", ""),
    ("confirm confirmation", "confirmed", ""),
    ("reject rejection", "rejected declined", ""),
    ("decline deny", "declined denied rejected", ""),
    ("submit submission", "submitted pending", ""),
    ("publish publication", "published", "published !draft"),
    ("unpublish", "unpublished draft", "!published"),
    ("archive", "archived", "archived"),
    ("unarchive", "unarchived active", "!archived"),
    ("restore undelete", "restored active", "!deleted !archived"),
    ("ship dispatch", "shipped dispatched", ""),
    ("deliver", "delivered", ""),
    ("refund", "refunded", ""),
    ("return", "returned", ""),
    ("suspend suspension", "suspended", ""),
    ("block", "blocked", ""),
    ("ban", "banned", ""),
    ("lock", "locked", ""),
    ("resolve resolution", "resolved", ""),
    ("acknowledge ack", "acknowledged", ""),
    ("verify verification", "verified", ""),
    ("authorize authorise", "authorized authorised", ""),
    ("terminate termination", "terminated", ""),
    ("expire", "expired", ""),
    ("revoke", "revoked", "!active"),
    ("fail", "failed", ""),
    ("retry requeue restart", "queued pending running", ""),
    ("checkin", "checkedin", ""),
    ("checkout", "checkedout", ""),
    ("read", "read", "read !unread"),
    ("unread", "unread", "!read unread"),
    ("withdraw", "withdrawn", ""),
    ("hide", "hidden", "!visible"),
    ("merge", "merged", ""),
    ("freeze", "frozen", ""),
    ("unfreeze", "active", "!frozen"),
];

/// What becomes of something by the last word of an operation's path; what is `undone`, as by
/// `DELETE`, isn't so any more.
pub(super) fn outcome(word: &str, is_undone: bool) -> Outcome {
    let parts = words(word);
    let mut parts = parts
        .iter()
        .filter(|part| !BECOMING.contains(&part.as_str()));
    let verb = parts.next().map_or("", String::as_str);
    let rest: String = parts.map(String::as_str).collect();
    let whole = format!("{verb}{rest}");
    // `mark-paid` says what it becomes itself.
    let known = KNOWN.iter().find(|(verbs, states, _)| {
        verbs.split(' ').any(|known| known == whole) || states.split(' ').next() == Some(&whole)
    });
    if let Some((_, states, flags)) = known {
        let states: Vec<String> = states.split(' ').map(str::to_owned).collect();
        let more = flags.split(' ').filter(|flag| !flag.is_empty());
        let more = more.map(|flag| match flag.strip_prefix('!') {
            Some(flag) => (flag.to_owned(), is_undone),
            None => (flag.to_owned(), !is_undone),
        });
        // What a thing is for a while says nothing of when it began to be that.
        let own = states.iter().filter(|state| is_participle(state));
        let own: Vec<(String, bool)> = own.map(|state| (state.clone(), !is_undone)).collect();
        let more: Vec<(String, bool)> = more.collect();
        // What was taken back didn't happen, as far as anyone asks when it did.
        let undone = more.iter().filter(|(flag, is_so)| {
            let is_of_another = own.iter().all(|(state, _)| state != flag);
            *is_so == is_undone && is_of_another && is_participle(flag)
        });
        let undone: Vec<(String, bool)> = undone.cloned().collect();
        let mut flags = own.clone();
        flags.extend(more);
        return Outcome {
            states: if is_undone { Vec::new() } else { states },
            flags,
            events: own.into_iter().chain(undone).collect(),
            is_known: !is_undone,
        };
    }
    let taken_back = verb.strip_prefix("un").filter(|rest| rest.len() > 2);
    let (verb, is_so) = match taken_back {
        Some(verb) => (verb, false),
        None => (verb, !is_undone),
    };
    if verb.is_empty() {
        return Outcome {
            states: Vec::new(),
            flags: Vec::new(),
            events: Vec::new(),
            is_known: false,
        };
    }
    let forms = participles(verb);
    let forms: Vec<String> = forms
        .into_iter()
        .map(|form| format!("{form}{rest}"))
        .collect();
    let mut states = Vec::new();
    match (taken_back, is_undone) {
        (Some(_), false) => states.extend(forms.iter().map(|form| format!("un{form}"))),
        (None, false) => states.extend(forms.iter().cloned()),
        _ => {}
    }
    let mut flags: Vec<(String, bool)> = forms.iter().map(|form| (form.clone(), is_so)).collect();
    // `follow` has `following` be so, and `default` or `primary` what is called just that.
    flags.push((
        format!("{}ing", verb.strip_suffix('e').unwrap_or(verb)),
        is_so,
    ));
    flags.push((format!("{verb}{rest}"), is_so));
    let events = forms.into_iter().map(|form| (form, is_so)).collect();
    Outcome {
        states,
        flags,
        events,
        is_known: false,
    }
}

/// Whether a name is that of an action that is known: `check-in`, `checkOut`; no question, though it
/// begins like one.
pub(super) fn is_verb(name: &str) -> bool {
    let words = words(name);
    (1..=2).any(|count| {
        let whole = words.get(..count).map(|words| words.concat());
        whole.is_some_and(|whole| {
            let mut known = KNOWN.iter();
            known.any(|(verbs, ..)| verbs.split(' ').any(|known| known == whole))
        })
    })
}

/// Whether a state is what has happened: no `active`, which is so for a while.
fn is_participle(state: &str) -> bool {
    let others = [
        "sent",
        "paid",
        "held",
        "done",
        "read",
        "withdrawn",
        "hidden",
        "frozen",
    ];
    let checked = ["checkedin", "checkedout"];
    state.ends_with("ed") || others.contains(&state) || checked.contains(&state)
}

/// The participle of a verb, in the ways that it may be written.
fn participles(verb: &str) -> Vec<String> {
    let is_vowel = |c: char| "aeiou".contains(c);
    let mut ends = verb.chars().rev();
    let (last, before) = (ends.next().unwrap_or(' '), ends.next().unwrap_or(' '));
    match last {
        _ if verb.ends_with("ed") => vec![verb.to_owned()],
        'e' => vec![format!("{verb}d")],
        'y' if !is_vowel(before) => vec![format!("{}ied", &verb[..verb.len() - 1])],
        last if is_vowel(before) && !is_vowel(last) => {
            vec![format!("{verb}ed"), format!("{verb}{last}ed")]
        }
        _ => vec![format!("{verb}ed")],
    }
}

/// What a flag tells to be so: `published` of `isPublished`.
pub(super) fn flagged(name: &str) -> String {
    let words = words(name);
    let words = words.iter().filter(|word| !SAYING.contains(&word.as_str()));
    words.map(String::as_str).collect()
}

/// Whether a property is what another name is of a verb: `cancellationReason` is the `reason` of
/// `cancel`, and `amount_captured` the `amount` of `capture`.
pub(super) fn is_said_of(verb: &str, said: &str, property: &str) -> bool {
    let verb = plain(verb);
    let stem = verb.strip_suffix(['e', 'y']).unwrap_or(&verb);
    let own: Vec<String> = words(property);
    let said = words(said);
    if stem.len() < 3 || own.len() != said.len() + 1 {
        return false;
    }
    let of_verb = |word: &String| word.starts_with(stem);
    let begins = of_verb(&own[0]) && own[1..] == said[..];
    let ends = own.last().is_some_and(of_verb) && own[..said.len()] == said[..];
    begins || ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_lead_to_states_and_flags_however_they_are_written() {
        let states = |word: &str| outcome(word, false).states.join(" ");
        assert_eq!(states("cancel"), "cancelled canceled");
        assert_eq!(states("check-in"), "checkedin");
        assert_eq!(states("markAsPaid"), "paid settled succeeded");
        assert_eq!(states("reconcile"), "reconciled");
        assert_eq!(states("classify"), "classified");
        assert_eq!(states("flag"), "flaged flagged");
        let so = |word: &str, is_undone: bool, flag: &str| {
            let flags = outcome(word, is_undone).flags;
            flags
                .into_iter()
                .find(|(name, _)| name == flag)
                .map(|(_, so)| so)
        };
        assert_eq!(so("publish", false, "published"), Some(true));
        assert_eq!(so("unlock", false, "locked"), Some(false));
        assert_eq!(so("lock", true, "locked"), Some(false));
        assert_eq!(so("follow", true, "following"), Some(false));
        assert_eq!(so("mark_as_read", false, "read"), Some(true));
        assert_eq!(so("reopen", false, "closed"), Some(false));
        assert_eq!(so("set-default", false, "default"), Some(true));
        assert_eq!(flagged("isPublished"), "published");
    }

    #[test]
    fn what_begins_like_a_question_may_be_an_action() {
        let verbs = ["check-in", "check_in", "checkIn", "checkin", "checkInGuest"];
        assert!(verbs.into_iter().all(is_verb));
        assert!(
            !["check", "checkStock", "list", "find-open"]
                .into_iter()
                .any(is_verb)
        );
    }

    #[test]
    fn what_is_said_with_a_verb_is_what_a_property_tells_of_it() {
        assert!(is_said_of("cancel", "reason", "cancellationReason"));
        assert!(is_said_of("capture", "amount", "amount_captured"));
        assert!(is_said_of("capture", "amount", "capturedAmount"));
        assert!(!is_said_of("capture", "amount", "amount"));
        assert!(!is_said_of("cancel", "reason", "rejectionReason"));
    }
}
