//! What names mean: the value that a property called `email`, `unitPrice` or `createdAt` would
//! have.
//!
//! Takes the names from the root to a property, and the [`Persona`] that its object is about;
//! gives a value that reads like the name says, or nothing where the name says nothing. A value is
//! a wish: bounds and patterns of a schema may ask for another.
//!
//! A name is split into words; the longest run of its last words that some table has decides.

mod ask;
mod balances;
mod bounds;
mod called;
mod cards;
mod counted;
mod dues;
mod figures;
mod flags;
mod identity;
mod kindred;
mod lands;
mod language;
mod locale;
mod measures;
mod moments;
mod money;
mod moving;
mod numbers;
mod pairs;
mod parts;
mod people;
mod percents;
mod persona;
mod places;
mod prose;
mod rivals;
mod roles;
mod rows;
mod spacing;
mod spans;
mod spots;
mod stages;
mod states;
mod subject;
mod tallies;
mod told;
mod web;
mod words;

pub use ask::Kind;
pub use counted::counted;
pub use dues::{says_percent_off, taken_off};
pub use figures::{adds_rows, figure_of_lists, of_rows};
pub use flags::{
    Outcome, by_status, count_of_doers, event_of, is_task_done, is_witness, is_yet_so, outcome,
    witness,
};
pub use kindred::{aged, consequence, is_of_birth};
pub use locale::Locale;
pub use moving::{lasting, moved};
pub use pairs::consonant;
pub use percents::is_progress;
pub use persona::Persona;
pub use rivals::rival_of;
pub use roles::{Role, role};
pub use rows::{end_of_rows, ends_of, in_order, in_turn, of_whole, within};
pub use spacing::{
    Course, Span, begins, deadlines, ends, is_beginning, is_deadline, is_end_of_all, is_ending,
    is_last_change, is_time, rank, says_thousandths, shifted, span, tells_no_step,
};
pub use spots::told_in_list;
pub use stages::{has_happened, is_ahead, is_yet_to_be};
pub use told::told_beside;
pub use words::singular;

use super::draw::Draw;
use ask::{Ask, Sense, Senses};
use moments::{Form, Step};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;
use words::Words;

type Lexicon = HashMap<Cow<'static, str>, Sense>;

/// Where two tables have the same words, the first counts.
const TEXTS: [Senses; 8] = [
    people::PEOPLE,
    places::PLACES,
    identity::IDENTITIES,
    web::WEB,
    states::STATES,
    prose::PROSE,
    numbers::MEASURES,
    money::SUMS,
];
const NUMBERS: [Senses; 8] = [
    money::SUMS,
    numbers::NUMBERS,
    spans::SPANS,
    places::PLACES,
    identity::IDENTITIES,
    people::PEOPLE,
    web::WEB,
    states::STATES,
];

static OF_TEXTS: LazyLock<Lexicon> = LazyLock::new(|| lexicon(&TEXTS));
static OF_NUMBERS: LazyLock<Lexicon> = LazyLock::new(|| lexicon(&NUMBERS));

fn lexicon(tables: &[Senses]) -> Lexicon {
    let mut lexicon = Lexicon::new();
    let senses = || tables.iter().copied().flatten();
    let phrases = || senses().flat_map(|(all, sense)| all.split(", ").map(move |one| (one, sense)));
    for (phrase, sense) in phrases() {
        lexicon.entry(phrase.into()).or_insert(*sense);
    }
    // `postalcode` is as `postal code` where it means nothing else.
    for (phrase, sense) in phrases().filter(|(phrase, _)| phrase.contains(' ')) {
        let joined = phrase.replace(' ', "");
        lexicon.entry(joined.into()).or_insert(*sense);
    }
    lexicon
}

/// Whether a property's name asks for a text that is one word, as keys and codes are.
pub fn is_of_token(name: &str) -> bool {
    let tokens = [
        "id",
        "key",
        "uuid",
        "guid",
        "uid",
        "code",
        "slug",
        "token",
        "sku",
        "hash",
        "ref",
        "reference",
        "handle",
        "username",
        "login",
        "secret",
        "etag",
        "cursor",
        "checksum",
    ];
    tokens.contains(&Words::of(name).last())
}

