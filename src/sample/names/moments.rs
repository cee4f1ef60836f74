use super::super::draw::Draw;
use super::words::Words;
use chrono::{DateTime, Datelike, NaiveDate, Timelike};

/// What happens to a thing in the order in which it does, as seconds since 1970. Nothing lies
/// before 2024 or after 2025.
#[derive(Debug, Clone)]
pub(super) struct Moments([i64; STEPS]);

const STEPS: usize = 14;
const DAY: i64 = 86_400;
/// 2024-01-01.
const FIRST: i64 = 1_704_067_200;
/// How many days after it something may begin to be: the steps fit between its last and 2026.
const BEGINNINGS: usize = 530;

/// A step of a thing's time, from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Created,
    Queued,
    Published,
    Started,
    Finished,
    Delivered,
    Updated,
    Seen,
    Gone,
    Begin,
    End,
    Due,
    Next,
    Expiry,
}

/// How many hours there are at least, and how many more there may be, between a step and the one
/// before it.
const GAPS: [(i64, usize); STEPS] = [
    (0, 0),
    (0, 2),
    (0, 72),
    (0, 4),
    (0, 10),
    (2, 24),
    (1, 480),
    (1, 120),
    (24, 72),
    (24, 480),
    (1, 10),
    (48, 360),
    (24, 240),
    (24, 2_400),
];

impl Moments {
    pub(super) fn draw(draw: &mut Draw) -> Moments {
        let mut at = FIRST + (draw.below(BEGINNINGS) as i64) * DAY;
        at += 7 * 3600 + draw.below(12 * 3600) as i64;
        let mut moments = [at; STEPS];
        for ((least, more), moment) in GAPS.into_iter().zip(&mut moments).skip(1) {
            at += 60 + least * 3600 + draw.below(more * 3600) as i64;
            *moment = at;
        }
        // What is planned is planned for a round time of the day.
        for step in [Step::Begin, Step::End, Step::Due, Step::Next] {
            let moment = &mut moments[step as usize];
            *moment = *moment / 1800 * 1800 + 1800;
        }
        Moments(moments)
    }

    /// The same, so much earlier that it began before another thing did, which it is a part of the
    /// story of; as it is, where it did anyway.
    pub(super) fn before(&self, other: &Moments, draw: &mut Draw) -> Moments {
        let most = other.at(Step::Created) - 3600 - draw.below(60 * 24 * 3600) as i64;
        let late = (self.at(Step::Created) - most).max(0);
        let late = (late + 1799) / 1800 * 1800;
        Moments(self.0.map(|at| at - late))
    }

    /// Those of a thing within this one: it is made after it is, and changed before it is. What is
    /// planned for both is the same.
    pub(super) fn within(&self, draw: &mut Draw) -> Moments {
        let (created, updated) = (self.at(Step::Created), self.at(Step::Updated));
        let span = updated - created;
        let start = created + span / 100 * (1 + draw.below(50) as i64);
        let end = updated - (updated - start) / 100 * draw.below(60) as i64;
        let mut moments = self.0;
        for moment in &mut moments[..=Step::Seen as usize] {
            *moment = start + (*moment - created) * (end - start) / span.max(1);
        }
        Moments(moments)
    }

    pub(super) fn at(&self, step: Step) -> i64 {
        self.0[step as usize]
    }

    /// When what a name tells of happens: the sun rises and sets on the day of its step, at its time.
    pub(super) fn told_at(&self, words: &Words, step: Step) -> i64 {
        if !words.has(&["sunrise", "sunset", "moonrise", "moonset"]) {
            return self.at(step);
        }
        let begin = self.at(Step::Begin);
        let minutes = begin / 1800 % 50;
        let hour = if step == Step::End { 19 } else { 6 };
        begin.div_euclid(DAY) * DAY + hour * 3600 - minutes * 60
    }

    /// The day of a step, as a moment within it. What ends does so on a later day than it begins.
    pub(super) fn day(&self, step: Step) -> i64 {
        self.at(step) + if step == Step::End { DAY } else { 0 }
    }
}

