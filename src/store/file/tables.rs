use super::super::format::{add_chunk, chunks, decode, encode, read_planting, show_planting};
use super::super::ledger::{Kept, KeptStore, Mark, Page, Planting, Record, Whose};
use super::Task;
use super::fault::Fault;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `format`, and `serial`: how many commits there were.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// What is known of an API's seeds, as JSON.
const PLANTINGS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("plantings");
/// An API's seeds, some at a time: `["collection", [["key", item], …]]`.
const SEEDS: TableDefinition<'_, (&str, u64), &[u8]> = TableDefinition::new("seeds");
/// The revision that a store of an API came to. The main one has no name, others `@` and theirs.
const STORES: TableDefinition<'_, StoreKey<'_>, u64> = TableDefinition::new("stores");
/// The revision that a collection of a store came to.
const COLLECTIONS: TableDefinition<'_, CollectionKey<'_>, u64> =
    TableDefinition::new("collections");
/// What isn't as the seeds have it, by API, store, collection and key.
const RECORDS: TableDefinition<'_, RecordKey<'_>, &[u8]> = TableDefinition::new("records");

type StoreKey<'k> = (&'k str, &'k str);
type CollectionKey<'k> = (&'k str, &'k str, &'k str);
type RecordKey<'k> = (&'k str, &'k str, &'k str, &'k str);

/// What is written in `format`.
const FORMAT: u64 = 1;

/// What was there before a write, as far as it matters should the write fail.
#[derive(Debug)]
pub(super) enum Undo {
    Store([String; 2], Option<u64>),
    Collection([String; 3], Option<u64>),
    Record([String; 4], Option<Vec<u8>>),
}

/// The database's tables.
pub(super) struct Tables;

impl Tables {
    /// Makes the tables where there are none. Gives the number of commits; nothing where they are
    /// of another version.
    pub fn prepare(database: &Database) -> Result<Option<u64>, Fault> {
        let transaction = database.begin_write()?;
        let (format, serial) = {
            let mut meta = transaction.open_table(META)?;
            transaction.open_table(PLANTINGS)?;
            transaction.open_table(SEEDS)?;
            transaction.open_table(STORES)?;
            transaction.open_table(COLLECTIONS)?;
            transaction.open_table(RECORDS)?;
            let format = meta.get("format")?.map(|format| format.value());
            if format.is_none() {
                meta.insert("format", FORMAT)?;
            }
            let serial = meta.get("serial")?.map_or(0, |serial| serial.value());
            (format.unwrap_or(FORMAT), serial)
        };
        match format == FORMAT {
            true => transaction.commit()?,
            false => transaction.abort()?,
        }
        Ok((format == FORMAT).then_some(serial))
    }

    pub fn serial(database: &Database) -> Result<u64, Fault> {
        let meta = database.begin_read()?.open_table(META)?;
        Ok(meta.get("serial")?.map_or(0, |serial| serial.value()))
    }

    /// Does all tasks in one commit, and notes what undoes them but for new seeds.
    pub fn write(
        database: &Database,
        serial: u64,
        tasks: &[Task],
        undo: &mut Vec<Undo>,
    ) -> Result<(), Fault> {
        let transaction = database.begin_write()?;
        transaction.open_table(META)?.insert("serial", serial)?;
        for task in tasks {
            match task {
                Task::Keep(page) => keep(&transaction, page, undo)?,
                Task::Forget(all) => {
                    for whose in all {
                        clear(&transaction, &whose.api, &name(whose), undo)?;
                    }
                }
                Task::Plant(api, planting) => plant(&transaction, api, planting)?,
            }
        }
        Ok(transaction.commit()?)
    }

