//! What an API remembers, looked at and set from outside: no contract and no rule is asked.

use super::part::{Hanging, Part};
use super::{Api, NoPart};
use crate::contract::{ClockChange, ClockReading, Contract, NoClock, NoRoom, StoreOf};
use crate::store::{Change, Collection, State, Unopened, Unwritten};
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
    /// There is nowhere to put them.
    NoPart(NoPart),
    /// One is no item of the collection: which, and why.
    Unfit(String),
    /// They couldn't be written.
    Unwritten(Unwritten),
}

impl From<NoPart> for Unput {
    fn from(why: NoPart) -> Unput {
        Unput::NoPart(why)
    }
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

    /// Whether [`Memory::change_clock`] would be refused.
    ///
    /// # Errors
    /// [`NoClock`] where it would show no year of an HTTP date.
    pub fn check_clock(&self, change: ClockChange) -> Result<(), NoClock> {
        self.contract.check_clock(&self.store, change)
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

    /// The items of a collection by their keys, as far as they were written. Of one whose items
    /// hang on others a name says what on (`toys@1`); without that it gives all of them, by such
    /// names.
    ///
    /// # Errors
    /// Why the name means none.
    pub fn items(&self, collection: &str) -> Result<Map<String, Value>, NoPart> {
        let part = self.part(collection)?;
        Ok(self.store.read(|state| match &part {
            Part::One(place) => state.collection(place).map_or_else(Map::new, all_of),
            Part::Each(hanging) => {
                let places = self.places(state, hanging).into_iter();
                let all = places.map(|(place, items)| (place.to_owned(), all_of(items).into()));
                all.collect()
            }
        }))
    }

    /// One item, whole.
    ///
    /// # Errors
    /// Why the collection's name means none.
    pub fn item(&self, collection: &str, key: &str) -> Result<Option<Value>, NoPart> {
        let place = self.place(collection)?;
        Ok(self.store.read(|state| {
            let item = state.item(&place, key)?;
            Some(item.value.as_ref().clone())
        }))
    }

    /// Puts an item as it is, judged by nothing but that it is an object with this key.
    /// Gives whether it is new.
    ///
    /// # Errors
    /// Why it can't be put.
    pub fn put_item(&self, collection: &str, key: &str, item: Value) -> Result<bool, Unput> {
        let place = self.place_to_put(collection)?;
        let item = self.keyed(&place, key, item)?;
        let (new, _) = self
            .store
            .write(self.contract.now(&self.store).into(), |state| {
                let new = state.item(&place, key).is_none();
                let put = Change::Put(place.clone(), key.to_owned(), item.clone());
                Ok::<_, Unput>((vec![put], new))
            })?;
        Ok(new)
    }

    /// Makes a collection hold these items and no others, as [`Memory::items`] gives them; all
    /// of them, or where one can't be put, none.
    ///
    /// # Errors
    /// Which item can't be put, and why.
    pub fn replace_items(&self, collection: &str, items: Map<String, Value>) -> Result<(), Unput> {
        let part = self.part(collection)?;
        let puts = match &part {
            Part::One(place) => self.puts(place, items)?,
            Part::Each(hanging) => {
                let mut puts = Vec::new();
                for (name, items) in items {
                    let place = self.place_to_put(&name).ok();
                    let is_one = |place: &String| {
                        let (collection, _) = self.contract.part_of(place);
                        collection == hanging.collection
                    };
                    let (Some(place), Value::Object(items)) = (place.filter(is_one), items) else {
                        return Err(format!("{name}: {hanging}").into());
                    };
                    let of_place = self.puts(&place, items);
                    puts.extend(of_place.map_err(|why| format!("{name}: {why}"))?);
                }
                puts
            }
        };
        self.store
            .write(self.contract.now(&self.store).into(), |state| {
                let removals = |(place, items): (&str, Collection<'_>)| -> Vec<Change> {
                    let keys = items.iter().map(|(key, _)| self.removal(place, key));
                    keys.collect()
                };
                let mut changes: Vec<Change> = match &part {
                    Part::One(place) => {
                        let items = state.collection(place);
                        let items = items.map(|items| removals((place, items)));
                        items.unwrap_or_default()
                    }
                    Part::Each(hanging) => {
                        let places = self.places(state, hanging).into_iter();
                        places.flat_map(removals).collect()
                    }
                };
                changes.extend(puts.iter().cloned());
                Ok::<_, Unput>((changes, ()))
            })?;
        Ok(())
    }

    /// Takes an item out; gives whether it was there.
    ///
    /// # Errors
    /// Why it can't be taken out.
    pub fn delete_item(&self, collection: &str, key: &str) -> Result<bool, Unput> {
        let place = self.place(collection)?;
        let (was_there, _) = self
            .store
            .write(self.contract.now(&self.store).into(), |state| {
                let is_there = state.item(&place, key).is_some();
                let removal = is_there.then(|| self.removal(&place, key));
                Ok::<_, Unput>((removal.into_iter().collect(), is_there))
            })?;
        Ok(was_there)
    }

    /// What is kept of a collection, by what its items hang on.
    fn places<'s>(&self, state: &'s State, hanging: &Hanging) -> Vec<(&'s str, Collection<'s>)> {
        let name = &hanging.collection;
        let is_one = |place: &str| self.contract.part_of(place).0 == name;
        let beginning = format!("{name}@");
        let all = state.collections_from(&beginning);
        all.filter(|(place, _)| is_one(place)).collect()
    }

    /// A place for an item that may be new.
    fn place_to_put(&self, collection: &str) -> Result<String, Unput> {
        self.place(collection).map_err(|why| match why {
            NoPart::Hangs(hanging) => Unput::Unfit(hanging.to_string()),
            other => Unput::NoPart(other),
        })
    }

    /// What puts items in a place.
    fn puts(&self, place: &str, items: Map<String, Value>) -> Result<Vec<Change>, String> {
        let put = |(key, item): (String, Value)| {
            let item = self.keyed(place, &key, item);
            let item = item.map_err(|why| format!("{key}: {why}"))?;
            Ok(Change::Put(place.to_owned(), key, item))
        };
        items.into_iter().map(put).collect()
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

fn all_of(items: Collection<'_>) -> Map<String, Value> {
    let items = items.iter();
    let items = items.map(|(key, item)| (key.to_owned(), item.value.as_ref().clone()));
    items.collect()
}