/// What a property is that tells one thing from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// A key or a number.
    Key,
    /// What somebody or something is called, and is known by.
    Name,
}

/// Whether a property tells one thing from another by its name, and how.
pub fn tells_apart(name: &str) -> Option<Apart> {
    let words = Words::of(name);
    let keys = [
        "id",
        "uuid",
        "guid",
        "uid",
        "key",
        "sku",
        "slug",
        "reference",
        "ref",
        "number",
        "serial",
        "no",
        "nr",
        "barcode",
        "isbn",
    ];
    let names = [
        "name",
        "nom",
        "nombre",
        "nome",
        "naam",
        "username",
        "login",
        "nickname",
        "handle",
        "phone",
        "mobile",
        "telephone",
        "telefon",
    ];
    let roles = [Role::FirstName, Role::LastName, Role::FullName, Role::Email];
    match words.last() {
        _ if role(name).is_some_and(|role| roles.contains(&role)) => Some(Apart::Name),
        last if names.contains(&last) => Some(Apart::Name),
        last if keys.contains(&last) => Some(Apart::Key),
        _ => None,
    }
}

/// Whether a name is that of something with a sum of money: an order, a cart; of several where it
/// is one of a list.
pub fn is_sale(name: &str, is_row: bool) -> bool {
    let words = Words::of(name);
    let one = words::singular(words.last());
    (is_row || one == words.last()) && money::is_sale(&one)
}

/// Whether a name is of what goes on top of a sum or off it: `taxes`, `shipping`, a `coupon`.
pub fn changes_sum(name: &str) -> bool {
    money::changes_sum(&Words::of(name))
}

/// Whether a name is that of a list of what is sold.
pub fn is_of_lines(name: &str) -> bool {
    let lines = [
        "items",
        "lines",
        "products",
        "articles",
        "positions",
        "positionen",
        "artikel",
        "lignes",
        "articulos",
        "lineas",
        "righe",
        "itens",
        "regels",
    ];
    lines.contains(&Words::of(name).last())
}

/// Whether a name is of what only the page of a list has beside its items.
pub fn is_of_page(name: &str) -> bool {
    let words = Words::of(name);
    let alone = [
        "limit",
        "has more",
        "has next",
        "next",
        "previous",
        "prev",
        "skip",
        "take",
        "start at",
        "next token",
        "continuation token",
        "start index",
        "results",
        "size",
    ];
    words.has(&["page", "pages", "cursor", "offset", "pagination", "paging"])
        || alone.contains(&words.all())
}

/// What a number is called that tells how many there are in a list of a name, in words.
pub fn counts_of(list: &str) -> impl Iterator<Item = String> + use<> {
    let words = Words::of(list);
    let all = words.all();
    let one = words::singular(all);
    [
        format!("{one} count"),
        format!("{all} count"),
        format!("number of {all}"),
        format!("num {all}"),
        format!("total {all}"),
        format!("nombre {all}"),
        format!("nombre de {all}"),
        format!("nombre d {all}"),
        format!("anzahl {all}"),
        format!("numero {all}"),
        format!("numero de {all}"),
        format!("numero di {all}"),
        format!("aantal {all}"),
    ]
    .into_iter()
}

/// Whether an object of a name tells of the rows of the list beside it.
pub fn is_summary(name: &str) -> bool {
    let summaries = [
        "summary",
        "stats",
        "statistics",
        "statistic",
        "aggregate",
        "aggregates",
        "aggregation",
        "aggregations",
        "totals",
        "overview",
        "figures",
        "meta",
        "metadata",
        "pagination",
        "paging",
        "zusammenfassung",
        "statistik",
        "statistiques",
        "resumen",
    ];
    summaries.contains(&Words::of(name).last())
}

/// Whether the words of a name are these.
pub fn is_called(name: &str, words: &str) -> bool {
    Words::of(name).all() == words
}

/// What of something a number tells how much it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All of it.
    Whole,
    /// What is used, or paid.
    Gone,
    /// What isn't yet.
    Left,
}