/// The step that one word of a name tells of.
fn step_of(word: &str) -> Option<Step> {
    Some(match word {
        "created" | "creation" | "create" | "added" | "registered" | "registration" | "invited"
        | "signup" | "inserted" | "uploaded" | "upload" | "placed" | "issued" | "issue"
        | "submitted" | "submission" | "requested" | "request" | "opened" | "ordered" | "order"
        | "invoice" | "purchased" | "purchase" | "posted" | "hired" | "recorded" | "raised"
        | "reported" | "booked" | "since" | "founded" | "generated" | "captured" | "measured"
        | "observed" | "logged" | "occurred" | "event" | "commit" | "committed" | "authored"
        | "built" | "received" | "initiated" | "timestamp" | "ts" | "epoch" | "member"
        | "erstellt" | "erstellung" | "angelegt" | "bestellt" | "bestellung" | "bestell"
        | "rechnung" | "buchung" | "auftrag" | "ausstellung" | "cree" | "commande" | "facture"
        | "inscription" | "creado" | "creacion" | "pedido" | "factura" | "emision" | "creato"
        | "creazione" | "ordine" | "fattura" | "criado" | "criacao" | "cadastro" | "aangemaakt"
        | "aanmaak" | "factuur" => Step::Created,
        "queued" | "accepted" | "acknowledged" | "acked" | "assigned" | "enqueued" | "joined"
        | "joining" => Step::Queued,
        "published" | "publish" | "publication" | "pub" | "sent" | "approved" | "released"
        | "release" | "paid" | "payment" | "confirmed" | "verified" | "activated"
        | "authorized" | "signed" | "transaction" | "transacted" | "pushed" | "merged"
        | "deployed" | "activation" | "announced" | "posting" | "zahlung" | "veroffentlichung"
        | "paiement" | "pago" | "publicacion" | "pagamento" | "betaal" => Step::Published,
        "started" | "began" => Step::Started,
        "finished" | "completed" | "ended" | "stopped" | "processed" | "resolved" | "settled"
        | "executed" | "completion" | "succeeded" | "failed" | "fulfilled" | "finalized" => {
            Step::Finished
        }
        "shipped" | "shipping" | "shipment" | "dispatched" | "delivered" | "delivery"
        | "returned" | "refunded" | "liefer" | "lieferung" | "versand" | "livraison"
        | "entrega" | "consegna" | "lever" | "levering" => Step::Delivered,
        "updated" | "update" | "modified" | "modification" | "changed" | "change" | "edited"
        | "saved" | "revised" | "reviewed" | "synced" | "refreshed" | "touched" | "mod"
        | "geandert" | "anderung" | "aktualisiert" | "aktualisierung" | "modifie"
        | "actualizado" | "actualizacion" | "modificado" | "modificacion" | "modificato"
        | "modifica" | "aggiornamento" | "atualizado" | "atualizacao" | "gewijzigd"
        | "wijziging" => Step::Updated,
        "login" | "logged in" | "seen" | "accessed" | "access" | "activity" | "active" | "used"
        | "read" | "viewed" | "visited" | "visit" | "checked" | "played" | "run" | "sync"
        | "signin" | "online" | "contact" | "contacted" | "heartbeat" | "letzte" | "letzter"
        | "derniere" | "dernier" => Step::Seen,
        "deleted" | "removed" | "archived" | "closed" | "cancelled" | "canceled" | "revoked"
        | "disabled" | "deactivated" | "terminated" | "suspended" | "blocked" | "destroyed"
        | "rejected" | "retired" | "cancellation" | "deletion" | "closure" | "suspension"
        | "rejection" | "revocation" | "deactivation" | "decommissioned" | "decommissioning"
        | "discontinued" | "discontinuation" | "withdrawn" | "retirement" | "voided" | "banned"
        | "offline" | "disconnected" | "sortie" | "austritt" | "abmeldung" => Step::Gone,
        "start" | "starts" | "starting" | "begin" | "begins" | "from" | "effective"
        | "departure" | "departs" | "scheduled" | "checkin" | "pickup" | "after" | "open"
        | "opens" | "opening" | "planned" | "arrives" | "event start" | "min" | "von"
        | "sunrise" | "moonrise" | "kickoff" | "beginn" | "debut" | "inicio" | "inizio" => {
            Step::Begin
        }
        "end" | "ends" | "ending" | "finish" | "to" | "until" | "till" | "arrival" | "checkout"
        | "through" | "before" | "close" | "closes" | "closing" | "max" | "dropoff" | "sunset"
        | "moonset" | "termination" | "bis" | "ende" | "fin" | "fine" | "fim" | "eind"
        | "einde" => Step::End,
        "due" | "deadline" | "target" | "estimated" | "expected" | "eta" | "fallig"
        | "falligkeit" | "echeance" => Step::Due,
        "next" | "nachste" | "naechste" | "prochaine" | "prochain" | "renewal" | "renews"
        | "renewed" | "trial" => Step::Next,
        "expires" | "expire" | "expired" | "expiry" | "expiration" | "exp" | "maturity"
        | "validity" | "valid" | "ablauf" | "verfall" | "gultigkeit" | "vencimiento"
        | "caducidad" | "scadenza" | "vencimento" | "verval" => Step::Expiry,
        _ => return compound(word).and_then(step_of).or_else(|| again(word)),
    })
}