    pub fn undo(database: &Database, serial: u64, undo: &[Undo]) -> Result<(), Fault> {
        let transaction = database.begin_write()?;
        {
            transaction.open_table(META)?.insert("serial", serial)?;
            let mut stores = transaction.open_table(STORES)?;
            let mut collections = transaction.open_table(COLLECTIONS)?;
            let mut records = transaction.open_table(RECORDS)?;
            // What was noted first was there first.
            for undo in undo.iter().rev() {
                match undo {
                    Undo::Store([api, name], Some(revision)) => {
                        stores.insert((api.as_str(), name.as_str()), revision)?;
                    }
                    Undo::Store([api, name], None) => {
                        stores.remove((api.as_str(), name.as_str()))?;
                    }
                    Undo::Collection([api, name, of], Some(revision)) => {
                        collections.insert((api.as_str(), name.as_str(), of.as_str()), revision)?;
                    }
                    Undo::Collection([api, name, of], None) => {
                        collections.remove((api.as_str(), name.as_str(), of.as_str()))?;
                    }
                    Undo::Record(key, Some(bytes)) => {
                        records.insert(borrowed(key), bytes.as_slice())?;
                    }
                    Undo::Record(key, None) => {
                        records.remove(borrowed(key))?;
                    }
                }
            }
        }
        Ok(transaction.commit()?)
    }

    /// What is kept of an API, if anything.
    pub fn read(database: &Database, api: &str, fingerprint: &str) -> Result<Option<Kept>, Fault> {
        let transaction = database.begin_read()?;
        let plantings = transaction.open_table(PLANTINGS)?;
        let Some(bytes) = plantings.get(api)? else {
            return Ok(None);
        };
        let mut planting = read_planting(bytes.value()).ok_or_else(|| unread("the seeds"))?;
        let seeds = transaction.open_table(SEEDS)?;
        let is_other = planting.fingerprint != fingerprint;
        let last = if is_other { u64::MAX } else { 0 };
        for chunk in seeds.range((api, 0)..(api, last))? {
            let (_, bytes) = chunk?;
            add_chunk(&mut planting.seeds, bytes.value()).ok_or_else(|| unread("the seeds"))?;
        }
        let mut stores = BTreeMap::new();
        let table = transaction.open_table(STORES)?;
        for store in table.range((api, "")..)? {
            let (key, revision) = store?;
            let (of, name) = key.value();
            if of != api {
                break;
            }
            let store = KeptStore {
                sandbox: name.strip_prefix('@').map(Arc::from),
                revision: revision.value(),
                mark: Mark::default(),
                collections: Vec::new(),
                records: Vec::new(),
            };
            stores.insert(name.to_owned(), store);
        }
        let table = transaction.open_table(COLLECTIONS)?;
        for collection in table.range((api, "", "")..)? {
            let (key, revision) = collection?;
            let (of, name, collection) = key.value();
            if of != api {
                break;
            }
            if let Some(store) = stores.get_mut(name) {
                let collection = Arc::from(collection);
                store.collections.push((collection, revision.value()));
            }
        }
        let table = transaction.open_table(RECORDS)?;
        for record in table.range((api, "", "", "")..)? {
            let (key, bytes) = record?;
            let (of, name, collection, key) = key.value();
            if of != api {
                break;
            }
            let fate = decode(bytes.value()).ok_or_else(|| unread(key))?;
            if let Some(store) = stores.get_mut(name) {
                store.records.push(Record {
                    collection: collection.into(),
                    key: key.into(),
                    fate,
                });
            }
        }
        Ok(Some(Kept {
            planting,
            mark: Mark::default(),
            stores: stores.into_values().collect(),
        }))
    }
}

fn unread(what: &str) -> Fault {
    Fault::Other(format!("{what} can't be read"))
}

/// A store's name in the tables.
fn name(whose: &Whose) -> String {
    let sandbox = whose.sandbox.as_ref();
    sandbox.map_or(String::new(), |sandbox| format!("@{sandbox}"))
}

fn borrowed(key: &[String; 4]) -> RecordKey<'_> {
    let [api, name, collection, key] = key;
    (api, name, collection, key)
}

