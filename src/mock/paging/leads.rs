//! Lists of links beside the rows, each of which says where it leads: `[{rel: next, href: …}]`.

use super::Turn;
use super::name::plain;
use crate::spec::{ShapeId, Shapes};
use crate::wire::Pointer;
use serde_json::{Map, Value};

/// A list of links that lead to the list's pages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leads {
    at: Pointer,
    /// The property that says where a link leads, and what it may say, where that is enumerated.
    relation: String,
    choices: Vec<String>,
    /// The property that has its address.
    address: String,
    /// What else a link must have.
    needed: Vec<String>,
}

impl Leads {
    /// What stands at a place of a reply, where it is such a list.
    pub(super) fn of(shapes: &Shapes, at: &Pointer, name: &str, list: ShapeId) -> Option<Leads> {
        if !["link", "links"].contains(&name) {
            return None;
        }
        let row = shapes.get(shapes.of_items(shapes.get(list))?);
        let named = |wanted: &[&str]| {
            let mut properties = row.properties.keys();
            properties.find(|name| wanted.contains(&plain(name).as_str()))
        };
        let (relation, address) = (
            named(&["rel", "relation"])?,
            named(&["href", "url", "uri"])?,
        );
        let said = shapes.of_property(row.properties.get(relation)?);
        let choices = shapes.says(said, "enum").map(|choices| choices.value());
        let choices = choices
            .as_ref()
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let known = [relation, address];
        let needed = row.properties.iter();
        let needed = needed.filter(|(name, property)| property.required && !known.contains(name));
        Some(Leads {
            at: at.clone(),
            choices: choices
                .filter_map(|choice| Some(choice.as_str()?.to_owned()))
                .collect(),
            needed: needed.map(|(name, _)| name.clone()).collect(),
            relation: relation.clone(),
            address: address.clone(),
        })
    }

    /// Has the links of a reply lead to the page itself and those next to it.
    pub(super) fn tell(&self, reply: &mut Value, url_of: &dyn Fn(Turn) -> Option<String>) {
        let known = self.at.get(reply).and_then(Value::as_array);
        let known = known.and_then(|rows| rows.first()?.as_object());
        let needed = self.needed.iter();
        let needed: Map<String, Value> = needed
            .filter_map(|name| Some((name.clone(), known?.get(name)?.clone())))
            .collect();
        // What FHIR calls `previous` is `prev` by RFC 8288.
        let back = match plain(&self.relation).as_str() {
            "relation" => ["previous", "prev"],
            _ => ["prev", "previous"],
        };
        let turns: [(Turn, &[&str]); 3] = [
            (Turn::Here, &["self"]),
            (Turn::Next, &["next"]),
            (Turn::Previous, &back),
        ];
        let links = turns.iter().filter_map(|(turn, names)| {
            let is_choice = |name: &&&str| {
                self.choices.is_empty() || self.choices.iter().any(|choice| choice == **name)
            };
            let name = names.iter().find(is_choice)?;
            let mut link = needed.clone();
            link.insert(self.relation.clone(), (*name).into());
            link.insert(self.address.clone(), url_of(*turn)?.into());
            Some(Value::Object(link))
        });
        let links: Vec<Value> = links.collect();
        if !links.is_empty() {
            self.at.set(reply, Value::Array(links));
        }
    }
}