/// What a date is of whose word is of two: `lieferdatum`, `bestellungsdatum`.
fn compound(word: &str) -> Option<&str> {
    let stem = word.strip_suffix("datum")?;
    Some(stem.strip_suffix('s').unwrap_or(stem))
}

/// What undoes what is done, or does it again: `unpublished`, `reopened`.
fn again(word: &str) -> Option<Step> {
    let done = |lead: &str| {
        let rest = word.strip_prefix(lead)?;
        rest.ends_with("ed").then(|| step_of(rest)).flatten()
    };
    let undone = ["un", "de", "dis"].iter().find_map(|lead| done(lead));
    undone
        .map(|_| Step::Gone)
        .or_else(|| done("re").map(|_| Step::Updated))
}

/// How much of a moment a name asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Form {
    Instant,
    Date,
}

/// The moment that a name tells of: `createdAt`, `date_of_issue`, `lastLogin`, `expires`.
pub(super) fn told(words: &Words) -> Option<(Step, Form)> {
    let last = words.last();
    let form = match last {
        "at" | "on" | "time" | "datetime" | "timestamp" | "ts" | "stamp" | "epoch" | "until"
        | "utc" | "gmt" | "since" => Form::Instant,
        "date" | "day" | "deadline" | "fecha" => Form::Date,
        last if last.ends_with("datum") => Form::Date,
        "ms" | "millis" | "milliseconds" | "seconds" | "unix" | "iso" => {
            let stamp = [
                "at",
                "timestamp",
                "date",
                "time",
                "epoch",
                "created",
                "updated",
                "expiry",
                "expires",
                "modified",
                "deleted",
                "published",
            ];
            match words.has(&stamp) && !words.has(&TIMINGS) {
                true => Form::Instant,
                false => return None,
            }
        }
        "from" | "to" | "start" | "end" if words.first() == "date" => Form::Date,
        _ if matches!(words.first(), "date" | "datetime" | "fecha") => Form::Date,
        _ if words.first() == "data" && step(words).is_some() => Form::Date,
        // `erstelltAm`, `creado el`.
        "am" | "le" | "el" | "il" | "em" | "op" if step(words).is_some() => Form::Instant,
        "start" | "end" | "from" | "to" | "starts" | "ends" | "von" | "bis" | "expires"
            if words.has(&["valid", "period", "window", "trial", "event", "gultig"]) =>
        {
            Form::Instant
        }
        "updated" | "modified" | "login" | "seen" | "used" | "accessed" | "active" | "activity"
        | "update" | "sync" | "run" | "access" | "changed" | "visit" | "visited" | "viewed"
        | "played" | "checked" | "signin" | "online" | "contact" | "contacted" | "heartbeat"
        | "order" | "purchase" | "payment" | "synced" | "refreshed"
            if words.has(&["last", "first"]) =>
        {
            Form::Instant
        }
        "in" | "out" if matches!(words.all(), "check in" | "check out") => Form::Instant,
        "sunrise" | "sunset" | "moonrise" | "moonset" | "kickoff" => Form::Instant,
        // Alone, a participle is a moment; with a noun it is whatever the noun is.
        "created" | "updated" | "modified" | "expires" | "expiry" | "expiration" | "started"
        | "finished" | "completed" | "deleted" | "published" | "start" | "end" | "changed"
        | "ended" | "starts" | "ends" | "eta"
            if words.all() == last =>
        {
            Form::Instant
        }
        _ => return None,
    };
    if last == "time" && words.has(&TIMINGS) {
        return None;
    }
    // `2-date`: the day of something; `day` alone is a number of the month or a word.
    if last == "day" && !words.has(&["start", "end", "due", "birth"]) {
        return None;
    }
    if words.all() == "on" || words.all() == "at" || words.all() == "since until" {
        return None;
    }
    let step = match self::step(words) {
        // `lastUpdated`, `validFrom`: the word at the end counts, save that `valid to` ends.
        Some(Step::Begin | Step::End) if words.has(&["due"]) => Some(Step::Due),
        Some(Step::Seen) if words.has(&["next"]) => Some(Step::Next),
        // What was the first time lies before what was the last.
        Some(Step::Seen) if words.has(&["first"]) => Some(Step::Started),
        Some(Step::Created) if words.has(&["last"]) => Some(Step::Seen),
        step => step,
    };
    Some((step.unwrap_or(Step::Created), form))
}

