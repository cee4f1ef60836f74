//! What an item shows of another that a change names by its id alone: `assignee` of `assigneeId`.

use super::name::{is_called, plain};
use super::write::Write;
use serde_json::Value;

/// How many properties of a body are looked at.
const MOST: usize = 64;

impl Write<'_, '_> {
    /// Has an item show what the client names by its id, and nothing where it names nothing any more.
    /// What rules work out is theirs.
    pub(super) fn refer(&self, next: &mut Value) {
        let Some(said) = self.body.as_object().filter(|_| self.stage.is_none()) else {
            return;
        };
        let Some((binding, content)) = self.shower() else {
            return;
        };
        let shapes = self.standins.contents.shapes;
        let shape = self.item_shape(binding, content).map(|id| shapes.get(id));
        for (name, id) in said.iter().take(MOST) {
            let name = plain(name);
            let Some(of) = name.strip_suffix("id").filter(|of| !of.is_empty()) else {
                continue;
            };
            let properties = shape.into_iter().flat_map(|shape| &shape.properties);
            let mut holders = properties.filter(|(holder, property)| {
                let inner = shapes.get(shapes.of_property(property));
                let has_id = inner.properties.contains_key("id");
                has_id && is_called(holder, of) && !said.contains_key(*holder)
            });
            let Some((holder, _)) = holders.next() else {
                continue;
            };
            let known = next.get(holder).filter(|known| known.is_object()).cloned();
            match id {
                Value::Null if known.is_some() => self.take_back(next, holder),
                Value::String(_) | Value::Number(_) => {
                    let names = binding.envelope.iter().chain([holder]);
                    let made = || self.standins.made_at(content, names.map(String::as_str));
                    let Some(mut object) = known.or_else(made).filter(Value::is_object) else {
                        continue;
                    };
                    if object.get("id") != Some(id) {
                        object["id"] = id.clone();
                        self.put_first(next, holder, &[object]);
                    }
                }
                _ => {}
            }
        }
    }
}
