//! What names mean: the value that a property called `email`, `unitPrice` or `createdAt` would
//! have.
//!
//! Takes the names from the root to a property, and the [`Persona`] that its object is about;
//! gives a value that reads like the name says, or nothing where the name says nothing. A value is
//! a wish: bounds and patterns of a schema may ask for another.
//!
//! A name is split into words; the longest run of its last words that some table has decides.

mod ask;
mod identity;
mod lands;
mod locale;
mod moments;
mod money;
mod numbers;
mod people;
mod persona;
mod places;
mod prose;
mod states;
mod subject;
mod web;
mod words;

pub use ask::Kind;
pub use locale::Locale;
pub use persona::Persona;

use super::draw::Draw;
use ask::{Ask, Sense, Senses};
use moments::{Form, Step};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::LazyLock;
use words::Words;

type Lexicon = HashMap<&'static str, Sense>;

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
const NUMBERS: [Senses; 7] = [
    money::SUMS,
    numbers::NUMBERS,
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
    for (phrases, sense) in tables.iter().copied().flatten() {
        for phrase in phrases.split(", ") {
            lexicon.entry(phrase).or_insert(*sense);
        }
    }
    lexicon
}

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
    let (name, around) = path.split_last()?;
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
        Kind::Integer | Kind::Number => {
            let found = looked_up(&OF_NUMBERS, &ask, words.all(), draw);
            found
                .or_else(|| moment(&ask))
                .or_else(|| numbers::count(&ask, draw))
        }
        Kind::Text => match format {
            Some(format) => formatted(&ask, format, draw),
            None => named(&ask, draw),
        },
    }
}

/// What a name without a format means.
fn named(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    let all = ask.words.all();
    if let Some(exact) = OF_TEXTS.get(all).and_then(|sense| sense(ask, draw)) {
        return Some(exact);
    }
    let found = moment(ask).or_else(|| looked_up(&OF_TEXTS, ask, all, draw));
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

fn moment(ask: &Ask<'_>) -> Option<Value> {
    let (step, form) = moments::told(ask.words)?;
    let at = ask.persona.moments.at(step);
    if !ask.is_text() {
        let milliseconds = ask.words.has(&["ms", "millis", "milliseconds"]);
        return ask.integer(if milliseconds { at * 1_000 } else { at });
    }
    ask.text(match form {
        Form::Instant => moments::instant(at),
        Form::Date => moments::date(ask.persona.moments.day(step)),
    })
}

/// What a name means in a format; where the name has nothing to say, what the persona would have.
fn formatted(ask: &Ask<'_>, format: &str, draw: &mut Draw) -> Option<Value> {
    let persona = ask.persona;
    let step = || {
        let told = moments::told(ask.words).map(|(step, _)| step);
        let step = told.or_else(|| moments::step(ask.words));
        step.unwrap_or(Step::Created)
    };
    let is_birth = ask.words.has(&["birth", "birthday", "birthdate", "dob"]);
    let birth = is_birth.then(|| persona.birthday() * 86_400);
    let said = || birth.unwrap_or_else(|| persona.moments.at(step()));
    match format {
        "date-time" => ask.text(moments::instant(said())),
        "date" => {
            let day = birth.unwrap_or_else(|| persona.moments.day(step()));
            ask.text(moments::date(day))
        }
        "time" => ask.text(moments::time(said())),
        "email" | "idn-email" => ask.text(persona.email()),
        "uuid" | "guid" => ask.text(identity::uuid(draw)),
        "hostname" | "idn-hostname" => ask.text(persona.domain()),
        "ipv4" | "ip" => ask.text(web::ip(ask, 1 + draw.below(254))),
        "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => {
            let named = named(ask, draw);
            named
                .filter(|value| {
                    value
                        .as_str()
                        .is_some_and(|text| text.starts_with("https://"))
                })
                .or_else(|| web::url(ask))
        }
        // Formats that only tell how a text is shown, or that say what the names do.
        "string" | "password" | "phone" | "currency" | "decimal" | "text" | "html" | "markdown"
        | "name" | "country" | "locale" | "language" | "slug" | "id" | "tel" | "int64"
        | "int32" | "double" | "float" | "unknown" | "" => named(ask, draw),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