/// Whether a name is of when somebody was born.
pub(super) fn is_of_birth(words: &Words) -> bool {
    words.has(&[
        "birth",
        "birthday",
        "birthdate",
        "dob",
        "born",
        "geburtsdatum",
        "geburtstag",
        "geburts",
        "naissance",
        "nacimiento",
        "nascita",
        "nascimento",
        "geboortedatum",
        "geboorte",
    ])
}

/// The step that some word of a name tells of.
pub(super) fn step(words: &Words) -> Option<Step> {
    let both = [
        "check in",
        "checked in",
        "check out",
        "checked out",
        "drop off",
    ];
    let both = both.iter().find(|both| words.all().contains(*both));
    match both {
        // The next payment is yet to come, whatever it is that comes.
        None if words.has(&["next"]) => Some(Step::Next),
        None if is_before_beginning(words) => Some(Step::Seen),
        Some(&"check in" | &"checked in") => Some(Step::Begin),
        Some(_) => Some(Step::End),
        None => words.iter().rev().find_map(step_of),
    }
}

/// Whether a name is of until when something may be done that has to be before what it is for
/// begins: `freeCancellationUntil`, `registration_deadline`.
pub(super) fn is_before_beginning(words: &Words) -> bool {
    let done = [
        "cancellation",
        "cancel",
        "cancellable",
        "cancelable",
        "refundable",
        "registration",
        "rsvp",
        "enrollment",
        "changeable",
    ];
    let is_last = matches!(
        words.last(),
        "until" | "till" | "deadline" | "before" | "by"
    );
    is_last && words.has(&done)
}

/// The moment that a participle alone tells of where it is a text; as a number it may as well tell
/// how many there are.
pub(super) fn told_in_text(words: &Words) -> Option<(Step, Form)> {
    let form = match words.all() {
        "joined" | "registered" | "hired" | "opened" | "closed" | "cancelled" | "canceled"
        | "submitted" | "received" | "shipped" | "delivered" | "paid" | "posted" | "added"
        | "edited" | "archived" | "expired" | "issued" | "departs" | "arrives" | "checkin"
        | "checkout" | "departure" | "arrival" | "uploaded" | "confirmed" | "reviewed"
        | "signed" | "sent" | "ordered" | "placed" | "requested" | "signup" | "renews"
        | "erstellt" | "geandert" | "angelegt" => Form::Instant,
        "due" | "fallig" | "beginn" | "ende" => Form::Date,
        _ => return None,
    };
    step(words).map(|step| (step, form))
}