/// What of something a name tells.
pub fn share(name: &str) -> Option<Share> {
    let words = Words::of(name);
    let units = ["hours", "minutes", "seconds", "days", "gb", "mb", "kg"];
    let unit = units.iter().find(|unit| words.last() == **unit);
    let bare = unit.and_then(|unit| words.all().strip_suffix(unit));
    Some(match bare.map_or(words.all(), str::trim_end) {
        "capacity" | "limit" | "quota" | "total" | "size" | "total space" | "total bytes"
        | "allowance" | "amount due" | "total amount" | "max" | "storage limit" | "total seats"
        | "on hand" | "quantity on hand" | "stock on hand" | "estimate" | "estimated"
        | "original estimate" | "time estimate" => Share::Whole,
        "used" | "consumed" | "processed" | "spent" | "used space" | "used bytes" | "paid"
        | "amount paid" | "paid amount" | "total paid" | "occupied" | "used seats" | "reserved"
        | "allocated" | "quantity reserved" | "time spent" | "logged" => Share::Gone,
        "free"
        | "remaining"
        | "available"
        | "left"
        | "pending"
        | "amount remaining"
        | "remaining amount"
        | "outstanding"
        | "unpaid"
        | "balance due"
        | "free space"
        | "free bytes"
        | "available seats"
        | "pending amount"
        | "balance"
        | "quantity available"
        | "available quantity"
        | "available to promise"
        | "remaining estimate"
        | "time remaining" => Share::Left,
        _ => return None,
    })
}

/// What the key of a thing is called elsewhere: `pipeline id` of a `pipeline`, or of one of several
/// `build_pipelines`.
pub fn key_of(called: &str) -> Vec<String> {
    let words = Words::of(called);
    if words.all().is_empty() || subject::says_nothing(words.all()) {
        return Vec::new();
    }
    let whole = singular(words.all());
    let last = singular(words.last());
    let mut keys = vec![format!("{whole} id"), format!("{last} id")];
    keys.dedup();
    keys
}

/// Whether a sum is in the smallest unit of its currency, by its name.
pub fn is_in_cents(name: &str) -> bool {
    Words::of(name).has(&["cents", "cent", "pence", "minor"])
}

/// What a price is for one of: a `price per night`, a `nightlyRate`.
pub fn priced_unit(price: &str) -> Option<&'static str> {
    let words = Words::of(price);
    let is_price = words.has(&["price", "rate", "cost", "fee", "fare", "amount"]);
    let units = [
        ("night", "nightly"),
        ("day", "daily"),
        ("hour", "hourly"),
        ("week", "weekly"),
        ("month", "monthly"),
        ("person", "person"),
        ("guest", "guest"),
        ("seat", "seat"),
        ("ticket", "ticket"),
        ("unit", "unit"),
        ("item", "item"),
    ];
    let is_per = |one: &str| words.all().contains(&format!("per {one}"));
    let mut units = units.into_iter().filter(|_| is_price);
    let found = units.find(|(one, each)| is_per(one) || one != each && words.has(&[each]));
    found.map(|(one, _)| one)
}

/// Whether a number tells how many there are of something: `nights`, `numberOfGuests`.
pub fn is_count_of(name: &str, one: &str) -> bool {
    let words = Words::of(name);
    let of = ["number of ", "num ", "total ", "rental "];
    let all = words.all();
    let bare = of.iter().find_map(|of| all.strip_prefix(of)).unwrap_or(all);
    let bare = bare.strip_suffix(" count").unwrap_or(bare);
    words::singular(bare) == one && (bare != one || bare != all)
}

/// What one of several is called: `rating` of `ratings`.
pub fn one_of(name: &str) -> String {
    words::singular(Words::of(name).all())
}

/// Whether a name is of a part of a hundred.
pub fn is_percent(name: &str) -> bool {
    Words::of(name).has(&["percent", "percentage", "pct"])
}

/// Whether a name says nothing of what it is the name of: `data`, `items`.
pub fn is_vague(name: &str) -> bool {
    subject::says_nothing(&words::singular(Words::of(name).all()))
}

/// Whether what a name tells of lies behind as soon as it has a moment: `readAt`, and not a
/// `startDate`.
pub fn lies_behind(name: &str) -> bool {
    let words = Words::of(name);
    let is_planned = words.has(&["scheduled", "planned", "expected", "estimated", "due"]);
    rank(name).is_some_and(|rank| rank <= Step::Gone as usize) && !is_planned
}

