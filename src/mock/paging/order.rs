//! Query parameters that sort a list.

use super::lead::{Field, Lead};
use super::measure::Measure;
use super::name::{plain, words};
use super::property::{Properties, of_item};
use super::told;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// How many properties a list is sorted by at once.
const MOST: usize = 8;
const FIELDS: [&str; 11] = [
    "sort",
    "sortby",
    "orderby",
    "order",
    "ordering",
    "sorting",
    "sortfield",
    "sortkey",
    "sortcolumn",
    "orderfield",
    "ordercolumn",
];
const DIRECTIONS: [&str; 11] = [
    "direction",
    "dir",
    "order",
    "sort",
    "sortorder",
    "sortdir",
    "sortdirection",
    "orderdir",
    "orderdirection",
    "sortbydirection",
    "sorttype",
];
const SWITCHES: [(&str, bool); 10] = [
    ("asc", false),
    ("ascending", false),
    ("sortascending", false),
    ("orderascending", false),
    ("desc", true),
    ("descending", true),
    ("sortdescending", true),
    ("orderdescending", true),
    ("sortdesc", true),
    ("reverse", true),
];

/// How a list is sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    by: Option<Field>,
    direction: Option<Field>,
    /// A direction that is true or false, and whether true is down.
    switch: Option<(Field, bool)>,
}

/// What a list is sorted by: a property, or nothing for the order in which items came; and
/// whether downwards.
type Step = (Option<String>, bool);
/// An item and its key.
type Keyed<'i> = (&'i str, &'i Value);

impl Order {
    /// Takes a parameter in, if it is one that sorts; whether it was. `others` are all.
    pub(super) fn take(&mut self, lead: &Lead<'_>, others: &[Lead<'_>]) -> bool {
        let name = lead.plain.as_str();
        if let Some((_, is_down)) = SWITCHES.iter().find(|(known, _)| *known == name)
            && lead.may_be("boolean")
            && !lead.may_be("string")
        {
            self.switch = Some((lead.field.clone(), *is_down));
            return true;
        }
        if DIRECTIONS.contains(&name) && is_direction(lead, others) {
            self.direction.get_or_insert_with(|| lead.field.clone());
            return true;
        }
        let is_field = FIELDS.contains(&name) && !lead.is_number();
        if is_field {
            self.by.get_or_insert_with(|| lead.field.clone());
        }
        is_field
    }

    /// Where a request says it.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        let switch = self.switch.as_ref().map(|(field, _)| field);
        let fields = [self.by.as_ref(), self.direction.as_ref(), switch];
        fields.into_iter().flatten()
    }

    /// Whether a query says by what items are sorted.
    pub(super) fn is_by_something(&self, query: &Map<String, Value>) -> bool {
        self.by.as_ref().is_some_and(|by| by.of(query).is_some())
    }

    /// The names of the parameters.
    pub(super) fn told(&self) -> impl Iterator<Item = &str> {
        self.fields().map(|field| field.wire.as_str())
    }

    /// What a request sorts by; nothing where it doesn't.
    pub(super) fn steps(&self, query: &Map<String, Value>, properties: &Properties) -> Vec<Step> {
        let direction = self.direction.as_ref().and_then(|field| field.of(query));
        let mut is_down = direction.and_then(|value| direction_of(&text(value)));
        if let Some((field, down)) = &self.switch
            && let Some(Value::Bool(value)) = field.of(query)
        {
            is_down = is_down.or(Some(value == down));
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut add = |given: Option<(String, Option<bool>)>| {
            if let Some((property, own)) = given
                && steps.len() < MOST
                && !steps
                    .iter()
                    .any(|(known, _)| known.as_ref() == Some(&property))
            {
                steps.push((Some(property), own.or(is_down).unwrap_or(false)));
            }
        };
        let given = self.by.as_ref().and_then(|field| field.of(query));
        match given {
            Some(Value::Object(members)) => {
                for (name, value) in members.iter().take(MOST) {
                    let found = property(name, properties);
                    add(found.map(|(name, own)| (name, direction_of(&text(value)).or(own))));
                }
            }
            Some(Value::Array(values)) => {
                let texts = values.iter().take(MOST).filter_map(Value::as_str);
                for text in texts {
                    let parts: Vec<&str> = text.split(',').take(MOST).collect();
                    steps_of(&parts, properties).for_each(&mut add);
                }
            }
            Some(Value::String(text)) => {
                let parts: Vec<&str> = text.split(',').take(MOST).collect();
                steps_of(&parts, properties).for_each(add);
            }
            _ => {}
        }
        if given.is_none()
            && let Some(is_down) = is_down
        {
            match properties.created() {
                Some(created) => steps.push((Some(created.name.clone()), is_down)),
                // As they came is the order anyway.
                None if is_down => steps.push((None, true)),
                None => {}
            }
        }
        steps
    }
}

