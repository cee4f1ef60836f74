//! Items that were right by another contract, and lack what this one asks of them.

use super::find::stored_key;
use super::standin::{Standins, forms};
use super::{Binding, Operations, PreparedContent, project, render_item};
use crate::decode::{item_shape, member_shape};
use crate::spec::{ShapeId, Shapes};
use crate::validate::View;
use crate::wire::Method;
use serde_json::Value;

impl Standins<'_> {
    /// A body that is not valid with what it lacks, made up, and all else as it is. Nothing where
    /// that doesn't make it valid.
    pub fn completed(&self, content: &PreparedContent, body: &Value, seed: &str) -> Option<Value> {
        let made = self.sampled(content, body, seed)?;
        let mut whole = body.clone();
        let shapes = self.contents.shapes;
        for wanted in [Wanted::Required(shapes), Wanted::All] {
            add(&mut whole, &made, content.shape, wanted);
            if content.is_valid(self.contents, &whole) {
                return Some(whole);
            }
        }
        None
    }

    /// The same body with the keys of its items in the types that the contract has them in by now,
    /// where that says the same: a number for its text, or the other way round.
    pub fn with_keys(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        mut body: Value,
    ) -> Value {
        let shapes = self.contents.shapes;
        let id = shape_within(shapes, binding, content);
        let mut names = binding.envelope.iter();
        let inner = names.try_fold(&mut body, |body, name| body.get_mut(name));
        let (rows, id) = match inner {
            Some(Value::Array(rows)) => (rows.as_mut_slice(), row_shape(shapes, binding, id)),
            Some(item) => (std::slice::from_mut(item), id),
            None => return body,
        };
        let Some(property) = member_shape(shapes, id, &binding.key) else {
            return body;
        };
        let types = shapes.get(property).types;
        let fits = |key: &Value| match key {
            Value::String(_) => types.is_unsaid() || types.has("string"),
            Value::Number(_) => types.is_unsaid() || types.has("integer") || types.has("number"),
            _ => true,
        };
        for row in rows.iter_mut().map(|row| binding.item_of_mut(row)) {
            if let Some(key) = row.get_mut(&binding.key)
                && !fits(key)
                && let Some(form) = forms(key).into_iter().find(fits)
            {
                *key = form;
            }
        }
        body
    }

    /// An item that its own operation couldn't show, completed as it is shown. Nothing where there
    /// is nothing to mend, or no way to.
    pub fn completed_item(&self, binding: &Binding, item: &Value, key: &str) -> Option<Value> {
        let (reader, content) = self.reader(binding)?;
        let body = render_item(self.contents.shapes, reader, Some(content), item);
        if content.is_valid(self.contents, &body) {
            return None;
        }
        let body = self.with_keys(reader, content, body.into_owned());
        let whole = self.completed(content, &body, key)?;
        let whole = reader.unwrapped(&whole)?;
        let mut item = item.clone();
        if let (Some(key), Some(members)) = (whole.get(&binding.key), item.as_object_mut()) {
            members.insert(binding.key.clone(), key.clone());
        }
        add(&mut item, whole, None, Wanted::All);
        Some(item)
    }

    /// A list that is not valid with what its items lack, each completed as it is shown alone.
    pub fn completed_list(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        body: &Value,
    ) -> Option<Value> {
        let shapes = self.contents.shapes;
        let row_shape = row_shape(shapes, binding, shape_within(shapes, binding, content));
        let mut whole = body.clone();
        let mut names = binding.envelope.iter();
        let rows = names.try_fold(&mut whole, |body, name| body.get_mut(name))?;
        for row in rows.as_array_mut()? {
            let row = binding.item_of_mut(row);
            let Some(key) = row.get(&binding.key).map(stored_key) else {
                continue;
            };
            if let Some(item) = self.completed_item(binding, row, &key) {
                add(row, &item, row_shape, Wanted::Required(shapes));
            }
        }
        match content.is_valid(self.contents, &whole) {
            true => Some(whole),
            false => self.completed(content, &whole, ""),
        }
    }
}

