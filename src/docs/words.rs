//! What a schema demands of a value, in words.

use super::describe::component;
use super::parts::Parts;
use crate::spec::{Document, Node};
use serde_json::Value;

/// How deep schemas within schemas are told.
const DEPTH: usize = 2;
/// How many values are named within another sentence.
const SHORT: usize = 8;

/// How long a value is that is named whole, in characters.
const LONG: usize = 120;

/// What must hold of a value beside its type, each in words that follow the name of what they are
/// about: `at least 1 character`.
///
/// Of an enumeration so many values are named; the others are counted.
pub(super) fn constraints(document: &Document, parts: &Parts<'_>, named: usize) -> Vec<String> {
    told(document, parts, named, DEPTH)
}

/// The same, with what schemas within say so deep.
pub(super) fn told(
    document: &Document,
    parts: &Parts<'_>,
    named: usize,
    depth: usize,
) -> Vec<String> {
    let mut all = Vec::new();
    for part in parts.all.iter().filter(|part| has_limits(**part)) {
        of_values(*part, named, &mut all);
        of_numbers(*part, &mut all);
        let (least, most) = (part.get("minLength"), part.get("maxLength"));
        all.extend(count(least, most, "character", "characters"));
        if let Some(pattern) = part.get("pattern").and_then(Node::text) {
            all.push(format!("matches `{}`", shortened(&pattern)));
        }
        all.extend(
            part.get("format")
                .and_then(Node::text)
                .map(|name| of_format(&name)),
        );
        all.extend(of_media(*part));
        let (least, most) = (part.get("minItems"), part.get("maxItems"));
        all.extend(count(least, most, "item", "items"));
        if part.get("uniqueItems").and_then(Node::as_bool) == Some(true) {
            all.push("no item twice".to_owned());
        }
        let (least, most) = (part.get("minProperties"), part.get("maxProperties"));
        all.extend(count(least, most, "property", "properties"));
        if depth > 0 {
            of_others(document, *part, depth - 1, &mut all);
        }
    }
    let mut seen = Vec::new();
    all.retain(|words| {
        let is_new = !seen.contains(words);
        seen.push(words.clone());
        is_new
    });
    all
}

/// Whether a schema says anything beside what it is of: few do, and each keyword takes a look.
fn has_limits(part: Node<'_>) -> bool {
    part.entries().any(|(keyword, _)| {
        !matches!(
            &*keyword,
            "type"
                | "description"
                | "title"
                | "properties"
                | "required"
                | "items"
                | "example"
                | "examples"
                | "default"
                | "nullable"
                | "readOnly"
                | "writeOnly"
                | "deprecated"
                | "xml"
        )
    })
}

/// What is said by another schema: of items, of names, of what a text holds, of what is refused.
fn of_others(document: &Document, part: Node<'_>, depth: usize, all: &mut Vec<String>) {
    let phrase = |schema: Node<'_>| phrase(document, schema, depth);
    let is_false = |name: &str| part.get(name).and_then(Node::as_bool) == Some(false);
    if let Some(item) = part.get("contains") {
        let least = part.get("minContains").and_then(Node::written);
        let most = part.get("maxContains").and_then(Node::written);
        let least = least.as_deref().unwrap_or("1");
        let many = match (least, most.as_deref()) {
            (least, Some(most)) if least == most => format!("exactly {least}"),
            (least, Some(most)) => format!("{least} to {most}"),
            (least, None) => format!("at least {least}"),
        };
        if (least, most.is_none()) != ("0", true) {
            all.push(format!("{many} of the items: {}", phrase(item)));
        }
    }
    let is_tuple =
        part.get("prefixItems").is_some() || part.get("items").is_some_and(Node::is_array);
    let ends = ["items", "additionalItems", "unevaluatedItems"];
    if is_tuple && ends.into_iter().any(is_false) {
        all.push("no further items".to_owned());
    }
    if let Some(names) = part.get("propertyNames") {
        all.push(format!("each name: {}", phrase(names)));
    }
    if is_false("additionalProperties") || is_false("unevaluatedProperties") {
        all.push("no other properties".to_owned());
    }
    if let Some(content) = part.get("contentSchema") {
        all.push(format!("what it holds: {}", phrase(content)));
    }
    // What objects are refused is told in sentences.
    let refused = part.get("not").filter(|of| {
        let parts = Parts::of(document, *of);
        parts.says("properties").is_none() && parts.says("required").is_none()
    });
    all.extend(refused.map(|refused| format!("not: {}", phrase(refused))));
}

/// A schema in a few words: its name, or its type and what must hold beside that.
fn phrase(document: &Document, schema: Node<'_>, depth: usize) -> String {
    match schema.as_bool() {
        Some(true) => return "any value".to_owned(),
        Some(false) => return "nothing".to_owned(),
        None => {}
    }
    if let Some(name) = component(document, document.referred(schema.at())) {
        return format!("`{name}`");
    }
    let parts = Parts::of(document, schema);
    let mut words: Vec<String> = Vec::new();
    if let Some(of) = parts.says("type") {
        let several = of.items().filter_map(Node::text);
        let several: Vec<String> = several.map(|of| of.into_owned()).collect();
        words.push(match of.text() {
            Some(one) => one.into_owned(),
            None => several.join(" or "),
        });
    }
    words.extend(told(document, &parts, SHORT, depth));
    if depth > 0 {
        words.extend(super::demands::said(document, schema, depth - 1));
        for choice in &parts.choices {
            let of = choice.of.iter().take(SHORT);
            let of: Vec<String> = of.map(|one| phrase(document, *one, depth - 1)).collect();
            words.push(of.join(" or "));
        }
    }
    match words.is_empty() {
        true => "any value".to_owned(),
        false => words.join(", "),
    }
}

