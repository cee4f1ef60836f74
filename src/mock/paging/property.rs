//! The properties of the items, as parameters name them.

use super::name::{plain, words};
use crate::spec::{ShapeId, Shapes};
use serde_json::Value;
use std::collections::HashMap;

/// How many properties of an item are known by name.
const MOST: usize = 500;
/// What the names of properties end in that tell when something was.
const WHEN: [&str; 6] = ["at", "on", "date", "time", "timestamp", "datetime"];
const CREATED: [&str; 6] = [
    "created",
    "creation",
    "create",
    "inserted",
    "added",
    "registered",
];
const UPDATED: [&str; 6] = [
    "updated",
    "modified",
    "update",
    "changed",
    "edited",
    "modification",
];

/// What holds the properties of an item that has next to none itself: JSON:API's, GeoJSON's and those
/// of tables' rows.
const HOLDERS: [&str; 3] = ["attributes", "properties", "fields"];

/// What an item has as a property, by itself or in what holds its properties.
pub(super) fn of_item<'i>(item: &'i Value, name: &str) -> Option<&'i Value> {
    let held = || {
        let mut holders = HOLDERS.iter();
        holders.find_map(|holder| item.get(holder)?.get(name))
    };
    item.get(name).or_else(held)
}

/// Has an item say this of a property, where it has that.
pub(in crate::mock) fn say(item: &mut Value, name: &str, value: Value) {
    let mut holders = HOLDERS.iter();
    let is_in =
        |item: &Value, holder: &str| item.get(holder).is_some_and(|of| of.get(name).is_some());
    let holder = holders.find(|holder| item.get(name).is_none() && is_in(item, holder));
    let held = match holder {
        Some(holder) => item.get_mut(holder),
        None => Some(item),
    };
    if let Some(Value::Object(members)) = held {
        members.insert(name.to_owned(), value);
    }
}

/// A property of the items.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Property {
    pub(super) name: String,
    /// The values that it is one of; none where it is open.
    pub(super) choices: Vec<Value>,
    /// Whether it is a list.
    pub(super) is_list: bool,
    is_text: bool,
    is_moment: bool,
}

impl Property {
    /// Whether more and less mean something of it: of texts that are choices nobody knows.
    pub(super) fn has_order(&self) -> bool {
        !self.choices.iter().any(Value::is_string)
    }
}

/// The properties of an item, by their plain names.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    all: Vec<Property>,
    by_name: HashMap<String, usize>,
}

impl Properties {
    pub(super) fn of(shapes: &Shapes, item: Option<ShapeId>) -> Properties {
        let mut properties = Properties::default();
        let declared = item.map(|id| &shapes.get(id).properties);
        let held = HOLDERS.iter().filter_map(|holder| {
            let holder = shapes.of_property(declared?.get(*holder)?);
            Some(&shapes.get(holder).properties)
        });
        let all = declared.into_iter().chain(held).flatten();
        for (name, property) in all.take(MOST) {
            let id = shapes.of_property(property);
            let shape = shapes.get(id);
            let of_choices = shapes.of_items(shape).unwrap_or(id);
            let choices = shapes.says(of_choices, "enum").into_iter();
            let number = properties.all.len();
            properties.by_name.entry(plain(name)).or_insert(number);
            let is_moment = |id| {
                let format = shapes.says(id, "format").and_then(|format| format.text());
                matches!(format.as_deref(), Some("date" | "date-time"))
            };
            let mut inner = shape.properties.values().map(|p| shapes.of_property(p));
            properties.all.push(Property {
                is_moment: is_moment(id) || inner.any(is_moment),
                name: name.clone(),
                choices: choices.flat_map(|c| c.items().map(|c| c.value())).collect(),
                is_list: shape.types.has("array"),
                is_text: shape.types.is_unsaid() || shape.types.has("string"),
            });
        }
        properties
    }

    /// The one of this very name, however it is written.
    pub(super) fn exact(&self, name: &str) -> Option<&Property> {
        let number = self.by_name.get(&plain(name))?;
        self.all.get(*number)
    }

    /// The one that a name means: its own, or with a word for when, as `created` means
    /// `created_at` and `dateCreated`.
    pub(super) fn meant(&self, name: &str) -> Option<&Property> {
        let name = plain(name);
        let timed = || {
            WHEN.iter().find_map(|when| {
                let behind = self.exact(&format!("{name}{when}"));
                behind.or_else(|| self.exact(&format!("{when}{name}")))
            })
        };
        let bare = || {
            let mut ends = WHEN.iter().filter_map(|when| name.strip_suffix(when));
            ends.find_map(|bare| self.exact(bare))
        };
        if name.is_empty() {
            return None;
        }
        self.exact(&name).or_else(timed).or_else(bare)
    }

