//! What the path says, in the reply to it, under the names that it has there.

use super::create::with_last_segment;
use super::echo::{Echoing, KEYS, meant};
use super::find::key_text;
use crate::spec::ShapeId;
use crate::wire::{Pointer, encode_segment};
use serde_json::{Map, Value};

impl<'s> Echoing<'s, '_> {
    /// Tells what the path ends in, which names what is shown.
    pub(super) fn tell_own(
        &mut self,
        at: &str,
        shape: ShapeId,
        (item, value): (&str, &Value),
        path: &Map<String, Value>,
    ) {
        let shapes = self.shapes;
        let shape_of = shapes.get(shape);
        let name = self.said.names.iter().find(|name| name.parameter == item);
        let of_id = || {
            let mut keys = KEYS.iter().copied();
            keys.find(|key| shape_of.properties.contains_key(*key))
        };
        let of_name = || {
            let name = name.filter(|name| name.names_item)?;
            Some(name.within(shapes, shape_of, value)?.0)
        };
        let found = || match item.to_ascii_lowercase().ends_with("id") {
            true => of_id(),
            false => of_name(),
        };
        let is_free = meant(shape_of, item).is_none();
        let Some(key) = self.said.key.or_else(|| found().filter(|_| is_free)) else {
            return;
        };
        let segment = |body: &Value| {
            let own = body.pointer(at)?.get(key);
            own.map(|own| encode_segment(&key_text(Some(own))).to_lowercase())
        };
        let before = segment(&self.changed);
        self.set(at, shape, key, value);
        let now = encode_segment(&key_text(Some(value)));
        let item = self.changed.pointer(at).and_then(Value::as_object).cloned();
        let (Some(before), Some(item)) = (before, item) else {
            return;
        };
        // What leads to the item that was made up leads to this one.
        for (name, url) in &item {
            let led = url
                .as_str()
                .and_then(|url| with_last_segment(url, &before, &now));
            if let Some(led) = led.filter(|_| name != key) {
                self.set(at, shape, name, &led.into());
            }
        }
        if let Some((whole, text)) = name.and_then(|name| name.whole(path, &item)) {
            self.set(at, shape, whole, &text.into());
        }
    }

    /// What an item says of the path under other names than the parameters'; all but one property.
    pub(super) fn said_in(
        &self,
        shape: ShapeId,
        but: Option<&str>,
        is_item: bool,
    ) -> Vec<(Vec<&'s str>, Value)> {
        let Some(path) = self.said.path else {
            return Vec::new();
        };
        let names = self.said.names.iter();
        let said = names.flat_map(|name| {
            let is_own = is_item && self.said.item == Some(&name.parameter);
            let value = path.get(&name.parameter);
            let said = value.map(|value| name.said_in(self.shapes, shape, value, is_own));
            said.unwrap_or_default()
        });
        let is_free = |place: &[&str]| {
            let [name] = place else { return true };
            but != Some(*name) && !path.contains_key(*name)
        };
        said.filter(|(place, _)| is_free(place)).collect()
    }

    /// Tells objects within an item what they hang on (`lines[].orderId`), by names that are of nothing
    /// else; `depth` levels down.
    pub(super) fn tell_within(&mut self, at: &Pointer, shape: ShapeId, depth: usize) {
        let is_told = depth > 0 && !self.said.names.is_empty();
        let item = at.get(&self.changed).and_then(Value::as_object);
        let Some(item) = item.filter(|_| is_told) else {
            return;
        };
        let shapes = self.shapes;
        let mut inner = Vec::new();
        for (name, value) in item {
            let Some(property) = shapes.get(shape).properties.get(name) else {
                continue;
            };
            let at = at.child(name);
            match value {
                Value::Object(_) => inner.push((at, shapes.of_property(property))),
                Value::Array(rows) => {
                    let of_rows = shapes.of_items(shapes.get(shapes.of_property(property)));
                    let rows = (0..rows.len()).map(|number| at.child(number));
                    inner.extend(rows.filter_map(|at| Some((at, of_rows?))));
                }
                _ => {}
            }
        }
        for (at, shape) in inner {
            let names = self.said.names.iter();
            let said = names.filter_map(|name| {
                let value = self.said.path?.get(&name.parameter)?;
                let is_own = self.said.item == Some(&name.parameter);
                Some(name.said_in(shapes, shape, value, is_own))
            });
            let said: Vec<_> = said
                .flatten()
                .filter(|(place, _)| place.len() == 1)
                .collect();
            for (place, value) in said {
                self.tell_at(&at, shape, &place, &value);
            }
            self.tell_within(&at, shape, depth - 1);
        }
    }

    /// Has what stands at a place be what stands at another, as far as the whole stays valid.
    pub(super) fn copy(&mut self, from: &Pointer, to: &Pointer) {
        let Some(value) = from
            .get(&self.changed)
            .filter(|_| to.get(&self.changed).is_some())
        else {
            return;
        };
        let mut changed = self.changed.clone();
        to.set(&mut changed, value.clone());
        if self.is_judged.is_none_or(|is_valid| is_valid(&changed)) {
            self.changed = changed;
        }
    }

    /// Tells one thing that stands in an item, or in an object within it that is there.
    pub(super) fn tell_at(&mut self, at: &Pointer, shape: ShapeId, place: &[&str], value: &Value) {
        let (mut at, mut shape) = (at.clone(), shape);
        let Some((last, holders)) = place.split_last() else {
            return;
        };
        for name in holders {
            let Some(property) = self.shapes.get(shape).properties.get(*name) else {
                return;
            };
            (at, shape) = (at.child(name), self.shapes.of_property(property));
        }
        self.set(at.as_str(), shape, last, value);
    }
}
