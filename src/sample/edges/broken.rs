use super::{Ground, Spot, added, many, spots, stretched, with, without};
use crate::validate::{Place, Violation};
use crate::wire::Pointer;
use serde_json::{Map, Number, Value, json};
use std::collections::HashMap;

/// The longest text, and the longest list, that is made to be too long.
const LONG: usize = 70_000;
const MANY: usize = 2_000;
/// A name that no schema declares.
const EXTRA: &str = "counterpartUndocumented";
/// A text that no list has.
const UNLISTED: &str = "counterpart-unlisted";

/// What a valid value becomes when one constraint at a time is broken, each of them once: at most
/// one for each place and kind of wrong, that which breaks the least. What an object lacks that its schema declares is broken
/// beside what it has. What the server alone sends is left alone.
pub fn broken(ground: Ground<'_>, value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    // How many constraints the value of a kind breaks at a place, and which one it is.
    let mut kinds: HashMap<(Pointer, &'static str), (usize, usize)> = HashMap::new();
    let mut all = vec![(Pointer::root(), value.clone())];
    all.extend(added(ground, value, &|| false));
    for (below, value) in &all {
        for spot in spots(ground, value, below) {
            if spot.facets.is_read_only() || !below.contains(&spot.at) {
                continue;
            }
            for (at, kind, changed) in candidates(&spot, value) {
                let key = (at.clone(), kind);
                let best = kinds.get(&key).copied();
                // A server that misses one constraint is seen by what breaks no other.
                if best.is_some_and(|(count, _)| count == 1) {
                    continue;
                }
                let Some(count) = breaches_at(ground, &at, &changed) else {
                    continue;
                };
                match best {
                    Some((least, index)) if count < least => {
                        found[index] = changed;
                        kinds.insert(key, (count, index));
                    }
                    Some(_) => {}
                    None => {
                        kinds.insert(key, (count, found.len()));
                        found.push(changed);
                    }
                }
            }
        }
    }
    found
}

/// How often a value breaks the schema, where it does so at a place and nowhere else.
fn breaches_at(ground: Ground<'_>, at: &Pointer, value: &Value) -> Option<usize> {
    let schema = ground.schemas.at(ground.order.view, ground.order.schema);
    if ground.schemas.is_valid(schema, value) {
        return None;
    }
    let violations = ground.schemas.check(schema, value, &Place::Body);
    let is_here = |violation: &Violation| violation.in_body().is_some_and(|p| at.contains(p));
    violations.iter().all(is_here).then_some(violations.len())
}

/// What may be wrong at a place or of its members, each with its kind; the first of a kind at a
/// place that is wrong is taken.
fn candidates(spot: &Spot<'_, '_>, whole: &Value) -> Vec<(Pointer, &'static str, Value)> {
    let mut all: Vec<(Pointer, &'static str, Value)> = Vec::new();
    let mut try_at = |kind, value| {
        let changed = with(whole, &spot.at, value);
        all.push((spot.at.clone(), kind, changed));
    };
    try_at("null", Value::Null);
    match spot.value {
        Value::String(text) => of_text(spot, text, &mut try_at),
        Value::Number(number) => of_number(spot, number, &mut try_at),
        Value::Bool(_) => {
            try_at("type", json!("maybe"));
            try_at("other type", json!(7));
        }
        Value::Array(items) => of_list(spot, items, &mut try_at),
        Value::Object(members) => of_object(spot, members, &mut try_at),
        Value::Null => try_at("type", json!("counterpart")),
    }
    for name in spot.value.as_object().into_iter().flat_map(Map::keys) {
        let at = spot.at.child(name);
        let changed = without(whole, &at);
        all.push((at, "required", changed));
    }
    all
}

fn of_text(spot: &Spot<'_, '_>, text: &str, try_at: &mut impl FnMut(&'static str, Value)) {
    let facets = &spot.facets;
    for value in [json!(7), json!(true), json!({}), json!([])] {
        try_at("type", value);
    }
    if !facets.listed().is_empty() || facets.has("const") {
        try_at("enum", json!(UNLISTED));
        try_at("enum", json!(format!("{text}x")));
    }
    for least in facets.counts("minLength") {
        if least > 0 {
            let short: String = text.chars().take(least - 1).collect();
            try_at("minLength", json!(short));
        }
    }
    for most in facets.counts("maxLength") {
        if most < LONG {
            try_at("maxLength", json!(stretched(text, most + 1)));
        }
    }
    if facets.has("pattern") {
        let upper = text.to_uppercase();
        let turned: String = text.chars().rev().collect();
        for wrong in ["!", "", "~ ~", "0", "é", " ", &upper, &turned] {
            try_at("pattern", json!(wrong));
        }
    }
    if let Some(format) = facets.format() {
        // A day that no calendar has, before a text that is none at all.
        let near = match format.as_str() {
            "date" => "2023-02-30",
            "date-time" => "2023-02-30T25:00:00Z",
            "time" => "25:61:00Z",
            "uuid" => "00000000-0000-0000-0000-00000000000",
            "email" | "idn-email" => "nobody@@example.com",
            "ipv4" => "999.1.1.1",
            _ => "",
        };
        if !near.is_empty() {
            try_at("near format", json!(near));
        }
        try_at("format", json!("not a value of this format"));
    }
}

fn of_number(spot: &Spot<'_, '_>, number: &Number, try_at: &mut impl FnMut(&'static str, Value)) {
    let facets = &spot.facets;
    try_at("type", json!("counterpart"));
    try_at("text of digits", Value::String(number.to_string()));
    if let Some(value) = number.as_f64() {
        for half in [0.5, -0.5] {
            try_at("fraction", json!(value.trunc() + half));
        }
    }
    if !facets.listed().is_empty() || facets.has("const") {
        try_at("enum", json!(987_654_321));
    }
    let limits = [
        ("minimum", -1),
        ("exclusiveMinimum", -1),
        ("maximum", 1),
        ("exclusiveMaximum", 1),
    ];
    for (keyword, step) in limits {
        for limit in facets.numbers(keyword) {
            if keyword.starts_with("exclusive") || facets.has(exclusive(keyword)) {
                try_at(keyword, Value::Number(limit.clone()));
            }
            try_at(keyword, moved(&limit, step));
        }
    }
    for unit in facets.numbers("multipleOf") {
        if let (Some(unit), Some(value)) = (unit.as_f64(), number.as_f64()) {
            let off = value + unit / 2.0;
            match off.fract() == 0.0 && off.abs() < 1e15 {
                true => try_at("multipleOf", json!(off as i64)),
                false => try_at("multipleOf", json!(off)),
            }
            if let Some(integer) = number.as_i64().and_then(|number| number.checked_add(1)) {
                try_at("multipleOf", json!(integer));
            }
        }
    }
}

/// What bars the limit itself, where a document says so by a flag.
fn exclusive(keyword: &str) -> &'static str {
    match keyword {
        "minimum" => "exclusiveMinimum",
        _ => "exclusiveMaximum",
    }
}

/// The next number on one side, of the same kind.
pub(super) fn moved(number: &Number, step: i64) -> Value {
    if let Some(moved) = number.as_i64().and_then(|number| number.checked_add(step)) {
        return json!(moved);
    }
    let value = number.as_f64().unwrap_or(0.0);
    // Where a whole step is lost in the number's size, a larger one is taken.
    json!(value + (value.abs() * 1e-9).max(1.0) * step as f64)
}

fn of_list(spot: &Spot<'_, '_>, items: &[Value], try_at: &mut impl FnMut(&'static str, Value)) {
    let facets = &spot.facets;
    try_at("type", json!("counterpart"));
    try_at("type", json!({}));
    for least in facets.counts("minItems") {
        if least > 0 {
            let few = items.iter().take(least - 1).cloned();
            try_at("minItems", few.collect());
        }
    }
    for most in facets.counts("maxItems") {
        if most < MANY && !items.is_empty() {
            try_at("maxItems", many(items, most + 1));
            let same = items.iter().cycle().take(most + 1).cloned();
            try_at("maxItems", same.collect());
        }
    }
    if facets.has("uniqueItems")
        && let Some(first) = items.first()
    {
        try_at("uniqueItems", json!([first, first]));
    }
}

fn of_object(
    spot: &Spot<'_, '_>,
    members: &Map<String, Value>,
    try_at: &mut impl FnMut(&'static str, Value),
) {
    try_at("type", json!("counterpart"));
    try_at("type", json!([]));
    if spot.facets.has("minProperties") {
        try_at("minProperties", json!({}));
    }
    if !members.contains_key(EXTRA) {
        let mut more = members.clone();
        more.insert(EXTRA.to_owned(), json!("counterpart"));
        try_at("additionalProperties", Value::Object(more));
    }
}