impl Standins<'_> {
    /// A list whose rows say what their items do that lack something, as each is made up by itself.
    pub fn told_by_items(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        mut body: Value,
    ) -> Value {
        let Some((reader, whole)) = self.reader(binding) else {
            return body;
        };
        let shapes = self.contents.shapes;
        let row_shape = row_shape(shapes, binding, shape_within(shapes, binding, content));
        let mut names = binding.envelope.iter();
        let rows = names.try_fold(&mut body, |body, name| body.get_mut(name));
        for row in rows.and_then(Value::as_array_mut).into_iter().flatten() {
            let row = binding.item_of_mut(row);
            let Some(key) = row.get(&binding.key).map(stored_key) else {
                continue;
            };
            let shown = render_item(shapes, reader, Some(whole), row);
            if whole.is_valid(self.contents, &shown) {
                continue;
            }
            let shown = self.with_keys(reader, whole, shown.into_owned());
            let made = self.like(whole, shown, &key);
            let item = made.as_ref().and_then(|made| reader.unwrapped(made));
            let own = item.and_then(|item| item.get(&binding.key)).map(stored_key);
            if let Some(item) = item.filter(|_| own.as_ref() == Some(&key)) {
                *row = project(shapes, row_shape, item, View::Reply).into_owned();
            }
        }
        body
    }
}

impl Operations {
    /// The shape of the items of a collection, as the operation that lists them shows them.
    pub fn row(&self, collection: &str) -> Option<ShapeId> {
        let tie = self.ties().named(collection)?;
        let operation = self.get(self.numbered(&Method::GET, &tie.list_path)?);
        let (binding, content) = (operation.binding.as_ref()?, operation.success_body()?);
        let shapes = self.shapes();
        let listing = binding.listing.as_ref();
        let frame = listing.and_then(|listing| listing.frame_of(content.shape));
        let list = match frame {
            Some(frame) => {
                let mut names = frame.items.tokens();
                names.try_fold(content.shape?, |id, name| {
                    member_shape(shapes, Some(id), &name)
                })
            }
            None => content.shape,
        };
        row_shape(shapes, binding, list)
    }
}

/// The shape of the item that a row of a list shows.
fn row_shape(shapes: &Shapes, binding: &Binding, list: Option<ShapeId>) -> Option<ShapeId> {
    let row = item_shape(shapes, list);
    let about = binding
        .listing
        .as_ref()
        .and_then(|listing| listing.row.as_ref());
    match about {
        Some(about) => member_shape(shapes, row, &about.node),
        None => row,
    }
}

/// The shape of the item or the items in a body.
fn shape_within(shapes: &Shapes, binding: &Binding, content: &PreparedContent) -> Option<ShapeId> {
    let mut names = binding.envelope.iter();
    names.try_fold(content.shape?, |id, name| {
        member_shape(shapes, Some(id), name)
    })
}

/// Which members are added.
#[derive(Clone, Copy)]
enum Wanted<'s> {
    Required(&'s Shapes),
    All,
}

/// Adds the members that one value lacks and another has, within what both have.
fn add(value: &mut Value, made: &Value, id: Option<ShapeId>, wanted: Wanted<'_>) {
    let inner = |name: Option<&str>| match (wanted, name) {
        (Wanted::All, _) => None,
        (Wanted::Required(shapes), Some(name)) => member_shape(shapes, id, name),
        (Wanted::Required(shapes), None) => item_shape(shapes, id),
    };
    match (value, made) {
        (Value::Object(value), Value::Object(made)) => {
            for (name, made) in made {
                let is_wanted = match wanted {
                    Wanted::All => true,
                    Wanted::Required(shapes) => id.is_some_and(|id| {
                        let property = shapes.get(id).properties.get(name);
                        property.is_some_and(|property| property.required)
                    }),
                };
                match value.get_mut(name) {
                    Some(value) => add(value, made, inner(Some(name)), wanted),
                    None if is_wanted => {
                        value.insert(name.clone(), made.clone());
                    }
                    None => {}
                }
            }
        }
        (Value::Array(value), Value::Array(made)) if value.len() == made.len() => {
            for (value, made) in value.iter_mut().zip(made) {
                add(value, made, inner(None), wanted);
            }
        }
        _ => {}
    }
}
