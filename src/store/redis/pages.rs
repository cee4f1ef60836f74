//! What is kept of a store, as fields of a hash: its `revision`; after `c` the name of a
//! collection, with its revision; after `r` how many bytes the name of the collection has, a
//! colon, that name and a key, with the record's bytes. A page in the log is these fields one after
//! another, each with how many bytes it and its value have before it, four and the highest first.
//! One that was taken out has no value, and 2³²-1 in that place. The last is `log`, with what no
//! other page has: who lost the answer finds out by it whether the page was kept.

use super::super::format::{decode, encode};
use super::super::ledger::{KeptStore, Mark, Page, Record, Whose};
use std::sync::Arc;

/// In place of a value's length.
const NONE: u32 = u32::MAX;
const REVISION: &[u8] = b"revision";
/// A field that is the scripts' own; in a page, what tells it from all others.
const LOG: &[u8] = b"log";

/// A field, and its value where it has one.
pub(super) type Field = (Vec<u8>, Option<Vec<u8>>);

/// The fields that a page changes.
pub(super) fn fields(page: &Page) -> Vec<Field> {
    let revision = (
        REVISION.to_vec(),
        Some(page.revision.to_string().into_bytes()),
    );
    let collections = page.collections.iter().map(|(name, revision)| {
        let revision = revision.map(|revision| revision.to_string().into_bytes());
        ([b"c", name.as_bytes()].concat(), revision)
    });
    let records = page.records.iter().map(|record| {
        let mut name = format!("r{}:", record.collection.len()).into_bytes();
        name.extend(record.collection.as_bytes());
        name.extend(record.key.as_bytes());
        (name, encode(&record.fate))
    });
    std::iter::once(revision)
        .chain(collections)
        .chain(records)
        .collect()
}

/// The field that tells a page from all others.
pub(super) fn signature(random: [u8; 16]) -> Field {
    (LOG.to_vec(), Some(random.to_vec()))
}

/// The fields as a page in the log; nothing where one has 4 GiB.
pub(super) fn packed(fields: &[Field]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (name, value) in fields {
        let length = match value {
            Some(value) => u32::try_from(value.len()).ok().filter(|&len| len != NONE)?,
            None => NONE,
        };
        bytes.extend(u32::try_from(name.len()).ok()?.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend(name);
        bytes.extend(value.iter().flatten());
    }
    Some(bytes)
}

/// An entry of the log: the mark of what it made, that of what it was made of, and the page.
pub(super) fn read_entry(entry: &[u8], whose: &Whose, epoch: u64) -> Option<(Mark, Page)> {
    let mut parts = entry.splitn(3, |&octet| octet == b' ');
    let mut version = || number(parts.next()?);
    let mark = |version| Mark { epoch, version };
    let (made, since) = (mark(version()?), mark(version()?));
    let mut page = Page {
        whose: whose.clone(),
        since,
        revision: 0,
        is_fresh: false,
        collections: Vec::new(),
        records: Vec::new(),
    };
    let mut rest = parts.next()?;
    while !rest.is_empty() {
        let (lengths, after) = rest.split_at_checked(8)?;
        let (name, value) = lengths.split_at(4);
        let name = u32::from_be_bytes(name.try_into().ok()?);
        let value = u32::from_be_bytes(value.try_into().ok()?);
        let (name, after) = after.split_at_checked(name as usize)?;
        let (value, after) = match value {
            NONE => (None, after),
            length => {
                let (value, after) = after.split_at_checked(length as usize)?;
                (Some(value), after)
            }
        };
        rest = after;
        match read_field(name, value)? {
            Read::Revision(revision) => page.revision = revision,
            Read::Collection(name, revision) => page.collections.push((name, revision)),
            Read::Record(record) => page.records.push(record),
            Read::Nothing => {}
        }
    }
    Some((made, page))
}

/// All that is kept of a store. `fields` are names and values in turn.
pub(super) fn read_store<'f>(
    sandbox: Option<Arc<str>>,
    mark: Mark,
    fields: impl Iterator<Item = (&'f [u8], &'f [u8])>,
) -> Option<KeptStore> {
    let mut store = KeptStore {
        sandbox,
        revision: 0,
        mark,
        collections: Vec::new(),
        records: Vec::new(),
    };
    for (name, value) in fields {
        match read_field(name, Some(value))? {
            Read::Revision(revision) => store.revision = revision,
            Read::Collection(name, revision) => store.collections.push((name, revision?)),
            Read::Record(record) => store.records.push(record),
            Read::Nothing => {}
        }
    }
    Some(store)
}

