//! What an item has, by a path of its own below the item, though nothing shows it by itself:
//! `PUT /me/status`, `DELETE /tasks/{id}/assignee`.

use super::key::alike;
use super::meant::rename;
use super::name::{IDS, words};
use super::write::Write;
use crate::spec::{ShapeId, Shapes};
use crate::wire::Method;
use serde_json::{Map, Value};

/// A property of an item, and what is done to it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Its name.
    pub(super) name: String,
    /// Its shape.
    pub(super) shape: ShapeId,
    does: Does,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Does {
    /// Has it say what is sent, and nothing else.
    Replace,
    /// Has it say what is sent, too.
    Change,
    /// Has it be what is known by the id that is sent, under this name.
    Refer(String),
    /// Has it say nothing.
    Remove,
}

impl Part {
    /// What a path names of an item, where what is sent is of that, or where it is taken away.
    pub(super) fn of(
        shapes: &Shapes,
        (item, word): (ShapeId, &str),
        method: &Method,
        sent: Option<ShapeId>,
    ) -> Option<Part> {
        let mut properties = shapes.get(item).properties.iter();
        let (name, property) = properties.find(|(name, _)| alike(name, word))?;
        let shape = shapes.of_property(property);
        let own = shapes.get(shape);
        let part = |does| {
            Some(Part {
                name: name.clone(),
                shape,
                does,
            })
        };
        let is_object = !own.properties.is_empty();
        if *method == Method::DELETE {
            let is_list = own.has_items() || own.types.has("array");
            let may_go = !property.required || own.types.has("null");
            // A flag is turned, and no word of a few is taken away.
            let is_thing = is_object || own.types.has("string") && word != "status";
            let is_gone = sent.is_none() && may_go && is_thing && !is_list;
            return is_gone.then(|| part(Does::Remove)).flatten();
        }
        // What is posted below an item has a word for what becomes of it.
        let is_put = [Method::PUT, Method::PATCH].contains(method);
        let sent = &shapes.get(sent.filter(|_| is_object && is_put)?).properties;
        let mut names = sent.keys();
        if !sent.is_empty() && names.all(|name| own.properties.contains_key(name)) {
            return part(match *method == Method::PATCH {
                true => Does::Change,
                false => Does::Replace,
            });
        }
        let (only, None) = (sent.keys().next()?, sent.keys().nth(1)) else {
            return None;
        };
        let is_id = words(only)
            .last()
            .is_some_and(|last| IDS.contains(&last.as_str()));
        is_id.then(|| part(Does::Refer(only.clone()))).flatten()
    }
}

impl Write<'_, '_> {
    /// An item as an operation on a part of it leaves it.
    pub(super) fn with_part(&self, part: &Part, mut next: Value) -> Value {
        let name = part.name.as_str();
        let mut said = self.body.as_object().cloned().unwrap_or_default();
        match &part.does {
            Does::Remove => self.take_away(&mut next, name),
            Does::Refer(id) => match said.get(id).cloned().unwrap_or_default() {
                Value::Null => self.take_away(&mut next, name),
                value => self.put_known(&mut next, part, &value),
            },
            Does::Replace | Does::Change => {
                rename(self.standins.contents.shapes, part.shape, &mut said);
                let mut whole = match (&part.does, next.get(name)) {
                    (Does::Change, Some(Value::Object(known))) => known.clone(),
                    _ => Map::new(),
                };
                let is_change = part.does == Does::Change;
                for (name, value) in said {
                    match value {
                        Value::Null if is_change => _ = whole.shift_remove(&name),
                        value => _ = whole.insert(name, value),
                    }
                }
                next[name] = Value::Object(whole);
            }
        }
        next
    }

    /// Has an item say nothing of another thing, nor name it by its id.
    fn take_away(&self, next: &mut Value, name: &str) {
        self.take_back(next, name);
        if let Some(id) = id_beside(next, name) {
            self.take_back(next, &id);
        }
    }

    /// Has an item show a thing that is known by its id, and name it so beside that.
    fn put_known(&self, next: &mut Value, part: &Part, id: &Value) {
        let name = part.name.as_str();
        let shapes = self.standins.contents.shapes;
        let mut keys = shapes.get(part.shape).properties.keys();
        let key = keys.find(|key| ["id", "_id", "uuid"].contains(&key.as_str()));
        let beside = self.shower().and_then(|(binding, content)| {
            let shape = self.item_shape(binding, content)?;
            let mut names = shapes.get(shape).properties.keys();
            names.find(|own| is_id_of(own, name)).cloned()
        });
        if let Some(beside) = beside {
            self.put_first(next, &beside, std::slice::from_ref(id));
        }
        let made = self.shower().and_then(|(binding, content)| {
            let names = binding.envelope.iter().map(String::as_str).chain([name]);
            self.standins.made_at(content, names)
        });
        let known = next.get(name).filter(|known| known.is_object()).cloned();
        let Some(mut thing) = known.or(made).filter(Value::is_object) else {
            return;
        };
        if let Some(key) = key {
            thing[key] = id.clone();
            self.put_first(next, name, &[thing]);
        }
    }
}

/// The property that has the id of what another shows: `assignee_id` of `assignee`.
fn id_beside(item: &Value, name: &str) -> Option<String> {
    let mut names = item.as_object()?.keys();
    names.find(|own| is_id_of(own, name)).cloned()
}

fn is_id_of(own: &str, name: &str) -> bool {
    alike(own, &format!("{name}_id"))
}
