//! Several items written by one request: all of them, or on a refusal none. Each is written as a
//! request to its own path would do it, on the state that those before it lead to.

use super::batch::{Batch, KeysIn, Many};
use super::find::{Found, OTHERS, belongs, check_parents, find, stored_key};
use super::paging::Page;
use super::remove::take_out;
use super::standin::Standins;
use super::unique::taken;
use super::update::How;
use super::write::{Decided, Write};
use super::{Binding, KeyFrom, Prepared, PreparedContent, Rejection, project};
use crate::decode::Parameters;
use crate::rules::Stage;
use crate::spec::ShapeId;
use crate::store::{Change, State};
use crate::validate::{Place, View, Violation};
use crate::wire::{Pointer, Preconditions};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

/// The most items of one request: as many as a store takes beyond its seeds.
const MOST: usize = 10_000;

/// What a request says of several items.
pub struct Given<'g> {
    /// The items, or the keys of those to be removed.
    pub all: Vec<&'g Value>,
    /// Where the list of them stands in the body; nothing where they aren't in one.
    pub at: Option<Pointer>,
}

/// A write of several items, judged against a state that holds still.
pub struct Several<'u, 'r> {
    /// The operation.
    pub operation: &'u Prepared,
    /// What it does with several items.
    pub batch: &'u Batch,
    /// The request's parameters.
    pub parameters: &'u Parameters,
    /// What it says of the items.
    pub given: &'u Given<'u>,
    /// The shape of an item's schema.
    pub shape: Option<ShapeId>,
    /// The request's preconditions, which are on the list.
    pub preconditions: &'u Preconditions,
    /// The rules for a write on a state, where the operation has any.
    pub stage: &'u dyn Fn(&State) -> Option<Stage<'r>>,
    /// The contract, and what stands for items that nobody wrote.
    pub standins: Standins<'u>,
    /// The present moment.
    pub now: SystemTime,
}

/// How far a write has come.
struct Progress {
    state: State,
    changes: Vec<Change>,
    now: SystemTime,
}

impl Progress {
    fn make(&mut self, changes: Vec<Change>) {
        self.state = self.state.after(&changes, self.now);
        self.changes.extend(changes);
    }
}

