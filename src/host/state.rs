//! What an API remembers, looked at and set from outside: no contract and no rule is asked.

use super::Api;
use crate::contract::{ClockChange, ClockReading, Contract, NoClock, NoRoom, StoreOf};
use crate::store::{Change, Item, Unopened, Unwritten};
use serde_json::{Map, Value};
use std::time::SystemTime;

/// What an API remembers, or what it does in a sandbox.
pub struct Memory<'a> {
    pub(super) contract: &'a Contract,
    pub(super) store: StoreOf<'a>,
}

/// Why items can't be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unput {
    /// One is no item of the collection: which, and why.
    Unfit(String),
    /// They couldn't be written.
    Unwritten(Unwritten),
}

impl From<String> for Unput {
    fn from(why: String) -> Unput {
        Unput::Unfit(why)
    }
}

impl From<Unwritten> for Unput {
    fn from(why: Unwritten) -> Unput {
        Unput::Unwritten(why)
    }
}

impl Api {
    /// What it remembers in the sandbox of a name, which is made where there is none; without a
    /// name, what it remembers for all others.
    ///
    /// # Errors
    /// There are as many sandboxes as there may be, or what keeps the state can't be used.
    pub fn memory(&self, sandbox: Option<&str>) -> Result<Memory<'_>, Unopened> {
        let store = self.contract.store(sandbox)?;
        Ok(Memory {
            contract: &self.contract,
            store,
        })
    }
}

impl Memory<'_> {
    /// What time it is for those who see this.
    pub fn read_clock(&self) -> ClockReading {
        self.contract.read_clock(&self.store)
    }

    /// Changes what time it is for those who see this.
    ///
    /// # Errors
    /// [`NoClock`] where it would show no year of an HTTP date.
    pub fn change_clock(&self, change: ClockChange) -> Result<(), NoClock> {
        self.contract.change_clock(&self.store, change)
    }

    /// Keeps what is remembered now by a name, to go back to; gives whether nothing was kept by it.
    ///
    /// # Errors
    /// [`NoRoom`], where there is none for another state.
    pub fn save(&self, name: &str) -> Result<bool, NoRoom> {
        let state = self.store.read(Clone::clone);
        let snapshots = self.contract.stores.snapshots();
        snapshots.keep(name, state, SystemTime::now())
    }

    /// Goes back to what was kept by a name; gives whether anything was.
    ///
    /// # Errors
    /// Why it couldn't be written: all is as it was.
    pub fn restore(&self, name: &str) -> Result<bool, Unwritten> {
        match self.contract.stores.snapshots().get(name) {
            Some(state) => self.store.restore(&state).map(|()| true),
            None => Ok(false),
        }
    }

    /// The items of a collection with their keys, as far as they were written; nothing where there
    /// is no such collection.
    pub fn items(&self, collection: &str) -> Option<Vec<(String, Value)>> {
        let item = |(key, item): (&str, &Item)| (key.to_owned(), item.value.as_ref().clone());
        let stored = self.store.read(|state| {
            let items = state.collection(collection)?.iter();
            Some(items.map(item).collect())
        });
        stored.or_else(|| self.contract.key_of(collection).map(|_| Vec::new()))
    }

    /// One item, whole.
    pub fn item(&self, collection: &str, key: &str) -> Option<Value> {
        self.store.read(|state| {
            let item = state.item(collection, key)?;
            Some(item.value.as_ref().clone())
        })
    }

    /// Puts an item as it is, judged by nothing but that it is an object with this key.
    /// Gives whether it is new.
    ///
    /// # Errors
    /// Why it can't be put.
    pub fn put_item(&self, collection: &str, key: &str, item: Value) -> Result<bool, Unput> {
        let item = self.keyed(collection, key, item)?;
        let (new, _) = self
            .store
            .write(self.contract.now(&self.store).into(), |state| {
                let new = state.item(collection, key).is_none();
                let put = Change::Put(collection.to_owned(), key.to_owned(), item.clone());
                Ok::<_, Unput>((vec![put], new))
            })?;
        Ok(new)
    }

    /// Makes a collection hold these items and no others, as [`Memory::put_item`] takes them; all
    /// of them, or where one can't be put, none.
    ///
    /// # Errors
    /// Which item can't be put, and why.
    pub fn replace_items(&self, collection: &str, items: Map<String, Value>) -> Result<(), Unput> {
        let mut puts = Vec::new();
        for (key, item) in items {
            let item = self
                .keyed(collection, &key, item)
                .map_err(|why| format!("{key}: {why}"))?;
            puts.push(Change::Put(collection.to_owned(), key, item));
        }
        self.store
            .write(self.contract.now(&self.store).into(), |state| {
                let there = state.collection(collection).into_iter();
                let there = there.flat_map(|all| all.iter());
                let mut changes: Vec<Change> = there
                    .map(|(key, _)| self.removal(collection, key))
                    .collect();
                changes.extend(puts.iter().cloned());
                Ok::<_, Unput>((changes, ()))
            })?;
        Ok(())
    }

    /// Takes an item out; gives whether it was there.
    ///
    /// # Errors
    /// Why it can't be taken out.
    pub fn delete_item(&self, collection: &str, key: &str) -> Result<bool, Unwritten> {
        let (was_there, _) = self
            .store
            .write(self.contract.now(&self.store).into(), |state| {
                let is_there = state.item(collection, key).is_some();
                let removal = is_there.then(|| self.removal(collection, key));
                Ok::<_, Unwritten>((removal.into_iter().collect(), is_there))
            })?;
        Ok(was_there)
    }

    /// Where no fixtures say which items there are, what is gone must not come back of itself.
    fn removal(&self, collection: &str, key: &str) -> Change {
        let (collection, key) = (collection.to_owned(), key.to_owned());
        match self.contract.keys.contains_key(&collection) {
            true => Change::Remove(collection, key),
            false => Change::Bury(collection, key),
        }
    }

    /// The item with its key in the property that holds it.
    fn keyed(&self, collection: &str, key: &str, item: Value) -> Result<Value, String> {
        let Some(property) = self.contract.key_of(collection) else {
            return Err(format!("there is no collection {collection:?}"));
        };
        let Value::Object(mut members) = item else {
            return Err("an item is an object".to_owned());
        };
        // What there is one of alone has no key.
        if property.is_empty() {
            return match key.is_empty() {
                true => Ok(Value::Object(members)),
                false => Err(format!("{collection} is one item, whose key is empty")),
            };
        }
        let given = members
            .entry(property.to_owned())
            .or_insert_with(|| key.into());
        let is_key = match &*given {
            Value::String(text) => text == key,
            Value::Number(number) => number.to_string() == key,
            _ => false,
        };
        if !is_key {
            return Err(format!("the item's {property} is not {key:?}"));
        }
        Ok(Value::Object(members))
    }
}