    /// The one that a name means of which it is the plural or the singular, and whether the name
    /// is the plural: `ids` of `id`, `tag` of `tags`.
    pub(super) fn numbered(&self, name: &str) -> Option<(&Property, bool)> {
        let name = plain(name);
        let singular = name
            .strip_suffix("ies")
            .map(|stem| format!("{stem}y"))
            .into_iter()
            .chain(name.strip_suffix("es").map(str::to_owned))
            .chain(name.strip_suffix('s').map(str::to_owned));
        let of_plural = singular.filter_map(|name| self.exact(&name)).next();
        let plurals = [format!("{name}s"), format!("{name}es")];
        let of_singular = || {
            let mut lists = plurals.iter().filter_map(|name| self.exact(name));
            lists.find(|property| property.is_list)
        };
        of_plural
            .map(|property| (property, true))
            .or_else(|| of_singular().map(|property| (property, false)))
    }

    /// The one that tells when an item was made.
    pub(super) fn created(&self) -> Option<&Property> {
        self.when(&CREATED)
    }

    /// The one that tells when an item was changed.
    pub(super) fn updated(&self) -> Option<&Property> {
        self.when(&UPDATED)
    }

    /// The one that tells when an item is, whatever that means of it.
    pub(super) fn dated(&self) -> Option<&Property> {
        let named = || {
            let mut names = ["date", "time", "timestamp", "start"].into_iter();
            names.find_map(|name| self.meant(name))
        };
        let listed = || self.numbered("date").map(|(property, _)| property);
        // `bookingDate`, where no other is a moment or is called so.
        let only = || {
            let moments = || self.all.iter().filter(|property| property.is_moment);
            let is_date = |property: &&Property| {
                words(&property.name)
                    .last()
                    .is_some_and(|last| last == "date")
            };
            let mut all = moments();
            let only = all.next().filter(|_| all.next().is_none());
            only.or_else(|| moments().find(is_date))
        };
        let known = self.created().or_else(named);
        known.or_else(listed).or_else(only)
    }

    /// Those that tell from when till when an item is, where it begins and ends; the first stands for
    /// both where only that is told.
    pub(super) fn span(&self) -> Option<(&Property, &Property)> {
        let found = |names: &[&str]| {
            let mut meant = names.iter().filter_map(|name| self.meant(name));
            meant.find(|property| property.is_moment)
        };
        let start = found(&["start", "starts", "begin", "begins", "from"])?;
        let end = found(&["end", "ends", "finish", "to", "until"]);
        Some((start, end.unwrap_or(start)))
    }

    fn when(&self, verbs: &[&str]) -> Option<&Property> {
        self.all.iter().find(|property| {
            let words = words(&property.name);
            let is = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
            // Beside `created_by` or `updates`.
            let is_alone = words.len() == 1 && words[0].ends_with("ed");
            is(verbs)
                && (is(&WHEN) || is_alone || property.name.starts_with("last"))
                && words.len() <= 3
        })
    }

    /// Whether any may be a text, or nothing is known of them.
    pub(super) fn may_have_texts(&self) -> bool {
        self.all.is_empty()
            || self
                .all
                .iter()
                .any(|property| property.is_text || property.is_list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn name(property: Option<&Property>) -> Option<&str> {
        property.map(|property| property.name.as_str())
    }

    #[test]
    fn names_mean_the_properties_that_a_reader_would_take_them_for() {
        let properties = |names: &[&str]| {
            let all: serde_json::Map<_, _> = names
                .iter()
                .map(|name| ((*name).to_owned(), json!({})))
                .collect();
            let (shapes, id) = Shapes::of_schema(&json!({"properties": all}));
            Properties::of(&shapes, Some(id))
        };
        let found = properties(&[
            "id",
            "firstName",
            "created_by",
            "createdAt",
            "last_modified",
            "category",
        ]);
        assert_eq!(name(found.meant("first-name")), Some("firstName"));
        assert_eq!(name(found.meant("created")), Some("createdAt"));
        assert_eq!(name(found.created()), Some("createdAt"));
        assert_eq!(name(found.updated()), Some("last_modified"));
        assert_eq!(name(found.numbered("ids").map(|(p, _)| p)), Some("id"));
        assert_eq!(
            name(found.numbered("categories").map(|(p, _)| p)),
            Some("category")
        );
        assert_eq!(found.meant("at"), None);
        assert_eq!(found.meant(""), None);
        let found = properties(&["date_created", "updated_time", "due"]);
        assert_eq!(name(found.meant("created")), Some("date_created"));
        assert_eq!(name(found.updated()), Some("updated_time"));
        assert_eq!(name(found.meant("due_date")), Some("due"));
    }
}
