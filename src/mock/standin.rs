//! What stands for the items of a collection that nobody has written yet, where no fixtures say
//! which there are: the document's own examples, and samples.
//!
//! Until a collection is first written to, its list is the one that the contract alone gives, and
//! so is every item. The first write takes over the items of that list; an item that no list had
//! is taken over when it is first changed. Its tag stays what it was, so that an `If-Match` of
//! before holds.

use super::echo::echo;
use super::find::stored_key;
use super::name::{IDS, plain, words};
use super::{
    Binding, Contents, KeyFrom, Operations, Prepared, PreparedContent, Rejection, render_item,
};
use crate::decode::Parameters;
use crate::sample::{Order, sample};
use crate::store::{Change, Item, State};
use crate::validate::View;
use crate::wire::{EntityTag, Preconditions, Verdict};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where stand-ins come from.
#[derive(Clone, Copy)]
pub struct Standins<'c> {
    /// The contract.
    pub contents: Contents<'c>,
    /// All its operations.
    pub operations: &'c Operations,
    /// Since when they stand: the contract's start.
    pub since: SystemTime,
}

/// An item that nobody has written.
#[derive(Debug)]
pub struct Standin {
    /// What it is.
    pub item: Item,
    /// Whether it is shown just as the contract alone would.
    pub is_plain: bool,
}

impl<'c> Standins<'c> {
    /// The item of a key.
    pub fn item(&self, binding: &Binding, parameters: &Parameters, key: &str) -> Standin {
        let own = |value: &Value| match binding.key.as_str() {
            "" => true,
            name => value.get(name).is_some_and(|own| stored_key(own) == key),
        };
        let row = || {
            let mut rows = self.rows(binding, parameters).into_iter();
            rows.find(|(of, _)| of == key).map(|(_, row)| row)
        };
        let (value, is_plain) = match self.shown(binding, Some(parameters)) {
            Some((value, is_sample)) if own(&value) && !is_sample => (value, true),
            Some((value, is_sample)) => match row() {
                Some(row) => (row, false),
                None if is_sample && own(&value) => (value, true),
                None => {
                    let named = self.named(binding, value.clone(), key);
                    // What goes by a name is an example of a name, whatever the path has.
                    let is_plain = named == value || !goes_by_id(binding);
                    (named, is_plain)
                }
            },
            None => {
                let bare = || Value::Object(Map::new());
                // Where even the contract has nothing to show, what it answers is that.
                row().map_or_else(|| (bare(), true), |row| (row, false))
            }
        };
        let item = self.stands(key, value);
        Standin { item, is_plain }
    }

    /// The tag of the list that the contract alone gives.
    pub fn list_tag(&self, binding: &Binding) -> Option<EntityTag> {
        let lister = self.operations.get(binding.lister?);
        let ready = lister.success_body()?.ready(self.contents).ok()?;
        Some(tag(&binding.collection, &ready.body.value))
    }

    /// Judges preconditions on a list, which has a tag and no time of its last change: a date then
    /// says nothing (RFC 9110 §13.1.4).
    pub(super) fn check_list(
        &self,
        preconditions: &Preconditions,
        binding: &Binding,
        parameters: &Parameters,
        state: &State,
    ) -> Result<(), Rejection> {
        let collection = state.collection(&binding.place(parameters));
        let tag = collection.map(|all| all.tag());
        let tag = tag.or_else(|| {
            let is_free = !binding.is_seeded;
            is_free.then(|| self.list_tag(binding)).flatten()
        });
        let verdict = tag.as_ref().map(|tag| {
            let verdict = preconditions.judge(false, tag, UNIX_EPOCH);
            (verdict, tag)
        });
        match verdict {
            Some((Verdict::Failed(field), tag)) => Err(Rejection::precondition(field, tag)),
            None if preconditions.needs_item() => Err(Rejection::precondition_without_item()),
            _ => Ok(()),
        }
    }

