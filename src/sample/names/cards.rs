//! What is told of a card for payment: its brand, its number, the last digits of it.

use super::words::Words;
use serde_json::{Map, Value};

/// Brands, each with its names and the number that its network keeps for tests.
const BRANDS: [(&[&str], &str); 7] = [
    (&["visa"], "4242424242424242"),
    (
        &["mastercard", "master card", "mc", "master"],
        "5555555555554444",
    ),
    (
        &["amex", "american express", "american_express"],
        "378282246310005",
    ),
    (&["discover"], "6011111111111117"),
    (&["diners", "diners club"], "3056930009020004"),
    (&["jcb"], "3566002020360505"),
    (&["unionpay", "union pay"], "6200000000000005"),
];

/// What only a card has.
const OF_CARDS: [&str; 20] = [
    "last 4",
    "last four",
    "last 4 digits",
    "last four digits",
    "card last 4",
    "card number",
    "pan",
    "cvc",
    "cvv",
    "card brand",
    "exp month",
    "expiry month",
    "expiration month",
    "exp year",
    "expiry year",
    "cardholder name",
    "cardholder",
    "card holder",
    "funding",
    "card type",
];

/// Whether a name may be of what a card tells.
pub(super) fn tells(words: &Words) -> bool {
    is_brand(words) || is_number(words) || is_end(words)
}

/// Whether a name may be of until when a card may be used.
pub(super) fn is_until(words: &Words) -> bool {
    matches!(
        words.all(),
        "expiry"
            | "expiration"
            | "exp"
            | "expiry date"
            | "expiration date"
            | "exp date"
            | "valid thru"
    )
}

/// Until when a card may be used, by the month and the year that are told beside that: `04/27`.
pub(super) fn until(words: &Words, members: &Map<String, Value>) -> Option<Value> {
    let is_it = is_until(words);
    let number = |names: [&str; 3]| {
        let mut members = members.iter().filter(|_| is_it);
        let found = members.find(|(name, _)| names.contains(&Words::of(name).all()));
        found.and_then(|(_, value)| value.as_u64())
    };
    let month = number(["exp month", "expiry month", "expiration month"])?;
    let year = number(["exp year", "expiry year", "expiration year"])?;
    Some(format!("{month:02}/{:02}", year % 100).into())
}

fn is_brand(words: &Words) -> bool {
    matches!(
        words.all(),
        "brand" | "card brand" | "network" | "card network" | "scheme" | "card scheme"
    )
}

fn is_number(words: &Words) -> bool {
    matches!(words.all(), "number" | "card number" | "pan")
}

fn is_end(words: &Words) -> bool {
    matches!(
        words.all(),
        "last 4" | "last four" | "last 4 digits" | "last four digits" | "card last 4" | "last4"
    )
}

/// What a property of a card is by what is beside it, the likeliest writing first; nothing where it
/// is of no card.
pub(super) fn told(words: &Words, members: &Map<String, Value>) -> Vec<Value> {
    let is_of_card = |name: &String| OF_CARDS.contains(&Words::of(name).all());
    if members.keys().filter(|name| is_of_card(name)).count() < 1 + usize::from(is_end(words)) {
        return Vec::new();
    }
    let mut brands = members.iter().filter_map(|(name, value)| {
        let text = value.as_str().filter(|_| is_brand(&Words::of(name)))?;
        let text = text.to_lowercase();
        let mut known = BRANDS.iter();
        known.find(|(names, _)| names.contains(&text.as_str()))
    });
    let (names, number) = brands.next().unwrap_or(&BRANDS[0]);
    match () {
        () if is_brand(words) => {
            let name = names[0];
            let capital = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            [name.to_owned(), capital, name.to_uppercase()]
                .map(Value::from)
                .to_vec()
        }
        () if is_number(words) => vec![(*number).into()],
        () => vec![number[number.len() - 4..].into()],
    }
}