/// Times that are no moments but how long something takes.
const TIMINGS: [&str; 19] = [
    "transit",
    "turnaround",
    "idle",
    "response",
    "waiting",
    "wait",
    "elapsed",
    "processing",
    "execution",
    "travel",
    "lead",
    "up",
    "preparation",
    "cooking",
    "cook",
    "prep",
    "total",
    "running",
    "load",
];

fn clock(at: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(at, 0).unwrap_or_default()
}

/// `2024-05-17T09:30:00Z` (RFC 3339 §5.6 `date-time`).
pub(super) fn instant(at: i64) -> String {
    let clock = clock(at);
    format!("{}T{}Z", date(at), {
        let (hour, minute, second) = (clock.hour(), clock.minute(), clock.second());
        format_args!("{hour:02}:{minute:02}:{second:02}").to_string()
    })
}

/// `2024-05-17` (RFC 3339 §5.6 `full-date`).
pub(super) fn date(at: i64) -> String {
    let clock = clock(at);
    format!(
        "{:04}-{:02}-{:02}",
        clock.year(),
        clock.month(),
        clock.day()
    )
}

/// `09:30:00Z` (RFC 3339 §5.6 `full-time`).
pub(super) fn time(at: i64) -> String {
    let clock = clock(at);
    format!(
        "{:02}:{:02}:{:02}Z",
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}

/// `Fri, 17 May 2024 09:30:00 GMT` (RFC 9110 §5.6.7, and RFC 2822 says it so too).
pub(super) fn in_words(at: i64) -> String {
    clock(at).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Other writings of a date, or of a date and time, as [`date`] and [`instant`] write them: the
/// month first where that is usual. None of another text.
pub(super) fn otherwise(text: &str, is_month_first: bool) -> Vec<String> {
    const DAYS: [&str; 10] = [
        "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%m-%d-%Y", "%d %b %Y", "%Y-%m",
        "%m/%y", "%Y",
    ];
    const INSTANTS: [&str; 11] = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%S.000Z",
        "%Y-%m-%dT%H:%M:%S+00:00",
        "%Y-%m-%dT%H:%M:%S+0000",
        "%Y-%m-%dT%H:%MZ",
        "%Y%m%dT%H%M%SZ",
        "%Y%m%d%H%M%S",
        "%Y-%m-%d",
        "%H:%M:%S",
        "%H:%M",
    ];
    let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).map(|at| at.and_utc());
    let day = text.parse::<NaiveDate>().ok().and_then(midnight);
    let instant = || Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc());
    let (at, instants) = match (day, instant()) {
        (Some(day), _) => (day, &INSTANTS[..0]),
        (None, Some(instant)) => (instant, &INSTANTS[..]),
        (None, None) => return Vec::new(),
    };
    let first = is_month_first.then_some("%m/%d/%Y");
    let forms = instants.iter().copied().chain(first).chain(DAYS);
    forms.map(|form| at.format(form).to_string()).collect()
}