/// Whether a path that goes from what one of `all` is called to a list of this name lists more of
/// the same, which have names of their own: the `followers` of one of the `users`.
pub fn lists_alike(all: &str, list: &str) -> bool {
    let (all, list) = (Words::of(all), Words::of(list));
    let of = |words: &Words| subject::of(&words::singular(words.all()));
    OTHERS.contains(&list.all())
        || of(&all) == subject::Subject::Person && of(&list) == subject::Subject::Person
}

/// What holds others of the same, whose keys are their own.
pub const OTHERS: [&str; 17] = [
    "parent",
    "parents",
    "children",
    "friends",
    "followers",
    "following",
    "followees",
    "related",
    "similar",
    "siblings",
    "previous",
    "next",
    "replies",
    "links",
    "references",
    "duplicates",
    "ancestors",
];

/// The value that a property's name asks for; nothing where it says nothing. `path` has the names
/// from the root to the property, arrays without a step of their own: `["order", "items",
/// "price"]`. `format` is the schema's, which goes before what the name says.
pub fn wish(
    path: &[&str],
    kind: Kind,
    format: Option<&str>,
    persona: &Persona,
    draw: &mut Draw,
) -> Option<Value> {
    let (name, around) = match path.split_last() {
        Some((name, around)) => (*name, around),
        // A moment needs no name.
        None if kind != Kind::Text && format.is_some_and(is_epoch) => ("", path),
        None => return None,
    };
    let words = Words::of(name);
    let ask = Ask {
        words: &words,
        around,
        kind,
        format,
        persona,
    };
    match kind {
        Kind::Boolean => states::flag(&ask, draw),
        Kind::Integer | Kind::Number => numbered(&ask, draw),
        Kind::Text => match format {
            Some(format) => formatted(&ask, format, draw),
            None => named(&ask, draw),
        },
    }
}

/// What a name asks for that tells whether a person is a woman or a man, in all spellings; none for
/// other names.
pub fn spellings_of_person(name: &str, persona: &Persona) -> Vec<String> {
    let words = Words::of(name);
    let asks = |phrases: &str| phrases.split(", ").any(|phrase| phrase == words.all());
    let spellings: &[&str] = match () {
        () if asks(people::GENDER) && persona.female => &[
            "female", "f", "woman", "w", "weiblich", "femme", "mujer", "frau",
        ],
        () if asks(people::GENDER) => &[
            "male",
            "m",
            "man",
            "maennlich",
            "männlich",
            "homme",
            "hombre",
            "herr",
        ],
        () if (asks(people::SALUTATION) || words.all() == "title") && persona.female => &[
            "ms", "mrs", "miss", "frau", "mme", "madame", "sra", "mevrouw", "signora",
        ],
        () if asks(people::SALUTATION) || words.all() == "title" => &[
            "mr", "herr", "m", "monsieur", "sr", "dhr", "de heer", "signor",
        ],
        () => &[],
    };
    spellings.iter().map(|text| (*text).to_owned()).collect()
}

/// Other spellings of a fact of a persona: a country by its name and its other codes, a moment in
/// other writings.
pub fn otherwise(wish: &str, persona: &Persona) -> Vec<String> {
    let (land, place) = (persona.land, persona.place);
    let gender = match persona.female {
        true => ["female", "F", "f", "woman"],
        false => ["male", "M", "m", "man"],
    };
    let facts: [&[&str]; 4] = [
        &[land.code, land.code3, land.numeric, land.name, land.english],
        &[place.region_code, place.region],
        &[land.language, land.language_name],
        &gender,
    ];
    let known = facts.into_iter().find(|fact| fact.contains(&wish));
    let mut others: Vec<String> = known
        .into_iter()
        .flatten()
        .map(|text| (*text).to_owned())
        .collect();
    others.extend(moments::otherwise(wish, land.code == "US"));
    let digits = wish
        .strip_prefix('+')
        .filter(|digits| digits.parse::<u64>().is_ok());
    if let Some(national) = digits.and_then(|digits| digits.strip_prefix(land.dial)) {
        others.extend([&wish[1..], national].map(str::to_owned));
    }
    let cased = others
        .iter()
        .flat_map(|text| [text.to_lowercase(), text.to_uppercase()]);
    let cased: Vec<String> = cased.collect();
    others.extend(cased);
    others
}

