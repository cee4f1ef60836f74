//! What is known of the server's items: those that were created here, those that it shows, and
//! those of the fixtures.

use super::call::Call;
use super::items::puts_new;
use super::replay::Birth;
use crate::contract::Contract;
use crate::mock::{Action, Binding, KeyFrom, Prepared, key_text};
use crate::wire::{Reply, StatusCode, decode_percent, header};
use serde_json::Value;
use std::collections::HashMap;

/// How many items of one list, and of one collection's fixtures, are remembered.
const LISTED: usize = 20;
/// How many bytes a reply has at most that is read for what it tells of an item.
const READ: usize = 1 << 18;
/// How many replies that tell of items of one collection are remembered.
const SHOWN: usize = 8;
/// How many items are remembered in all.
const MOST: usize = 10_000;

/// The parameters of a path that lead to an item, in the clear.
pub(super) type Item = Vec<(String, String)>;

/// An item that may be there.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub collection: String,
    pub item: Item,
    /// Whether it was created here.
    pub is_own: bool,
    pub is_gone: bool,
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Pool {
    items: Vec<Known>,
    /// How those that were created here came to be, the last one last; also of those that are gone.
    births: Vec<Birth>,
    /// Where each is among them, by its path.
    born: HashMap<String, usize>,
    /// What replies showed of items, by their collections, the last one last.
    shown: HashMap<String, Vec<(Item, Value)>>,
    /// The values of parameters that links lead to, by the number of their operation.
    links: HashMap<usize, Vec<Vec<(String, Value)>>>,
}

impl Pool {
    /// One that knows the items of a contract's fixtures.
    pub fn of_fixtures(contract: &Contract) -> Pool {
        let mut pool = Pool::default();
        let apart = contract.apart();
        for number in 0..contract.operations.len() {
            let operation = contract.operations.get(number);
            let Some(binding) = operation.binding.as_ref().filter(|b| b.is_seeded) else {
                continue;
            };
            if binding.action != Action::Read && binding.reader.is_some() {
                continue;
            }
            apart.store().read(|state| {
                let items = state.collection(&binding.collection);
                let items = items.into_iter().flat_map(|items| items.iter());
                for (key, item) in items.take(LISTED) {
                    let above = |name: &str| {
                        let value = item.value.get(name)?;
                        Some(key_text(Some(value)))
                    };
                    if let Some(item) = path_of(binding, key, &above) {
                        pool.add(&binding.collection, item, false);
                    }
                }
            });
        }
        pool
    }

    fn add(&mut self, collection: &str, item: Item, is_own: bool) {
        let is_same = |known: &&mut Known| known.collection == collection && known.item == item;
        if let Some(known) = self.items.iter_mut().find(is_same) {
            known.is_own |= is_own;
            known.is_gone = false;
            return;
        }
        if self.items.len() < MOST {
            self.items.push(Known {
                collection: collection.to_owned(),
                item,
                is_own,
                is_gone: false,
            });
        }
    }

    /// Whether there is, or was, such an item.
    pub fn knows(&self, collection: &str, item: &Item) -> bool {
        let mut all = self.items.iter();
        all.any(|known| known.collection == collection && known.item == *item)
    }

    /// The items of a collection that may be there: those that were created here before others, and
    /// the last one first.
    pub fn of(&self, collection: &str) -> Vec<Known> {
        let known = self.items.iter().rev();
        let known = known.filter(|known| known.collection == collection && !known.is_gone);
        let mut all: Vec<Known> = known.cloned().collect();
        all.sort_by_key(|known| !known.is_own);
        all
    }

    /// The items that were created here and may be there still, the last one first.
    pub fn own(&self) -> Vec<Known> {
        let own = self.items.iter().rev();
        own.filter(|known| known.is_own && !known.is_gone)
            .cloned()
            .collect()
    }