/// What the parts of a list sort by. A direction may be a part of its own (`title,desc`), as Spring
/// Data has it.
fn steps_of<'p>(
    parts: &'p [&'p str],
    properties: &'p Properties,
) -> impl Iterator<Item = Option<(String, Option<bool>)>> + 'p {
    parts.iter().enumerate().map(|(at, part)| {
        let (property, own) = property(part, properties)?;
        let next = || parts.get(at + 1).and_then(|next| direction_of(next));
        Some((property, own.or_else(next)))
    })
}

/// Whether a parameter tells the direction alone: by its values, or because another tells the
/// property.
fn is_direction(lead: &Lead<'_>, others: &[Lead<'_>]) -> bool {
    let choices = lead.choices();
    let is_default = lead
        .default()
        .and_then(|value| direction_of(&text(value)))
        .is_some();
    if !choices.is_empty() {
        return choices.iter().all(|choice| direction_of(choice).is_some());
    }
    let has_field = || {
        let mut others = others.iter().filter(|other| other.field != lead.field);
        others.any(|other| {
            let name = other.plain.as_str();
            FIELDS.contains(&name) && (name != "order" && name != "sort" || lead.plain != "sort")
        })
    };
    let is_named = !["order", "sort"].contains(&lead.plain.as_str());
    let told = || {
        told::mentions(
            &lead.description,
            &[
                "asc or desc",
                "`asc`",
                "'asc'",
                "\"asc\"",
                "ascending or descending",
            ],
        )
    };
    is_default || is_named || lead.plain == "order" && has_field() || told() && has_field()
}

fn direction_of(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "asc" | "ascending" | "ascend" | "up" | "forward" | "forwards" => Some(false),
        "desc" | "descending" | "descend" | "down" | "backward" | "backwards" | "reverse" => {
            Some(true)
        }
        // As a value of its own: `sort[name]=-1`.
        "1" if text.trim().len() <= 2 => Some(text.trim().starts_with('-')),
        _ => None,
    }
}

/// The property that a text names, and the direction that it tells: `-name`, `name:desc`,
/// `name desc`, `created_desc`, `newest`.
fn property(text: &str, properties: &Properties) -> Option<(String, Option<bool>)> {
    let text = text.trim();
    if text.len() > 200 {
        return None;
    }
    let (mut is_down, bare) = match text.as_bytes().first()? {
        b'-' => (Some(true), &text[1..]),
        b'+' => (Some(false), &text[1..]),
        _ => (None, text),
    };
    let named = |name: &str| {
        let own = properties.exact(name).or_else(|| properties.meant(name));
        let when = || match plain(name).as_str() {
            "created" | "creation" | "recent" | "latest" | "newest" | "oldest" => {
                properties.created()
            }
            "updated" | "modified" | "lastupdated" | "recentlyupdated" => properties.updated(),
            "alphabetical" | "az" | "name" => properties
                .exact("name")
                .or_else(|| properties.exact("title")),
            _ => None,
        };
        own.or_else(when).map(|property| property.name.clone())
    };
    if let Some(name) = named(bare) {
        let own = match plain(bare).as_str() {
            "recent" | "latest" | "newest" | "recentlyupdated" => Some(true),
            _ => None,
        };
        return Some((name, is_down.or(own)));
    }
    let words = words(bare);
    let (last, above) = words.split_last()?;
    let name = above.concat();
    let own = match last.as_str() {
        "first" => ["newest", "latest", "recent"].contains(&name.as_str()),
        "1" => return None,
        last => direction_of(last)?,
    };
    is_down = is_down.or(Some(own));
    named(&name).map(|name| (name, is_down))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Sorts items; what has no value to sort by comes last, whatever the direction. Those that are
/// equal stay in the order in which they came.
pub(super) fn sort<'i>(items: Vec<Keyed<'i>>, steps: &[Step]) -> Vec<Keyed<'i>> {
    let mut keyed: Vec<(Vec<Option<Measure>>, Keyed<'i>)> = items
        .into_iter()
        .map(|item| {
            let key = |(name, _): &Step| Measure::of(of_item(item.1, name.as_deref()?)?);
            (steps.iter().map(key).collect(), item)
        })
        .collect();
    if let [(None, true)] = steps {
        keyed.reverse();
    }
    keyed.sort_by(|(left, _), (right, _)| {
        let pairs = left.iter().zip(right).zip(steps);
        let mut orders = pairs.map(|((left, right), (_, is_down))| match (left, right) {
            (Some(left), Some(right)) if *is_down => right.order(left),
            (Some(left), Some(right)) => left.order(right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    keyed.into_iter().map(|(_, item)| item).collect()
}