impl<'g> Given<'g> {
    /// What a body says of several items. Nothing where it isn't as the schema was understood.
    pub fn in_body(batch: &Batch, body: &'g Value) -> Option<Given<'g>> {
        let name = match &batch.keys {
            Some(KeysIn::Body(name)) => name.as_ref(),
            _ => batch.wrapper.as_ref(),
        };
        let root = Pointer::root();
        let (list, at) = match name {
            Some(name) => (body.get(name)?, root.child(name)),
            None => (body, root),
        };
        let (all, at) = match list {
            Value::Array(all) => (all.iter().collect(), Some(at)),
            one if batch.takes_one => (vec![one], None),
            _ => return None,
        };
        let is_keys = batch.keys.is_some();
        let mut each = all.iter();
        let is_sound = each.all(|one: &&Value| match is_keys {
            true => one.is_string() || one.is_number(),
            false => one.is_object(),
        });
        is_sound.then_some(Given { all, at })
    }

    /// The place of one in the body.
    fn place(&self, index: usize) -> Pointer {
        let list = self.at.as_ref();
        list.map_or_else(Pointer::root, |at| at.child(index))
    }
}

/// The keys that a query parameter has.
pub fn keys_of(value: &Value, may_be_several: bool) -> Vec<Value> {
    match value {
        Value::Array(all) => all.iter().flat_map(|one| keys_of(one, false)).collect(),
        Value::String(text) if may_be_several => {
            let keys = text.split(',').map(str::trim).filter(|key| !key.is_empty());
            keys.map(Value::from).collect()
        }
        Value::String(_) | Value::Number(_) => vec![value.clone()],
        _ => Vec::new(),
    }
}

impl<'u> Several<'u, '_> {
    fn binding(&self) -> &'u Binding {
        &self.batch.each
    }

    /// What changes, and what was decided of each item that isn't removed, in the order in which
    /// they were given.
    pub fn decide(&self, state: &State) -> Result<(Vec<Change>, Vec<Decided>), Rejection> {
        check_parents(&self.binding().parents, self.parameters, state)?;
        if self.given.all.len() > MOST {
            let why = format!("a request has {MOST} items at most");
            return Err(Rejection::Full(why));
        }
        let (preconditions, parameters) = (self.preconditions, self.parameters);
        self.standins
            .check_list(preconditions, self.binding(), parameters, state)?;
        let mut progress = Progress {
            state: state.clone(),
            changes: Vec::new(),
            now: self.now,
        };
        let mut decided = Vec::new();
        match self.batch.does {
            Many::Add => decided = self.add(&mut progress)?,
            Many::Replace => decided = self.replace(&mut progress)?,
            Many::Change => {
                for (index, item) in self.given.all.iter().enumerate() {
                    let at = self.given.place(index);
                    decided.push(
                        self.change(item, &mut progress)
                            .map_err(|r| r.within(&at))?,
                    );
                }
            }
            Many::Remove => self.remove(&mut progress)?,
            Many::Clear => self.clear(&[], &mut progress),
        }
        self.check_unique(&progress.state, &decided)?;
        Ok((progress.changes, decided))
    }

    /// Refuses items that have what another has, once all is as it would become: several may well
    /// exchange their values.
    fn check_unique(&self, state: &State, decided: &[Decided]) -> Result<(), Rejection> {
        let unique = &self.batch.unique;
        if unique.is_empty() || decided.is_empty() {
            return Ok(());
        }
        let keys: Vec<&str> = decided.iter().map(|one| one.key.as_str()).collect();
        let collection = state.collection(&self.binding().place(self.parameters));
        let Some(taken) = collection.and_then(|all| taken(unique, all, &keys)) else {
            return Ok(());
        };
        let place = |of: &str| {
            let index = keys.iter().rposition(|key| *key == of);
            index.map(|index| self.given.place(index))
        };
        // One of this request isn't kept, nor is the key that it would have had.
        let other = match place(taken.other) {
            Some(at) => format!("what is sent at {at}"),
            None => taken.stored(&self.binding().collection),
        };
        Err(taken
            .rejection(&other)
            .within(&place(taken.key).unwrap_or_else(Pointer::root)))
    }

    /// Does something with one item, under a key where it has one.
    fn write<T>(
        &self,
        (item, key): (&Value, Option<&Value>),
        state: &State,
        act: impl FnOnce(Write<'_, '_>) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        let shapes = self.standins.contents.shapes;
        let body = project(shapes, self.shape, item, View::Request);
        let of = (self.operation, self.binding());
        let body = self.standins.meant(of, self.shape, body);
        let named = key.map(|key| self.named(key));
        let content = self.batch.shows.as_ref().map(|shows| &shows.item);
        act(Write {
            operation: self.operation,
            binding: self.binding(),
            parameters: named.as_ref().unwrap_or(self.parameters),
            body: &body,
            shape: self.shape,
            preconditions: &Preconditions::default(),
            content,
            created: content,
            stage: (self.stage)(state),
            standins: self.standins,
            now: self.now,
        })
        .map_err(|refused| refused.placed_in(item, None))
    }

    /// The parameters of a request to the path of a key.
    fn named(&self, key: &Value) -> Parameters {
        let mut parameters = self.parameters.clone();
        if let KeyFrom::Path(name) = &self.binding().key_from {
            parameters.path.insert(name.clone(), key.clone());
        }
        parameters
    }

    fn key<'i>(&self, item: &'i Value) -> Option<&'i Value> {
        let key = item.get(&self.binding().key);
        key.filter(|key| key.is_string() || key.is_number())
    }

    /// Items that come with a key go first, so that none is made up that another has.
    fn keyed_first(&self, has_key: impl Fn(&Value) -> bool) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.given.all.len()).collect();
        order.sort_by_key(|index| !has_key(self.given.all[*index]));
        order
    }

    fn add(&self, progress: &mut Progress) -> Result<Vec<Decided>, Rejection> {
        let shapes = self.standins.contents.shapes;
        let property = self.shape.and_then(|id| {
            let property = shapes.get(id).properties.get(&self.binding().key)?;
            Some(shapes.get(shapes.of_property(property)))
        });
        let is_servers = property.is_some_and(|property| property.read_only);
        if !is_servers {
            self.keys_once()?;
        }
        let order = self.keyed_first(|item| !is_servers && self.key(item).is_some());
        self.in_order(order, |index| {
            let state = &progress.state;
            let made = self.write((self.given.all[index], None), state, |w| w.create(state));
            let (changes, decided) = made?;
            progress.make(changes);
            Ok(decided)
        })
    }

    /// Does something with the items of these numbers. Gives what was decided in the order in
    /// which they were given.
    fn in_order(
        &self,
        order: Vec<usize>,
        mut act: impl FnMut(usize) -> Result<Decided, Rejection>,
    ) -> Result<Vec<Decided>, Rejection> {
        let mut decided = Vec::new();
        for index in order {
            let one = act(index).map_err(|why| why.within(&self.given.place(index)))?;
            decided.push((index, one));
        }
        decided.sort_by_key(|(index, _)| *index);
        Ok(decided.into_iter().map(|(_, one)| one).collect())
    }

    /// The keys of the items that come with one, or a refusal where two have the same.
    fn keys_once(&self) -> Result<Vec<String>, Rejection> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (index, item) in self.given.all.iter().enumerate() {
            let Some(key) = self.key(item).map(stored_key) else {
                continue;
            };
            if let Some(first) = seen.get(&key) {
                let first = self.given.place(*first);
                let detail = format!("is the key of {first} too");
                let refused = Rejection::Conflict(vec![self.about_key("unique", detail)]);
                return Err(refused.within(&self.given.place(index)));
            }
            seen.insert(key, index);
        }
        Ok(seen.into_keys().collect())
    }

    fn replace(&self, progress: &mut Progress) -> Result<Vec<Decided>, Rejection> {
        let binding = self.binding();
        let keys = self.keys_once()?;
        let kept: Vec<&str> = keys.iter().map(String::as_str).collect();
        self.clear(&kept, progress);
        let place = binding.place(self.parameters);
        let order = self.keyed_first(|item| self.key(item).is_some());
        self.in_order(order, |index| {
            let item = self.given.all[index];
            let key = self.key(item);
            let state = &progress.state;
            let text = key.map(stored_key).unwrap_or_default();
            let is_there = key.is_some() && self.is_there(&text, state);
            let made = self.write((item, key), state, |write| match (key, is_there) {
                (Some(_), true) => write.update(How::Merge(self.batch.merge), state),
                (Some(_), false) => write.put(state),
                (None, _) => write.create(state),
            });
            let (changes, decided) = made?;
            if is_there {
                // The list comes in the order of the request.
                progress.make(vec![Change::Remove(place.clone().into_owned(), text)]);
            }
            progress.make(changes);
            Ok(decided)
        })
    }

    /// Whether a key is that of an item that hangs on what the path names.
    fn is_there(&self, key: &str, state: &State) -> bool {
        let binding = self.binding();
        let item = state.item(&binding.place(self.parameters), key);
        item.is_some_and(|item| {
            let mut parents = binding.parents.iter();
            !binding.is_seeded
                || parents.all(|p| belongs(&item.value, &p.parameter, self.parameters))
        })
    }

    fn change(&self, item: &Value, progress: &mut Progress) -> Result<Decided, Rejection> {
        let Some(key) = self.key(item) else {
            let detail = "is needed here: it says which item is meant".to_owned();
            return Err(Rejection::Invalid(vec![self.about_key("required", detail)]));
        };
        let state = &progress.state;
        let changed = self.write((item, Some(key)), state, |write| {
            write.update(How::Merge(self.batch.merge), state)
        });
        let (changes, decided) = changed?;
        progress.make(changes);
        Ok(decided)
    }

    fn about_key(&self, rule: &str, detail: String) -> Violation {
        Violation {
            place: Place::Body(Pointer::root().child(&self.binding().key)),
            rule: rule.to_owned(),
            detail,
            origin: None,
        }
    }

    fn remove(&self, progress: &mut Progress) -> Result<(), Rejection> {
        let mut keys = Vec::new();
        for (index, key) in self.given.all.iter().enumerate() {
            let parameters = self.named(key);
            let state = &progress.state;
            let found = find(
                self.standins,
                self.binding(),
                &parameters,
                &Value::Null,
                state,
            );
            match found {
                Ok(Found { key, .. }) => keys.push(key),
                Err(why) if self.operation.documents(404) => {
                    return Err(match self.given.at {
                        Some(_) => why.within(&self.given.place(index)),
                        None => why,
                    });
                }
                // What isn't there is as it is asked to be.
                Err(_) => {}
            }
        }
        keys.sort();
        keys.dedup();
        let (binding, state) = (self.binding(), &progress.state);
        let changes = take_out(self.standins, binding, self.parameters, &keys, state);
        progress.make(changes);
        Ok(())
    }

    /// Takes out all items but those of some keys, and has what nobody wrote not come back.
    fn clear(&self, kept: &[&str], progress: &mut Progress) {
        let binding = self.binding();
        let place = binding.place(self.parameters);
        let taken_over = self
            .standins
            .taken_over(binding, self.parameters, &progress.state);
        progress.make(taken_over);
        let state = &progress.state;
        let kept: HashSet<&str> = kept.iter().copied().collect();
        let items = state.collection(&place).into_iter();
        let keys = items.flat_map(|all| all.iter().map(|(key, _)| key));
        let keys = keys.filter(|key| !kept.contains(key) && self.is_there(key, state));
        let keys: Vec<String> = keys.map(str::to_owned).collect();
        let mut changes = take_out(self.standins, binding, self.parameters, &keys, state);
        if !binding.is_seeded {
            changes.push(Change::Bury(place.into_owned(), OTHERS.to_owned()));
        }
        progress.make(changes);
    }

    /// The body of a reply that shows what became of the items, in the order in which they were
    /// given.
    pub fn shown(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        decided: &[Decided],
    ) -> Result<Value, Rejection> {
        let told = decided.iter().enumerate();
        let told: Vec<Value> = told
            .map(|(index, one)| self.told_of_each(index, one))
            .collect();
        let bodies: Vec<&Value> = told.iter().collect();
        let shows = self.batch.shows.as_ref();
        let mut body = match (shows.is_some_and(|shows| shows.is_last), bodies.last()) {
            (true, Some(last)) => (*last).clone(),
            _ => binding.wrapped(bodies.iter().map(|body| (*body).clone()).collect()),
        };
        if let Some(frame) = shows.and_then(|shows| shows.frame.as_ref()) {
            let items = decided.iter().zip(&bodies);
            let page = Page::whole(items.map(|(one, body)| (one.key.as_str(), *body)).collect());
            frame.fill(&mut body, &page, |_| None);
        }
        self.tell_counts(binding, content, decided.len(), &mut body);
        let like = self.standins.like(content, body, "");
        like.ok_or_else(|| {
            Rejection::Fault("no valid reply was found that shows the items".to_owned())
        })
    }
}