    /// What takes over the items of the list, where a collection has never been written to.
    pub fn taken_over(
        &self,
        binding: &Binding,
        parameters: &Parameters,
        state: &State,
    ) -> Vec<Change> {
        if binding.is_written(parameters, state) {
            return Vec::new();
        }
        let place = binding.place(parameters);
        let plant = |(key, value): (String, Value)| {
            let item = self.stands(&key, value);
            Change::Plant(place.clone().into_owned(), key, item)
        };
        let Some(scope) = &binding.scope else {
            return self
                .rows(binding, parameters)
                .into_iter()
                .map(plant)
                .collect();
        };
        let stored = state.collection(&place);
        let mut rows = match (stored, scope.lister) {
            (None, Some(lister)) => self.rows_of(lister, binding, parameters),
            _ => Vec::new(),
        };
        for (key, mut row) in self.rows(binding, parameters) {
            let is_known = stored.is_some_and(|all| all.get(&key).is_some() || all.is_buried(&key));
            for (parameter, property) in &scope.links {
                if let (Some(value), Some(row)) =
                    (parameters.path.get(parameter), row.as_object_mut())
                {
                    row.entry(property.clone()).or_insert_with(|| value.clone());
                }
            }
            if !is_known {
                rows.retain(|(other, _)| *other != key);
                rows.push((key, row));
            }
        }
        let mark = Change::Bury(place.clone().into_owned(), scope.mark(parameters));
        rows.into_iter().map(plant).chain([mark]).collect()
    }

    /// What has none of the items of a list that stands elsewhere than they do: it is of something
    /// new. Those that others list stay.
    pub(super) fn emptied(
        &self,
        binding: &Binding,
        parameters: &Parameters,
        state: &State,
    ) -> Vec<Change> {
        let Some(scope) = &binding.scope else {
            return Vec::new();
        };
        if binding.is_seeded || binding.is_written(parameters, state) {
            return Vec::new();
        }
        let place = binding.place(parameters);
        let rows = match (state.collection(&place), scope.lister) {
            (None, Some(lister)) => self.rows_of(lister, binding, parameters),
            _ => Vec::new(),
        };
        let others = rows
            .into_iter()
            .filter(|(_, row)| !scope.has(row, parameters));
        let plant = |(key, value): (String, Value)| {
            let item = self.stands(&key, value);
            Change::Plant(place.clone().into_owned(), key, item)
        };
        let mark = Change::Bury(place.clone().into_owned(), scope.mark(parameters));
        others.map(plant).chain([mark]).collect()
    }

    /// The items of a list that nobody has written to, though others of its collection were: those
    /// that are known to be its own, and what stands for others but for what is known of, or gone.
    pub fn rows_beside(
        &self,
        binding: &Binding,
        parameters: &Parameters,
        state: &State,
    ) -> Option<Vec<(String, Value)>> {
        let scope = binding.scope.as_ref()?;
        let stored = state.collection(&binding.place(parameters))?;
        let own = stored
            .iter()
            .filter(|(_, item)| scope.has(&item.value, parameters));
        let own = own.map(|(key, item)| (key.to_owned(), item.value.as_ref().clone()));
        let others = self.rows(binding, parameters).into_iter();
        let is_new = |key: &str| stored.get(key).is_none() && !stored.is_buried(key);
        Some(own.chain(others.filter(|(key, _)| is_new(key))).collect())
    }