/// Whether numbers of a format are seconds since 1970.
fn is_epoch(format: &str) -> bool {
    matches!(format, "unix-time" | "unixtime" | "timestamp" | "epoch")
}

/// What the name of a number means.
fn numbered(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    if ask.format.is_some_and(is_epoch) {
        let step = moments::step(ask.words).unwrap_or(Step::Created);
        return ask.integer(ask.persona.moments.at(step));
    }
    // `dob.year`.
    let is_born = || {
        ask.around
            .last()
            .is_some_and(|name| moments::is_of_birth(&Words::of(name)))
    };
    if matches!(ask.words.all(), "year" | "month" | "day") && is_born() {
        let born = moments::date(ask.persona.birthday() * 86_400);
        let mut parts = born.split('-').filter_map(|part| part.parse::<i64>().ok());
        let part = match ask.words.all() {
            "year" => 0,
            "month" => 1,
            _ => 2,
        };
        return ask.integer(parts.nth(part)?);
    }
    // `trial_start`: what has a beginning and an end has them as moments.
    let words = ask.words;
    let is_end = matches!(words.last(), "start" | "end") && words.all() != words.last();
    if let Some(moment) = moment(ask).filter(|_| is_end) {
        return Some(moment);
    }
    let found = looked_up(&OF_NUMBERS, ask, words.all(), draw);
    found
        .or_else(|| moment(ask))
        .or_else(|| numbers::count(ask, draw))
}

/// What a name without a format means.
fn named(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    let all = ask.words.all();
    if let Some(time) = hours(ask) {
        return ask.text(time);
    }
    if let Some(exact) = OF_TEXTS.get(all).and_then(|sense| sense(ask, draw)) {
        return Some(exact);
    }
    if identity::begins_with_id(ask) {
        return identity::id(ask, draw);
    }
    let found = moment(ask).or_else(|| looked_up(&OF_TEXTS, ask, all, draw));
    // Each of a `tagList` is a tag.
    let found = found.or_else(|| looked_up(&OF_TEXTS, ask, all.strip_suffix(" list")?, draw));
    found.or_else(|| {
        let last = ask.words.last();
        let singular = words::singular(last);
        let stem = all.strip_suffix(last)?;
        match singular == last {
            true => None,
            false => looked_up(&OF_TEXTS, ask, &format!("{stem}{singular}"), draw),
        }
    })
}

/// The sense of the longest tail that is known, a number at the end (`email2`) aside.
fn looked_up(lexicon: &Lexicon, ask: &Ask<'_>, words: &str, draw: &mut Draw) -> Option<Value> {
    let mut find = |words: &str| {
        words::tails(words).find_map(|tail| {
            let sense = lexicon.get(tail)?;
            sense(ask, draw)
        })
    };
    let number = |c: char| c.is_ascii_digit();
    find(words).or_else(|| match words.strip_suffix(number) {
        Some(stem) => find(stem.trim_end_matches(number).trim_end()),
        None => None,
    })
}

/// Whether what is paid for by the month, or tried out, ends.
fn is_end_of_term(ask: &Ask<'_>, step: Step) -> bool {
    let terms = [
        "period",
        "trial",
        "billing",
        "cycle",
        "term",
        "subscription",
    ];
    step == Step::End && ask.words.has(&terms)
}

/// When a step is: that of a term a month after it begins.
fn at(ask: &Ask<'_>, step: Step) -> i64 {
    match is_end_of_term(ask, step) {
        true => ask.persona.moments.at(Step::Begin) + 30 * 86_400,
        false => ask.persona.moments.told_at(ask.words, step),
    }
}

fn moment(ask: &Ask<'_>) -> Option<Value> {
    let in_text = || match ask.is_text() {
        true => moments::told_in_text(ask.words),
        false => None,
    };
    let told = moments::told(ask.words).or_else(in_text);
    let (step, form) = told.or_else(|| bound(ask))?;
    let at = at(ask, step);
    if !ask.is_text() {
        let milliseconds = ask.words.has(&["ms", "millis", "milliseconds"]);
        let milliseconds = milliseconds && ask.format != Some("int32");
        return ask.integer(if milliseconds { at * 1_000 } else { at });
    }
    ask.text(match form {
        Form::Instant => moments::instant(at),
        Form::Date => moments::date(ask.persona.moments.day(step)),
    })
}