/// Which values there are.
fn of_values(part: Node<'_>, most: usize, all: &mut Vec<String>) {
    if let Some(only) = part.get("const") {
        all.push(format!("always {}", shown(only)));
    }
    let Some(values) = part.get("enum").filter(|values| values.is_array()) else {
        return;
    };
    let of = values.count();
    let named: Vec<String> = values.items().take(most).map(shown).collect();
    let named = named.join(", ");
    all.push(match of {
        1 => format!("always {named}"),
        _ if of > most => format!("one of {named} and {} others", of - most),
        _ => format!("one of {named}"),
    });
}

/// How large a number is.
fn of_numbers(part: Node<'_>, all: &mut Vec<String>) {
    let number = |name: &str| part.get(name).and_then(Node::written);
    // Until OpenAPI 3.0 it is a boolean that tells of the other keyword.
    let is_beyond = |name: &str| part.get(name).and_then(Node::as_bool) == Some(true);
    let (low, high) = (number("minimum"), number("maximum"));
    let (above, below) = (number("exclusiveMinimum"), number("exclusiveMaximum"));
    let (is_above, is_below) = (is_beyond("exclusiveMinimum"), is_beyond("exclusiveMaximum"));
    match (&low, &high) {
        (Some(low), Some(high)) if !is_above && !is_below => all.push(format!("{low} to {high}")),
        _ => {
            let least = if is_above { "more than" } else { "at least" };
            all.extend(low.map(|low| format!("{least} {low}")));
            let most = if is_below { "less than" } else { "at most" };
            all.extend(high.map(|high| format!("{most} {high}")));
        }
    }
    all.extend(above.map(|above| format!("more than {above}")));
    all.extend(below.map(|below| format!("less than {below}")));
    all.extend(number("multipleOf").map(|of| format!("a multiple of {of}")));
}

/// What a value of a format is.
fn of_format(name: &str) -> String {
    let known = match name {
        "date-time" => "an RFC 3339 date and time",
        "date" => "a date (YYYY-MM-DD)",
        "time" => "an RFC 3339 time of day",
        "duration" => "an ISO 8601 duration",
        "email" | "idn-email" => "an email address",
        "hostname" | "idn-hostname" => "a host name",
        "ipv4" => "an IPv4 address",
        "ipv6" => "an IPv6 address",
        "uri" | "url" | "iri" => "a URI",
        "uri-reference" | "iri-reference" => "a URI reference",
        "uri-template" => "a URI template",
        "uuid" => "a UUID",
        "json-pointer" => "a JSON Pointer",
        "regex" => "a regular expression",
        "int32" => "32 bits",
        "int64" => "64 bits",
        "float" => "single precision",
        "double" => "double precision",
        "byte" => "encoded as base64",
        "binary" => "binary data",
        "password" => "a secret",
        _ => return format!("of the format `{}`", shortened(name)),
    };
    known.to_owned()
}

/// What a text is of.
fn of_media(part: Node<'_>) -> Option<String> {
    let text = |name: &str| part.get(name).and_then(Node::text);
    match (text("contentEncoding"), text("contentMediaType")) {
        (Some(coding), Some(media)) => Some(format!("{media}, encoded as {coding}")),
        (Some(coding), None) => Some(format!("encoded as {coding}")),
        (None, Some(media)) => Some(media.into_owned()),
        (None, None) => None,
    }
}

/// How many of something there are.
fn count(least: Option<Node<'_>>, most: Option<Node<'_>>, one: &str, many: &str) -> Option<String> {
    let number = |of: Option<Node<'_>>| of.and_then(Node::written).map(|of| of.into_owned());
    let least = number(least).filter(|least| least != "0");
    let of = |number: &str| if number == "1" { one } else { many };
    match (least, number(most)) {
        (Some(least), Some(most)) if least == most => {
            Some(format!("exactly {least} {}", of(&least)))
        }
        (Some(least), Some(most)) => Some(format!("{least} to {most} {}", of(&most))),
        (Some(least), None) => Some(format!("at least {least} {}", of(&least))),
        (None, Some(most)) if most == "0" => Some(format!("no {many}")),
        (None, Some(most)) => Some(format!("at most {most} {}", of(&most))),
        (None, None) => None,
    }
}

/// A value as code. A text that could be taken for another value stands between quotes.
pub(super) fn shown(value: Node<'_>) -> String {
    let is_plain = |text: &str| {
        let is_other = || serde_json::from_str::<Value>(text).is_ok();
        !text.is_empty() && !text.contains('`') && !is_other()
    };
    let text = match value.text() {
        Some(text) if is_plain(&text) => text.into_owned(),
        _ => value.value().to_string(),
    };
    format!("`{}`", shortened(&text))
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONG) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Words with commas between, and another before the last.
pub(super) fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., end] => format!("{} {last} {end}", all.join(", ")),
    }
}