    /// What a query says of an item that no body tells of: the parameters that are its properties.
    pub fn said_in_query(&self, binding: &Binding, parameters: &Parameters) -> Map<String, Value> {
        let shapes = self.contents.shapes;
        let shape = self.reader(binding).and_then(|(shown, content)| {
            let mut names = shown.envelope.iter();
            names.try_fold(content.shape?, |id, name| {
                Some(shapes.of_property(shapes.get(id).properties.get(name)?))
            })
        });
        let properties = shape.map(|id| &shapes.get(id).properties);
        let is_settable = |name: &str| {
            let property = properties.and_then(|all| all.get(name));
            property.is_some_and(|property| !shapes.get(shapes.of_property(property)).read_only)
        };
        let said = parameters.query.iter();
        let said = said.filter(|(name, _)| is_settable(name) && **name != binding.key);
        said.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// The items of the list that the contract alone gives to a path, by their keys.
    pub fn rows(&self, binding: &Binding, parameters: &Parameters) -> Vec<(String, Value)> {
        let of = |lister| self.rows_of(lister, binding, parameters);
        binding.lister.map(of).unwrap_or_default()
    }

    fn rows_of(
        &self,
        lister: usize,
        binding: &Binding,
        parameters: &Parameters,
    ) -> Vec<(String, Value)> {
        let list = || {
            let lister = self.operations.get(lister);
            let above = match &binding.key_from {
                KeyFrom::Path(name) if parameters.path.contains_key(name) => {
                    let mut above = parameters.clone();
                    above.path.shift_remove(name);
                    Cow::Owned(above)
                }
                _ => Cow::Borrowed(parameters),
            };
            let list = self.said(lister, Some(&above))?.0;
            let rows = lister.binding.as_ref()?.unwrapped(&list)?;
            let binding = lister.binding.as_ref()?;
            let rows = rows.as_array()?.iter();
            Some(
                rows.map(|row| binding.item_of(row).clone())
                    .collect::<Vec<Value>>(),
            )
        };
        let shown = self.shown(binding, None).map(|(value, _)| value);
        let mut seen = HashSet::new();
        let rows = list().unwrap_or_default().into_iter();
        let rows = rows.filter_map(|row| {
            let key = stored_key(row.get(&binding.key)?);
            // What the document shows as that item is that item, with all that it has.
            let whole = shown.as_ref().filter(|whole| {
                let own = whole.get(&binding.key);
                own.is_some_and(|own| stored_key(own) == key)
            });
            let row = match (whole, row) {
                (Some(Value::Object(whole)), Value::Object(row)) => {
                    let mut all = whole.clone();
                    all.extend(row);
                    Value::Object(all)
                }
                (_, row) => row,
            };
            seen.insert(key.clone()).then_some((key, row))
        });
        rows.collect()
    }

    /// A value for what stands at a place of a body, as far as the schema's form leads there.
    pub(super) fn made_at<'n>(
        &self,
        content: &PreparedContent,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<Value> {
        let shapes = self.contents.shapes;
        let mut id = content.shape?;
        let mut last = "";
        let mut seed = self.contents.sampling.seed.clone();
        for name in names {
            let shape = shapes.get(id);
            id = match shapes.of_items(shape) {
                Some(items) if name.parse::<usize>().is_ok() => {
                    // Rows aren't alike, and the first is as what has no rows is.
                    if name != "0" {
                        seed = format!("{seed}[{name}]");
                    }
                    items
                }
                _ => shapes.of_property(shape.properties.get(name)?),
            };
            last = name;
        }
        let (document, schemas) = (self.contents.document, self.contents.schemas);
        let order = Order {
            schema: shapes.schema(id),
            view: View::Reply,
            seed: &seed,
            is_dynamic: false,
            locale: self.contents.sampling.locale(document),
            names: &[last],
            hint: None,
            wish: None,
        };
        sample(document, schemas, &order).ok()
    }

    /// The operation that shows one item: its tie, and what it shows.
    pub(super) fn reader(&self, binding: &Binding) -> Option<(&'c Binding, &'c PreparedContent)> {
        let reader = self.operations.get(binding.reader?);
        Some((reader.binding.as_ref()?, reader.success_body()?))
    }

    /// What the contract alone shows as the item, and whether that is made up: it then says what
    /// the path does, where there is one.
    pub(super) fn shown(
        &self,
        binding: &Binding,
        path: Option<&Parameters>,
    ) -> Option<(Value, bool)> {
        let reader = self.operations.get(binding.reader?);
        let (body, is_sample) = self.said(reader, path)?;
        let value = reader.binding.as_ref()?.unwrapped(&body)?;
        value.is_object().then(|| (value.clone(), is_sample))
    }

    /// The body that the contract alone has for an operation, as [`shown`](Self::shown) has the item.
    fn said(&self, operation: &Prepared, path: Option<&Parameters>) -> Option<(Value, bool)> {
        let content = operation.success_body()?;
        let body = &content.ready(self.contents).ok()?.body;
        let path = path.filter(|_| body.is_sample);
        let told = path.and_then(|path| {
            let said = operation.echo(self.contents, path);
            echo(self.contents, content, &body.value, &said)
        });
        let told = told.unwrap_or_else(|| body.value.clone());
        Some((told, body.is_sample))
    }

    /// The same item under another key, as far as its schema allows.
    fn named(&self, binding: &Binding, value: Value, key: &str) -> Value {
        let Some((shown, content)) = self.reader(binding) else {
            return value;
        };
        if value.get(&binding.key).is_none() {
            return value;
        }
        for key in forms(&Value::from(key)) {
            let mut changed = value.clone();
            changed[&binding.key] = key;
            let body = shown.wrapped(changed);
            if content.is_valid(self.contents, &body)
                && let Some(changed) = shown.unwrapped(&body)
            {
                return changed.clone();
            }
        }
        value
    }

    fn stands(&self, key: &str, value: Value) -> Item {
        let tag = tag(key, &value);
        Item::new(value, tag, self.since)
    }

    /// A new item with all that a reply shows of one, made up where it isn't there. Nothing where
    /// that can't be.
    pub fn drawn(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        item: &Value,
        seed: &str,
    ) -> Option<Value> {
        let body = render_item(self.contents.shapes, binding, Some(content), item);
        let made = self.sampled(content, &body, seed)?;
        let mut whole = binding.unwrapped(&made)?.as_object()?.clone();
        for (name, value) in item.as_object()? {
            whole.entry(name.clone()).or_insert_with(|| value.clone());
        }
        Some(Value::Object(whole))
    }

    /// A valid body that says what another says, as far as its schema lets it.
    pub fn like(&self, content: &PreparedContent, body: Value, seed: &str) -> Option<Value> {
        match content.is_valid(self.contents, &body) {
            true => Some(body),
            false => self.sampled(content, &body, seed).map(|made| {
                // What agrees in what is made up is no reason to say otherwise.
                let mut told = made.clone();
                lay_over(&mut told, &body);
                match told != made && content.is_valid(self.contents, &told) {
                    true => told,
                    false => made,
                }
            }),
        }
    }

    /// The same, with all else that the schema lets it say.
    pub fn sampled(&self, content: &PreparedContent, body: &Value, seed: &str) -> Option<Value> {
        content.like(self.contents, body, seed)
    }
}

/// Has a value say what another says, member by member, and of lists of the same length item by item.
fn lay_over(value: &mut Value, said: &Value) {
    match (value, said) {
        (Value::Object(members), Value::Object(said)) => {
            for (name, said) in said {
                match members.get_mut(name) {
                    Some(value) => lay_over(value, said),
                    None => _ = members.insert(name.clone(), said.clone()),
                }
            }
        }
        (Value::Array(items), Value::Array(said)) if items.len() == said.len() => {
            let both = items.iter_mut().zip(said);
            both.for_each(|(item, said)| lay_over(item, said));
        }
        (Value::Array(_), Value::Array(_)) => {}
        (value, said) => *value = said.clone(),
    }
}

/// Whether what holds the key of an item says that it is an id, or is called as the path has it.
fn goes_by_id(binding: &Binding) -> bool {
    let is_id = words(&binding.key)
        .last()
        .is_some_and(|last| IDS.contains(&last.as_str()));
    let is_named = |name: &str| plain(name) == plain(&binding.key);
    is_id || matches!(&binding.key_from, KeyFrom::Path(name) if is_named(name))
}

/// Whether a tag is that of an item that nobody has written.
pub(super) fn is_standin(tag: &EntityTag) -> bool {
    tag.opaque().starts_with(STANDIN)
}

/// What the tags of items begin with that nobody has written; those of others begin with a number
/// of base 16.
const STANDIN: &str = "doc-";

/// The same for the same key and value, and for no other.
fn tag(key: &str, value: &Value) -> EntityTag {
    let mut hasher = DefaultHasher::new();
    (key, value).hash(&mut hasher);
    EntityTag::strong(format!("{STANDIN}{:016x}", hasher.finish()))
}

/// What a path says, in the types that it may be meant as.
pub(super) fn forms(value: &Value) -> Vec<Value> {
    let mut forms = vec![value.clone()];
    match value {
        Value::String(text) => match text.as_str() {
            "true" => forms.push(true.into()),
            "false" => forms.push(false.into()),
            text => forms.extend(text.parse::<i64>().ok().map(Value::from)),
        },
        Value::Number(number) => forms.push(number.to_string().into()),
        Value::Bool(flag) => forms.push(flag.to_string().into()),
        _ => {}
    }
    forms
}