fn keep(transaction: &WriteTransaction, page: &Page, undo: &mut Vec<Undo>) -> Result<(), Fault> {
    let api = page.whose.api.as_ref();
    let name = name(&page.whose);
    if page.is_fresh {
        clear(transaction, api, &name, undo)?;
    }
    let mut stores = transaction.open_table(STORES)?;
    let old = stores.insert((api, name.as_str()), page.revision)?;
    let old = old.map(|old| old.value());
    undo.push(Undo::Store([api.to_owned(), name.clone()], old));
    let mut collections = transaction.open_table(COLLECTIONS)?;
    for (collection, revision) in &page.collections {
        let key = (api, name.as_str(), &**collection);
        let old = match revision {
            Some(revision) => collections.insert(key, revision)?,
            None => collections.remove(key)?,
        };
        let old = old.map(|old| old.value());
        let key = [api, &name, collection].map(str::to_owned);
        undo.push(Undo::Collection(key, old));
    }
    let mut records = transaction.open_table(RECORDS)?;
    for record in &page.records {
        let key = (api, name.as_str(), &*record.collection, &*record.key);
        let old = match encode(&record.fate) {
            Some(bytes) => records.insert(key, bytes.as_slice())?,
            None => records.remove(key)?,
        };
        let old = old.map(|old| old.value().to_vec());
        undo.push(Undo::Record(owned(key), old));
    }
    Ok(())
}

/// Takes out all that is kept of a store.
fn clear(
    transaction: &WriteTransaction,
    api: &str,
    name: &str,
    undo: &mut Vec<Undo>,
) -> Result<(), Fault> {
    let mut stores = transaction.open_table(STORES)?;
    if let Some(old) = stores.remove((api, name))? {
        undo.push(Undo::Store(
            [api.to_owned(), name.to_owned()],
            Some(old.value()),
        ));
    }
    let mut collections = transaction.open_table(COLLECTIONS)?;
    let mut names = Vec::new();
    for collection in collections.range((api, name, "")..)? {
        let (key, _) = collection?;
        let (of, store, collection) = key.value();
        if (of, store) != (api, name) {
            break;
        }
        names.push(collection.to_owned());
    }
    for collection in names {
        let old = collections.remove((api, name, collection.as_str()))?;
        let old = old.map(|old| old.value());
        let key = [api.to_owned(), name.to_owned(), collection];
        undo.push(Undo::Collection(key, old));
    }
    let mut records = transaction.open_table(RECORDS)?;
    let mut keys = Vec::new();
    for record in records.range((api, name, "", "")..)? {
        let (key, _) = record?;
        if (key.value().0, key.value().1) != (api, name) {
            break;
        }
        keys.push(owned(key.value()));
    }
    for key in keys {
        let old = records.remove(borrowed(&key))?;
        let old = old.map(|old| old.value().to_vec());
        undo.push(Undo::Record(key, old));
    }
    Ok(())
}

fn owned((api, name, collection, key): RecordKey<'_>) -> [String; 4] {
    [api, name, collection, key].map(str::to_owned)
}

fn plant(transaction: &WriteTransaction, api: &str, planting: &Planting) -> Result<(), Fault> {
    let mut records = transaction.open_table(RECORDS)?;
    records.retain(|(of, ..), _| of != api)?;
    let mut collections = transaction.open_table(COLLECTIONS)?;
    collections.retain(|(of, ..), _| of != api)?;
    let mut stores = transaction.open_table(STORES)?;
    stores.retain(|(of, _), _| of != api)?;
    let mut seeds = transaction.open_table(SEEDS)?;
    seeds.retain(|(of, _), _| of != api)?;
    for (number, chunk) in (0..).zip(chunks(&planting.seeds)) {
        seeds.insert((api, number), chunk.as_bytes())?;
    }
    let text = show_planting(planting);
    let mut plantings = transaction.open_table(PLANTINGS)?;
    plantings.insert(api, text.as_bytes())?;
    Ok(())
}
