use super::broken::moved;
use super::{Ground, Order, Spot, added, many, sample, spots, stretched, with, without};
use crate::validate::View;
use crate::wire::Pointer;
use serde_json::{Map, Value, json};

/// The longest text, and the longest list, that is made.
const LONG: usize = 70_000;
const MANY: usize = 1_000;
/// How many values of one list are tried.
const LISTED: usize = 40;

/// What a valid value becomes when one place at a time is taken to an edge: each value of a list,
/// each limit, null, members left out one by one and all of them, members that weren't there.
/// What the server alone sends is left alone in requests.
pub fn edges(ground: Ground<'_>, value: &Value) -> Vec<Value> {
    edges_until(ground, value, &|| false)
}

/// The same, as far as they are found until it is over.
pub fn edges_until(ground: Ground<'_>, value: &Value, is_over: &dyn Fn() -> bool) -> Vec<Value> {
    let schema = ground.schemas.at(ground.order.view, ground.order.schema);
    let mut found: Vec<Value> = Vec::new();
    let mut take = |changed: Value| {
        if is_over() {
            return;
        }
        let is_new = changed != *value && !found.contains(&changed);
        if is_new && ground.schemas.is_valid(schema, &changed) {
            found.push(changed);
        }
    };
    around(ground, value, &Pointer::root(), &mut take, is_over);
    for (below, value) in added(ground, value, is_over) {
        take(value.clone());
        around(ground, &value, &below, &mut take, is_over);
    }
    found
}

/// Takes each place of a value, at another one or below it, to its edges.
fn around(
    ground: Ground<'_>,
    value: &Value,
    below: &Pointer,
    take: &mut impl FnMut(Value),
    is_over: &dyn Fn() -> bool,
) {
    for spot in spots(ground, value, below) {
        // What the server alone sends is no edge of a request.
        let is_theirs = ground.order.view == View::Request && spot.facets.is_read_only();
        if !is_over() && !is_theirs && below.contains(&spot.at) {
            at_edges(ground, value, &spot, take, is_over);
        }
    }
}

/// Takes one place of a value to its edges.
fn at_edges(
    ground: Ground<'_>,
    whole: &Value,
    spot: &Spot<'_, '_>,
    take: &mut impl FnMut(Value),
    is_over: &dyn Fn() -> bool,
) {
    let try_at = &mut |new: Value| take(with(whole, &spot.at, new));
    for listed in spot.facets.listed().into_iter().take(LISTED) {
        try_at(listed);
    }
    try_at(Value::Null);
    for other in alternatives(ground, spot) {
        try_at(other);
    }
    match spot.value {
        Value::String(text) => of_text(spot, text, try_at),
        Value::Number(_) => of_number(spot, try_at),
        Value::Bool(flag) => try_at(json!(!flag)),
        Value::Array(items) => of_list(spot, items, try_at),
        Value::Object(_) | Value::Null => {}
    }
    if spot.is_member {
        take(without(whole, &spot.at));
    }
    if let Value::Object(members) = spot.value {
        take(with(
            whole,
            &spot.at,
            least(ground, whole, (&spot.at, members), is_over),
        ));
    }
}

/// A value of each alternative that there is at a place; an object with the members that it has
/// already, and without them.
fn alternatives(ground: Ground<'_>, spot: &Spot<'_, '_>) -> Vec<Value> {
    let mut all = Vec::new();
    for schema in spot.facets.alternatives().into_iter().take(LISTED) {
        let order = Order {
            schema,
            ..ground.order
        };
        let Ok(other) = sample(ground.document, ground.schemas, &order) else {
            continue;
        };
        if let (Value::Object(own), Value::Object(others)) = (spot.value, &other) {
            let mut both = own.clone();
            both.extend(others.clone());
            all.push(Value::Object(both));
        }
        all.push(other);
    }
    all
}

/// An object with no more than it must have.
fn least(
    ground: Ground<'_>,
    whole: &Value,
    (at, members): (&Pointer, &Map<String, Value>),
    is_over: &dyn Fn() -> bool,
) -> Value {
    let schema = ground.schemas.at(ground.order.view, ground.order.schema);
    let mut kept = members.clone();
    for name in members.keys().take_while(|_| !is_over()) {
        let mut fewer = kept.clone();
        fewer.shift_remove(name);
        let changed = with(whole, at, Value::Object(fewer.clone()));
        if ground.schemas.is_valid(schema, &changed) {
            kept = fewer;
        }
    }
    Value::Object(kept)
}

fn of_text(spot: &Spot<'_, '_>, text: &str, try_at: &mut impl FnMut(Value)) {
    let facets = &spot.facets;
    for least in facets.counts("minLength") {
        let short: String = text.chars().take(least).collect();
        try_at(json!(stretched(&short, least)));
    }
    for most in facets.counts("maxLength") {
        if most <= LONG {
            try_at(json!(stretched(text, most)));
        }
    }
}

fn of_number(spot: &Spot<'_, '_>, try_at: &mut impl FnMut(Value)) {
    let facets = &spot.facets;
    let limits = [
        ("minimum", 1),
        ("exclusiveMinimum", 1),
        ("maximum", -1),
        ("exclusiveMaximum", -1),
    ];
    for (keyword, inwards) in limits {
        for limit in facets.numbers(keyword) {
            try_at(Value::Number(limit.clone()));
            if keyword.starts_with("exclusive") || facets.has("exclusiveMinimum") {
                try_at(moved(&limit, inwards));
            }
        }
    }
    if facets.format().as_deref() == Some("int32") {
        try_at(json!(i32::MAX));
    }
}

fn of_list(spot: &Spot<'_, '_>, items: &[Value], try_at: &mut impl FnMut(Value)) {
    let facets = &spot.facets;
    let few = facets.counts("minItems").into_iter().chain([0, 1]);
    for least in few.filter(|least| *least <= items.len()) {
        let items = items.iter().take(least).cloned();
        try_at(items.collect());
    }
    for most in facets.counts("maxItems") {
        if most <= MANY && !items.is_empty() && most > items.len() {
            try_at(many(items, most));
            try_at(items.iter().cycle().take(most).cloned().collect());
        }
    }
}
