//! What a reply tells of each of several items beside it: which it was, and that it went well.

use super::name::plain;
use super::several::Several;
use super::write::Decided;
use super::{Binding, PreparedContent};
use crate::spec::{Shape, ShapeId};
use serde_json::{Value, json};

/// Names of the place that an item had in the request.
const PLACES: [&str; 5] = ["index", "position", "itemindex", "rowindex", "row"];
/// Names of why something went wrong, and of all that did.
const ERRORS: [&str; 5] = [
    "error",
    "errors",
    "errormessage",
    "errorcode",
    "failurereason",
];
/// Names of statuses.
const STATUSES: [&str; 4] = ["status", "statuscode", "httpstatus", "code"];
/// Names of flags that tell that something went well.
const FLAGS: [&str; 4] = ["success", "ok", "succeeded", "successful"];
/// Names of how many did.
const DONE: [&str; 6] = [
    "succeeded",
    "successful",
    "success",
    "successcount",
    "succeededcount",
    "successfulcount",
];
/// Names of how many didn't.
const FAILED: [&str; 6] = [
    "failed",
    "failures",
    "failurecount",
    "failedcount",
    "errorcount",
    "rejected",
];

impl Several<'_, '_> {
    /// A row with what it tells of an item beside what is the item's own.
    pub(super) fn told_of_each(&self, index: usize, decided: &Decided) -> Value {
        let body = decided.body.clone().unwrap_or(Value::Null);
        let contents = self.standins.contents;
        let shapes = contents.shapes;
        let reader = self.standins.reader(&self.batch.each);
        let item = reader.and_then(|(binding, content)| {
            let mut names = binding.envelope.iter();
            names.try_fold(content.shape?, |id, name| {
                Some(shapes.of_property(shapes.get(id).properties.get(name)?))
            })
        });
        let shows = self.batch.shows.as_ref().filter(|shows| !shows.is_last);
        let content = shows.map(|shows| &shows.item);
        let row = content.and_then(|content| content.shape);
        let (Some(content), Some(row), Some(item)) = (content, row, item) else {
            return body;
        };
        let (row, item) = (shapes.get(row), shapes.get(item));
        let mut told = body;
        let beside = row.properties.iter();
        for (name, _) in beside.filter(|(name, _)| !item.properties.contains_key(*name)) {
            let known = told.get(name).cloned();
            let ways = match plain(name).as_str() {
                name if PLACES.contains(&name) => vec![Some(json!(index))],
                name if ERRORS.contains(&name) => vec![Some(Value::Null), Some(json!([])), None],
                name if FLAGS.contains(&name) => vec![Some(json!(true))],
                name if STATUSES.contains(&name)
                    && known.as_ref().is_some_and(Value::is_number) =>
                {
                    let code = if decided.is_new { 201 } else { 200 };
                    vec![Some(json!(code)), Some(json!(200))]
                }
                _ => continue,
            };
            // What may lack and isn't there says nothing wrong.
            if known.is_none() {
                continue;
            }
            for way in ways {
                let mut changed = told.clone();
                if let Some(members) = changed.as_object_mut() {
                    match way {
                        Some(value) => _ = members.insert(name.clone(), value),
                        None => _ = members.shift_remove(name),
                    }
                }
                if content.is_valid(contents, &changed) {
                    told = changed;
                    break;
                }
            }
        }
        told
    }

    /// Tells beside a list of how many items it is, all of which went well.
    pub(super) fn tell_counts(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        count: usize,
        body: &mut Value,
    ) {
        let shapes = self.standins.contents.shapes;
        let above = binding
            .envelope
            .split_last()
            .map_or(&[][..], |(_, above)| above);
        let mut names = above.iter();
        let id: Option<ShapeId> = names
            .try_fold(content.shape, |id, name| {
                let shape = shapes.get(id?);
                Some(Some(shapes.of_property(shape.properties.get(name)?)))
            })
            .flatten();
        let mut names = above.iter();
        let holder = names.try_fold(body, |body, name| body.get_mut(name));
        let (Some(id), Some(holder)) = (id, holder.and_then(Value::as_object_mut)) else {
            return;
        };
        let shape: &Shape = shapes.get(id);
        for (name, property) in &shape.properties {
            let counts = shapes
                .get(shapes.of_property(property))
                .types
                .has("integer");
            let is_one_of = |known: &[&str]| known.contains(&plain(name).as_str());
            match counts && !holder.contains_key(name) {
                true if is_one_of(&DONE) => _ = holder.insert(name.clone(), count.into()),
                true if is_one_of(&FAILED) => _ = holder.insert(name.clone(), 0.into()),
                _ => {}
            }
        }
    }
}