/// The time of a day at which something opens or closes, where what has it tells of a weekday or of
/// hours: `monday.open`.
fn hours(ask: &Ask<'_>) -> Option<&'static str> {
    let of = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "weekday",
        "weekdays",
        "weekend",
        "hours",
        "opening",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    ];
    let is_of_hours = || {
        ask.around
            .last()
            .is_some_and(|name| Words::of(name).has(&of))
    };
    match ask.words.all() {
        "open" | "opens" | "from" | "start" | "begin" | "opens at" | "open at" | "start time"
            if is_of_hours() =>
        {
            Some("09:00")
        }
        "close" | "closes" | "to" | "end" | "until" | "closes at" | "close at" | "end time"
            if is_of_hours() =>
        {
            Some("17:30")
        }
        _ => None,
    }
}

/// `from` and `to` are moments where what has them is a span of time.
fn bound(ask: &Ask<'_>) -> Option<(Step, Form)> {
    let spans = [
        "period", "dates", "date", "validity", "window", "interval", "schedule", "range",
    ];
    let is_bound = matches!(
        ask.words.all(),
        "from" | "to" | "begin" | "until" | "start" | "end"
    );
    match ask.is_text() && is_bound && ask.is_near(&spans) {
        true => moments::step(ask.words).map(|step| (step, Form::Instant)),
        false => None,
    }
}

/// What a name means in a format; where the name has nothing to say, what the persona would have.
fn formatted(ask: &Ask<'_>, format: &str, draw: &mut Draw) -> Option<Value> {
    let persona = ask.persona;
    let step = || {
        let told = moments::told(ask.words).map(|(step, _)| step);
        let step = told.or_else(|| moments::step(ask.words));
        step.unwrap_or(Step::Created)
    };
    let is_birth = moments::is_of_birth(ask.words);
    let birth = is_birth.then(|| persona.birthday() * 86_400);
    let said = || birth.unwrap_or_else(|| at(ask, step()));
    match format {
        "date-time" | "dateTime" | "datetime" | "date_time" | "iso-datetime"
        | "google-datetime" => ask.text(moments::instant(said())),
        "date-time-rfc1123" | "date-time-rfc-2822" | "http-date" => {
            ask.text(moments::in_words(said()))
        }
        "date" => {
            let day = birth.unwrap_or_else(|| match is_end_of_term(ask, step()) {
                true => at(ask, step()),
                false => persona.moments.day(step()),
            });
            ask.text(moments::date(day))
        }
        "time" => match hours(ask) {
            Some(time) => ask.text(format!("{time}:00Z")),
            None => ask.text(moments::time(said())),
        },
        "email" | "idn-email" => ask.text(persona.email()),
        format if let Some(version) = identity::uuid_version(format) => {
            ask.text(identity::uuid_of(version, draw))
        }
        "hostname" | "idn-hostname" => ask.text(persona.domain()),
        "ipv4" => ask.text(web::ip(ask, 1 + draw.below(254))),
        "uri" | "url" | "URL" | "iri" | "uri-reference" | "iri-reference" => {
            let is_url = |value: &Value| value.as_str().is_some_and(|text| text.contains("://"));
            named(ask, draw).filter(is_url).or_else(|| web::url(ask))
        }
        "int32" | "int64" | "uint32" | "uint64" | "integer" | "decimal" | "double" | "float"
        | "number" => {
            let whole = !matches!(format, "decimal" | "double" | "float" | "number");
            let kind = if whole { Kind::Integer } else { Kind::Number };
            let number = numbered(&Ask { kind, ..*ask }, draw)?;
            ask.text(number.to_string())
        }
        // What these look like hangs on more than a name.
        "byte"
        | "binary"
        | "base64"
        | "base64url"
        | "json-pointer"
        | "relative-json-pointer"
        | "uri-template"
        | "regex"
        | "google-duration"
        | "google-fieldmask" => None,
        // Others say what names do, or how a text is shown.
        format => named(ask, draw).or_else(|| {
            let words = Words::of(format);
            named(
                &Ask {
                    words: &words,
                    ..*ask
                },
                draw,
            )
        }),
    }
}

#[cfg(test)]
mod tests;