/// The year, the month and the day of the month.
pub(super) fn calendar(at: i64) -> (i64, i64, i64) {
    let clock = clock(at);
    (
        i64::from(clock.year()),
        i64::from(clock.month()),
        i64::from(clock.day()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_of_moments() {
        for (name, told_of) in [
            ("createdAt", Some((Step::Created, Form::Instant))),
            ("CREATED_ON", Some((Step::Created, Form::Instant))),
            ("date-created", Some((Step::Created, Form::Date))),
            ("creationTimestamp", Some((Step::Created, Form::Instant))),
            ("updated", Some((Step::Updated, Form::Instant))),
            ("lastUpdated", Some((Step::Updated, Form::Instant))),
            ("last_login_at", Some((Step::Seen, Form::Instant))),
            ("lastLogin", Some((Step::Seen, Form::Instant))),
            ("startsAt", Some((Step::Begin, Form::Instant))),
            ("start_date", Some((Step::Begin, Form::Date))),
            ("validUntil", Some((Step::End, Form::Instant))),
            ("expires_at", Some((Step::Expiry, Form::Instant))),
            ("due_date", Some((Step::Due, Form::Date))),
            ("openingTime", Some((Step::Begin, Form::Instant))),
            ("closing_time", Some((Step::End, Form::Instant))),
            ("dateOfIssue", Some((Step::Created, Form::Date))),
            ("updated_at_ms", Some((Step::Updated, Form::Instant))),
            ("date", Some((Step::Created, Form::Date))),
            ("first_seen", Some((Step::Started, Form::Instant))),
            ("last_order", Some((Step::Seen, Form::Instant))),
            ("lastOrderDate", Some((Step::Seen, Form::Date))),
            ("memberSince", Some((Step::Created, Form::Instant))),
            ("valid_from", Some((Step::Begin, Form::Instant))),
            ("trialEnds", Some((Step::End, Form::Instant))),
            ("checkInDate", Some((Step::Begin, Form::Date))),
            ("check_out", Some((Step::End, Form::Instant))),
            ("Lieferdatum", Some((Step::Delivered, Form::Date))),
            ("Änderungsdatum", Some((Step::Updated, Form::Date))),
            ("erstelltAm", Some((Step::Created, Form::Instant))),
            ("gültigBis", Some((Step::End, Form::Instant))),
            ("dateDeLivraison", Some((Step::Delivered, Form::Date))),
            ("fecha_vencimiento", Some((Step::Expiry, Form::Date))),
            ("dataCriacao", Some((Step::Created, Form::Date))),
            ("dataType", None),
            ("unpublishedAt", Some((Step::Gone, Form::Instant))),
            ("reopened_at", Some((Step::Updated, Form::Instant))),
            ("checkedInAt", Some((Step::Begin, Form::Instant))),
            ("firstName", None),
            ("responseTime", None),
            ("duration_ms", None),
            ("createdBy", None),
            ("startIndex", None),
            ("updatedFields", None),
        ] {
            assert_eq!(told(&Words::of(name)), told_of, "{name}");
        }
    }

    #[test]
    fn steps_come_one_after_another_within_two_years() {
        let mut draw = Draw::of("moments");
        for _ in 0..500 {
            let moments = Moments::draw(&mut draw);
            assert!(moments.0.is_sorted(), "{moments:?}");
            assert!(moments.at(Step::Begin) < moments.at(Step::End));
            assert!(instant(moments.0[0]).as_str() > "2024-01-01");
            let last = instant(moments.0[STEPS - 1]);
            assert!(last.as_str() < "2026-01-01", "{last}");
        }
    }

    #[test]
    fn what_is_within_a_thing_is_of_its_time() {
        let mut draw = Draw::of("moments");
        for _ in 0..500 {
            let (whole, other) = (Moments::draw(&mut draw), Moments::draw(&mut draw));
            let (part, older) = (whole.within(&mut draw), other.before(&whole, &mut draw));
            assert!(part.0.is_sorted(), "{part:?}");
            assert!(part.at(Step::Created) > whole.at(Step::Created));
            assert!(part.at(Step::Created) < part.at(Step::Updated));
            assert!(part.at(Step::Updated) <= whole.at(Step::Updated));
            assert!(older.0.is_sorted(), "{older:?}");
            assert!(older.at(Step::Created) < whole.at(Step::Created));
        }
    }

    #[test]
    fn moments_are_written_as_the_rfcs_have_them() {
        assert_eq!(instant(FIRST + 3661), "2024-01-01T01:01:01Z");
        assert_eq!(date(-DAY), "1969-12-31");
        assert_eq!(in_words(FIRST), "Mon, 01 Jan 2024 00:00:00 GMT");
        assert_eq!(time(FIRST + 3661), "01:01:01Z");
        let others = otherwise("2024-05-17T09:30:00Z", true);
        for other in [
            "2024-05-17 09:30:00",
            "05/17/2024",
            "20240517",
            "17 May 2024",
            "09:30",
        ] {
            assert!(others.iter().any(|text| text == other), "{other}");
        }
        assert_eq!(otherwise("2024-05-17", false)[0], "17/05/2024");
        assert!(otherwise("May", true).is_empty());
    }
}
