//! Values at the edges of a schema: the valid ones at its limits, and those that break one
//! constraint alone.
//!
//! Takes a valid value, and changes it in one place at a time. What the schema says of a place is
//! looked up for what to try there; whether the changed value is valid is for the compiled schema
//! to say.

mod broken;
mod facets;
mod valid;

use super::{Order, sample};
use crate::spec::Document;
use crate::validate::Schemas;
use crate::wire::Pointer;
pub use broken::broken;
use facets::Facets;
use serde_json::Value;
pub use valid::{edges, edges_until};

/// How deep in a value its places are changed.
const DEPTH: usize = 6;
/// How many places of a value are changed.
const PLACES: usize = 200;
/// How many members are added to a value, one at a time.
const ADDED: usize = 40;

/// What the edges of a schema are looked for in.
#[derive(Clone, Copy)]
pub struct Ground<'g> {
    /// The document.
    pub document: &'g Document,
    /// Its schemas.
    pub schemas: &'g Schemas,
    /// The schema of the value, and which side sends it.
    pub order: Order<'g>,
}

/// A place in a value, with what the schema may say of it.
struct Spot<'v, 'd> {
    at: Pointer,
    value: &'v Value,
    facets: Facets<'d>,
    /// Whether it is a member that may be left out, as far as its object's schema tells.
    is_member: bool,
}

/// The places of a value that are at or below another, and those that lead there: itself, its
/// members, and the first item of each list.
fn spots<'v, 'd>(ground: Ground<'d>, value: &'v Value, below: &Pointer) -> Vec<Spot<'v, 'd>> {
    let leads = |at: &Pointer| at.contains(below) || below.contains(at);
    let root = Facets::of(ground.document, ground.order.schema);
    let mut all = vec![Spot {
        at: Pointer::root(),
        value,
        facets: root,
        is_member: false,
    }];
    let mut next = 0;
    while let Some(spot) = all.get(next).filter(|_| all.len() < PLACES) {
        next += 1;
        if spot.at.tokens().count() >= DEPTH {
            continue;
        }
        let mut inner = Vec::new();
        match spot.value {
            Value::Object(members) => {
                let own = members
                    .iter()
                    .filter(|(name, _)| leads(&spot.at.child(name)));
                inner.extend(own.map(|(name, value)| Spot {
                    at: spot.at.child(name),
                    value,
                    facets: spot.facets.member(name),
                    is_member: true,
                }));
            }
            Value::Array(items) => inner.extend(items.first().map(|value| Spot {
                at: spot.at.child(0),
                value,
                facets: spot.facets.item(),
                is_member: false,
            })),
            _ => {}
        }
        all.extend(inner);
    }
    all.truncate(PLACES);
    all
}

/// A value with one member more than it has, of those that its schema declares: where it is, and
/// the whole; as far as they are found until it is over.
fn added(ground: Ground<'_>, value: &Value, is_over: &dyn Fn() -> bool) -> Vec<(Pointer, Value)> {
    let schema = ground.schemas.at(ground.order.view, ground.order.schema);
    let mut all = Vec::new();
    for spot in spots(ground, value, &Pointer::root()) {
        let Value::Object(members) = spot.value else {
            continue;
        };
        let absent = spot.facets.absent(|name| members.contains_key(name));
        for (name, at) in absent {
            if Facets::of(ground.document, at).is_read_only() {
                continue;
            }
            let order = Order {
                schema: at,
                names: &[&name],
                wish: None,
                ..ground.order
            };
            let Ok(member) = sample(ground.document, ground.schemas, &order) else {
                continue;
            };
            let mut members = members.clone();
            members.insert(name.clone(), member);
            let whole = with(value, &spot.at, Value::Object(members));
            if ground.schemas.is_valid(schema, &whole) {
                all.push((spot.at.child(&name), whole));
            }
            if all.len() >= ADDED || is_over() {
                return all;
            }
        }
    }
    all
}

/// A value with another one at a place.
fn with(value: &Value, at: &Pointer, new: Value) -> Value {
    let mut changed = value.clone();
    at.set(&mut changed, new);
    changed
}

/// A value without the member or item at a place.
fn without(value: &Value, at: &Pointer) -> Value {
    let mut changed = value.clone();
    at.remove(&mut changed);
    changed
}

/// So many items that begin as a list does, each another one where they are texts or numbers.
fn many(items: &[Value], count: usize) -> Value {
    let round = items.len().max(1);
    let all = items.iter().cycle().take(count).enumerate();
    let all = all.map(|(index, item)| match (item, index / round) {
        (item, 0) => item.clone(),
        (Value::String(text), more) => {
            let length = text.chars().count();
            Value::String(stretched(text, length + more))
        }
        (Value::Number(number), more) => match number.as_i64() {
            Some(number) => Value::from(number.saturating_add(more as i64)),
            None => item.clone(),
        },
        (item, _) => item.clone(),
    });
    all.collect()
}

/// A text of so many characters that begins as another does.
fn stretched(text: &str, length: usize) -> String {
    let filler = text.chars().last().filter(|c| c.is_alphanumeric());
    let filler = std::iter::repeat(filler.unwrap_or('a'));
    text.chars().chain(filler).take(length).collect()
}

#[cfg(test)]
mod tests;
