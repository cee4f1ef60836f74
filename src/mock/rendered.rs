//! Replies that show an item, as they were written last: most of what is read is read again before it
//! changes, and the same item is the same reply.

use crate::store::Item;
use crate::wire::Reply;
use arc_swap::ArcSwapOption;
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// How many replies a media type keeps; a power of two.
const KEPT: usize = 256;
/// A longer body isn't kept, in bytes.
const LONGEST: usize = 32 * 1024;

/// The replies of one media type that show one item each, as many as there is room for: of two that
/// share a place the later stays.
#[derive(Debug, Default)]
pub struct Renderings(OnceLock<Box<[ArcSwapOption<Rendered>]>>);

/// A reply, and the item that it shows.
#[derive(Debug)]
struct Rendered {
    item: Item,
    reply: Reply,
}

impl Renderings {
    /// The reply that shows this state of an item, where it is kept.
    pub fn of(&self, item: &Item) -> Option<Reply> {
        let known = self.0.get()?[place(&item.value)].load();
        let known = known.as_ref().filter(|known| {
            // As long as the value is held here no other has its address.
            let (own, other) = (&known.item, item);
            Arc::ptr_eq(&own.value, &other.value)
                && own.tag == other.tag
                && own.modified == other.modified
        });
        known.map(|known| known.reply.clone())
    }

    /// Keeps the reply that shows this state of an item.
    pub fn keep(&self, item: &Item, reply: &Reply) {
        if reply.body.len() > LONGEST {
            return;
        }
        let none = || (0..KEPT).map(|_| ArcSwapOption::empty()).collect();
        let rendered = Rendered {
            item: item.clone(),
            reply: reply.clone(),
        };
        self.0.get_or_init(none)[place(&item.value)].store(Some(Arc::new(rendered)));
    }
}

fn place(value: &Arc<Value>) -> usize {
    // What is allocated lies at multiples of 16: the product spreads that over its upper bits.
    let address = Arc::as_ptr(value).addr() as u64;
    let spread = address.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (spread >> (u64::BITS - KEPT.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{EntityTag, StatusCode};
    use serde_json::json;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn a_reply_is_that_of_one_state_of_an_item() {
        let renderings = Renderings::default();
        let item = Item::new(json!({"n": 1}), EntityTag::strong("a"), UNIX_EPOCH);
        assert!(renderings.of(&item).is_none());
        renderings.keep(&item, &Reply::json(StatusCode::OK, "a/b", &item.value));
        let shown = renderings.of(&item).expect("a reply");
        assert_eq!(&shown.body[..], b"{\"n\":1}");
        let other = |value: &Arc<Value>, tag: &str, seconds: u64| {
            let mut other = item.clone();
            other.value = Arc::clone(value);
            other.tag = EntityTag::strong(tag);
            other.modified = UNIX_EPOCH + Duration::from_secs(seconds);
            other
        };
        assert!(renderings.of(&other(&item.value, "a", 0)).is_some());
        let same = Arc::new(json!({"n": 1}));
        for another in [
            other(&same, "a", 0),
            other(&item.value, "b", 0),
            other(&item.value, "a", 1),
        ] {
            assert!(renderings.of(&another).is_none(), "{another:?}");
        }
        let long = Reply::json(StatusCode::OK, "a/b", &"a".repeat(LONGEST).into());
        let of_long = other(&same, "c", 0);
        renderings.keep(&of_long, &long);
        assert!(renderings.of(&of_long).is_none());
    }
}
