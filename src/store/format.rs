//! A record's bytes: what its key met, then what goes with it. Numbers are eight bytes, the
//! highest first; a tag has its length before it; a time is nanoseconds since 1970 in sixteen; a
//! value is JSON.

use super::Seed;
use super::ledger::{Fate, Planting};
use crate::wire::EntityTag;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const ITEM: u8 = 1;
const RENEWED: u8 = 2;
const GONE: u8 = 3;
const BURIED: u8 = 4;

/// How many seeds are kept at a time.
const CHUNK: usize = 1_000;

/// The bytes that are kept; nothing where it is as the seeds have it.
pub(super) fn encode(fate: &Fate) -> Option<Vec<u8>> {
    let numbered = |kind: u8, numbers: &[u64]| {
        let numbers = numbers.iter().flat_map(|number| number.to_be_bytes());
        std::iter::once(kind).chain(numbers).collect::<Vec<u8>>()
    };
    Some(match fate {
        Fate::Item {
            place,
            revision,
            tag,
            modified,
            value,
        } => {
            let tag = tag.to_string();
            let mut bytes = numbered(ITEM, &[*place, *revision, tag.len() as u64]);
            bytes.extend(tag.as_bytes());
            bytes.extend(nanoseconds(*modified).to_be_bytes());
            bytes.extend(value.to_string().as_bytes());
            bytes
        }
        Fate::Renewed(revision) => numbered(RENEWED, &[*revision]),
        Fate::Gone => numbered(GONE, &[]),
        Fate::Buried(number) => numbered(BURIED, &[*number]),
        Fate::Seed => return None,
    })
}

/// Nothing where the bytes are none that [`encode`] gives.
pub(super) fn decode(bytes: &[u8]) -> Option<Fate> {
    let (kind, mut rest) = bytes.split_first()?;
    let mut number = || {
        let (number, after) = rest.split_first_chunk::<8>()?;
        rest = after;
        Some(u64::from_be_bytes(*number))
    };
    let fate = match *kind {
        ITEM => {
            let (place, revision) = (number()?, number()?);
            let length = usize::try_from(number()?).ok()?;
            let (tag, rest) = rest.split_at_checked(length)?;
            let (modified, text) = rest.split_first_chunk::<16>()?;
            return Some(Fate::Item {
                place,
                revision,
                tag: EntityTag::parse(str::from_utf8(tag).ok()?)?,
                modified: time(i128::from_be_bytes(*modified))?,
                value: Arc::new(value(text)?),
            });
        }
        RENEWED => Fate::Renewed(number()?),
        GONE => Fate::Gone,
        BURIED => Fate::Buried(number()?),
        _ => return None,
    };
    rest.is_empty().then_some(fate)
}

/// JSON of any depth: it was taken once, by whatever bounds were in force.
pub(super) fn value(text: &[u8]) -> Option<Value> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.disable_recursion_limit();
    let value = Value::deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

pub(super) fn nanoseconds(time: SystemTime) -> i128 {
    let signed = |span: Duration| i128::try_from(span.as_nanos()).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => signed(after),
        Err(before) => -signed(before.duration()),
    }
}

pub(super) fn time(nanoseconds: i128) -> Option<SystemTime> {
    let span = nanoseconds.unsigned_abs();
    let seconds = u64::try_from(span / 1_000_000_000).ok()?;
    let span = Duration::new(seconds, (span % 1_000_000_000) as u32);
    match nanoseconds < 0 {
        true => UNIX_EPOCH.checked_sub(span),
        false => UNIX_EPOCH.checked_add(span),
    }
}

/// What is known of seeds, as JSON.
pub(super) fn show_planting(planting: &Planting) -> String {
    let text = json!({
        "fingerprint": planting.fingerprint,
        "planted": nanoseconds(planting.planted).to_string(),
        "after": planting.after,
    });
    text.to_string()
}

/// What is known of seeds, but for these, out of what [`show_planting`] gives.
pub(super) fn read_planting(bytes: &[u8]) -> Option<Planting> {
    let kept = value(bytes)?;
    Some(Planting {
        seeds: Vec::new(),
        fingerprint: kept["fingerprint"].as_str()?.to_owned(),
        planted: time(kept["planted"].as_str()?.parse().ok()?)?,
        after: kept["after"].as_u64()?,
    })
}

fn read_chunk(bytes: &[u8]) -> Option<Seed> {
    let (collection, items) = pair(value(bytes)?)?;
    let Value::Array(items) = items else {
        return None;
    };
    Some(Seed {
        collection,
        items: items.into_iter().map(pair).collect::<Option<_>>()?,
    })
}

/// `["text", value]`.
fn pair(value: Value) -> Option<(String, Value)> {
    let Value::Array(both) = value else {
        return None;
    };
    let [Value::String(text), value] = <[Value; 2]>::try_from(both).ok()? else {
        return None;
    };
    Some((text, value))
}

/// Seeds, some at a time: `["collection", [["key", item], …]]`.
pub(super) fn chunks(seeds: &[Seed]) -> impl Iterator<Item = String> {
    seeds.iter().flat_map(|seed| {
        let empty = seed.items.is_empty().then_some(&[][..]);
        let chunks = empty.into_iter().chain(seed.items.chunks(CHUNK));
        chunks.map(|chunk| json!([seed.collection, chunk]).to_string())
    })
}

/// Adds what is in a chunk to the seeds of those before it.
pub(super) fn add_chunk(seeds: &mut Vec<Seed>, bytes: &[u8]) -> Option<()> {
    let chunk = read_chunk(bytes)?;
    match seeds.last_mut() {
        Some(seed) if seed.collection == chunk.collection => seed.items.extend(chunk.items),
        _ => seeds.push(chunk),
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_fate_comes_back_as_it_was_and_bytes_that_are_cut_are_none() {
        let deep = (0..250).fold(json!(1), |inner, _| json!([inner]));
        let exact = r#"{"b":1.0,"a":123456789012345678901234567890,"c":"\u0000é"}"#;
        let exact = serde_json::from_str(exact).expect("JSON");
        let times = [
            UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789),
            UNIX_EPOCH - Duration::from_millis(1_500),
        ];
        let item = |value: Value, modified| Fate::Item {
            place: 7,
            revision: u64::MAX,
            tag: EntityTag::strong("é-1"),
            modified,
            value: Arc::new(value),
        };
        for fate in [
            item(deep, times[0]),
            item(exact, times[1]),
            Fate::Renewed(1),
            Fate::Gone,
            Fate::Buried(3),
        ] {
            let bytes = encode(&fate).expect("kept");
            assert_eq!(decode(&bytes), Some(fate));
            assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
        }
        assert_eq!(encode(&Fate::Seed), None);
        assert_eq!(decode(b""), None);
        assert_eq!(decode(b"\x09"), None);
    }
}