enum Read {
    Revision(u64),
    Collection(Arc<str>, Option<u64>),
    Record(Record),
    Nothing,
}

fn read_field(name: &[u8], value: Option<&[u8]>) -> Option<Read> {
    if name == REVISION {
        return Some(Read::Revision(number(value?)?));
    }
    if name == LOG {
        return Some(Read::Nothing);
    }
    let (kind, rest) = name.split_first()?;
    match kind {
        b'c' => {
            let revision = match value {
                Some(value) => Some(number(value)?),
                None => None,
            };
            Some(Read::Collection(
                str::from_utf8(rest).ok()?.into(),
                revision,
            ))
        }
        b'r' => {
            let colon = rest.iter().position(|&octet| octet == b':')?;
            let length = usize::try_from(number(&rest[..colon])?).ok()?;
            let (collection, key) = rest[colon + 1..].split_at_checked(length)?;
            let fate = match value {
                Some(value) => decode(value)?,
                None => super::super::ledger::Fate::Seed,
            };
            Some(Read::Record(Record {
                collection: str::from_utf8(collection).ok()?.into(),
                key: str::from_utf8(key).ok()?.into(),
                fate,
            }))
        }
        _ => None,
    }
}

/// A number in decimal digits.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    let is_digits = text.iter().all(u8::is_ascii_digit);
    str::from_utf8(text)
        .ok()
        .filter(|_| is_digits)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::ledger::Fate;
    use super::*;
    use crate::wire::EntityTag;
    use serde_json::json;
    use std::time::UNIX_EPOCH;

    fn page() -> Page {
        let record = |collection: &str, key: &str, fate| Record {
            collection: collection.into(),
            key: key.into(),
            fate,
        };
        let item = Fate::Item {
            place: 3,
            revision: 9,
            tag: EntityTag::strong("9-a"),
            modified: UNIX_EPOCH,
            value: Arc::new(json!({"name": "é\u{0}"})),
        };
        Page {
            whose: Whose {
                api: "petstore".into(),
                sandbox: None,
            },
            since: Mark {
                epoch: 5,
                version: 6,
            },
            revision: 9,
            is_fresh: false,
            collections: vec![("pets:1".into(), Some(9)), ("toys".into(), None)],
            records: vec![
                record("pets:1", "a:b", item),
                record("pets:1", "", Fate::Gone),
                record("toys", "x", Fate::Seed),
            ],
        }
    }

    #[test]
    fn a_page_of_the_log_comes_back_as_it_was_and_one_that_is_cut_is_none() {
        let page = page();
        let packed = |fields: &[Field]| packed(fields).expect("packed");
        let signature = packed(&[signature([7; 16])]);
        let entry = [b"7 6 ".as_slice(), &packed(&fields(&page)), &signature].concat();
        let (mark, read) = read_entry(&entry, &page.whose, 5).expect("read");
        assert_eq!((mark.epoch, mark.version), (5, 7));
        assert_eq!(read.since, page.since);
        assert_eq!(read.revision, 9);
        assert_eq!(read.collections, page.collections);
        assert_eq!(read.records, page.records);
        assert!(read_entry(&entry[..entry.len() - 1], &page.whose, 5).is_none());
        for bad in ["", "7", "7 6", "x 6 ", "7 6 \0\0\0\u{1}", "7 -6 "] {
            assert!(
                read_entry(bad.as_bytes(), &page.whose, 5).is_none(),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_fields_of_a_store_are_read_and_others_make_it_unreadable() {
        let fields = fields(&page());
        let set = || {
            fields
                .iter()
                .filter_map(|(name, value)| Some((&name[..], value.as_deref()?)))
        };
        let mark = Mark::default();
        let own = [(LOG, b"12".as_slice())];
        let store = read_store(None, mark, set().chain(own)).expect("read");
        assert_eq!(store.revision, 9);
        assert_eq!(store.collections, [("pets:1".into(), 9)]);
        assert_eq!(store.records, page().records[..2]);
        for (name, value) in [
            ("r99:pets", "\u{3}"),
            ("r4:petsa", "\u{9}"),
            ("rpets", "\u{3}"),
            ("cpets", "nine"),
            ("revision", ""),
            ("other", ""),
        ] {
            let bad = [(name.as_bytes(), value.as_bytes())];
            assert!(read_store(None, mark, bad.into_iter()).is_none(), "{name}");
        }
    }
}