    /// A value of a path parameter of this name, of whatever item.
    pub fn named(&self, name: &str) -> Option<&str> {
        let mut known = self.items.iter().rev().filter(|known| !known.is_gone);
        known.find_map(|known| {
            let found = known.item.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.as_str())
        })
    }

    /// How the item at a path came to be, where it was created here.
    pub fn birth(&self, path: &str) -> Option<&Birth> {
        self.births.get(*self.born.get(path)?)
    }

    /// How the last items came to be that were created right below a path, so many at most.
    pub fn births_below(&self, path: &str, count: usize) -> Vec<Birth> {
        let above = |birth: &Birth| birth.path.rsplit_once('/').map(|(above, _)| above == path);
        let last = self.births.iter().rev();
        let below = last.filter(|birth| above(birth).unwrap_or_default());
        below.take(count).cloned().collect()
    }

    /// The members of lists of items that an operation may name one of, with the items: the last that
    /// were shown first.
    pub fn members(&self, binding: &Binding) -> Vec<Item> {
        let Some(members) = &binding.members else {
            return Vec::new();
        };
        let shown = self.shown.get(&binding.collection);
        let named = shown
            .into_iter()
            .flatten()
            .rev()
            .filter_map(|(item, value)| {
                let (name, keys) = members.named_in(value)?;
                let all = keys.into_iter().map(move |key| {
                    let mut item = item.clone();
                    item.push((name.to_owned(), key));
                    item
                });
                Some(all)
            });
        named.flatten().collect()
    }

    /// Forgets an item.
    pub fn bury(&mut self, collection: &str, item: &Item) {
        for known in &mut self.items {
            if known.collection == collection && known.item == *item {
                known.is_gone = true;
            }
        }
    }

    /// Takes note of what a reply tells of an item.
    fn show(&mut self, binding: &Binding, call: &Call, reply: &Reply) {
        let item = match (&binding.key_from, binding.action) {
            (KeyFrom::Single, _) => Some(Item::new()),
            (_, Action::Create) => created(binding, call, reply),
            (_, Action::Read | Action::Update(_)) => item_of(binding, call),
            _ => None,
        };
        let told = || {
            let body = (reply.body.len() <= READ).then(|| reply.body_json())??;
            binding.told_of_item(&body)
        };
        if let Some(item) = item
            && let Some(value) = told()
        {
            let shown = self.shown.entry(binding.collection.clone()).or_default();
            shown.push((item, value));
            if shown.len() > SHOWN {
                shown.remove(0);
            }
        }
    }

    /// Remembers where a link leads.
    pub fn link(&mut self, operation: usize, values: Vec<(String, Value)>) {
        let all = self.links.entry(operation).or_default();
        if all.len() < LISTED && !all.contains(&values) {
            all.push(values);
        }
    }

    /// What links lead to an operation with, the last first.
    pub fn links(&self, operation: usize) -> Vec<Vec<(String, Value)>> {
        let all = self.links.get(&operation);
        all.into_iter().flatten().rev().cloned().collect()
    }

    /// Takes note of what a successful reply tells of items.
    pub fn learn(&mut self, operation: &Prepared, call: &Call, reply: &Reply) {
        let Some(binding) = &operation.binding else {
            return;
        };
        let above = |name: &str| parameter(call, name);
        self.show(binding, call, reply);
        match binding.action {
            Action::Delete => {
                if let Some(item) = item_of(binding, call) {
                    self.bury(&binding.collection, &item);
                }
            }
            Action::Create => {
                if let Some(item) = created(binding, call, reply) {
                    let birth = Birth::of(binding, call, reply, &item);
                    if let Some(birth) = birth.filter(|_| self.births.len() < MOST) {
                        self.born.insert(birth.path.clone(), self.births.len());
                        self.births.push(birth);
                    }
                    self.add(&binding.collection, item, true);
                }
            }
            Action::List => {
                let body = reply.body_json();
                let items = body.as_ref().and_then(|body| binding.unwrapped(body));
                let items = items.and_then(Value::as_array).into_iter().flatten();
                for item in items.take(LISTED).map(|row| binding.item_of(row)) {
                    let of_item = |name: &str| {
                        above(name).or_else(|| item.get(name).map(|value| key_text(Some(value))))
                    };
                    let key = item.get(&binding.key).map(|key| key_text(Some(key)));
                    if let Some(path) = key.and_then(|key| path_of(binding, &key, &of_item)) {
                        self.add(&binding.collection, path, false);
                    }
                }
            }
            Action::Read | Action::Update(_) => {
                let item = match renamed(binding, call, reply) {
                    Some((old, new)) => {
                        self.bury(&binding.collection, &old);
                        Some(new)
                    }
                    None => item_of(binding, call),
                };
                // What is put where nothing was is new.
                let is_own = reply.status == StatusCode::CREATED && puts_new(operation);
                if let Some(item) = item {
                    self.add(&binding.collection, item, is_own);
                }
            }
            Action::Several => {}
        }
    }
}

/// The value of a path parameter that a request was sent with, in the clear.
pub(super) fn parameter(call: &Call, name: &str) -> Option<String> {
    let (_, written) = call.path.iter().find(|(own, _)| own == name)?;
    decode_percent(written).ok()
}

/// The item that a request is about, by its path.
pub(super) fn item_of(binding: &Binding, call: &Call) -> Option<Item> {
    let KeyFrom::Path(name) = &binding.key_from else {
        return None;
    };
    let key = parameter(call, name)?;
    path_of(binding, &key, &|name| parameter(call, name))
}

/// The item that a change was asked of that gave it another key, as it was known and as it is now.
fn renamed(binding: &Binding, call: &Call, reply: &Reply) -> Option<(Item, Item)> {
    let sent = call.body.as_ref()?.value.as_ref()?.get(&binding.key)?;
    let body = reply.body_json()?;
    let shown = binding.unwrapped(&body)?.get(&binding.key)?;
    let old = item_of(binding, call)?;
    let new = path_of(binding, &key_text(Some(sent)), &|name| {
        parameter(call, name)
    })?;
    (sent == shown && old != new).then_some((old, new))
}

/// The item that was created, by the reply's body or its `Location`.
pub(super) fn created(binding: &Binding, call: &Call, reply: &Reply) -> Option<Item> {
    let body = reply.body_json();
    let item = body.as_ref().and_then(|body| binding.unwrapped(body));
    let key = item.and_then(|item| item.get(&binding.key));
    let of_body = key
        .filter(|key| !key.is_null())
        .map(|key| key_text(Some(key)));
    let of_location = || {
        let location = reply.header(&header::LOCATION)?;
        let path = location.split(['?', '#']).next()?;
        let last = path.trim_end_matches('/').rsplit('/').next()?;
        decode_percent(last).ok()
    };
    let key = of_body.or_else(of_location).filter(|key| !key.is_empty())?;
    path_of(binding, &key, &|name| parameter(call, name))
}

/// The parameters that lead to an item of a key; `above` says those that come before its own.
fn path_of(binding: &Binding, key: &str, above: &dyn Fn(&str) -> Option<String>) -> Option<Item> {
    let names = binding.item_path.split('/');
    let names = names.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let names: Vec<&str> = names.collect();
    let (own, parents) = names.split_last()?;
    let mut item: Item = Vec::new();
    for name in parents {
        item.push(((*name).to_owned(), above(name)?));
    }
    item.push(((*own).to_owned(), key.to_owned()));
    Some(item)
}
