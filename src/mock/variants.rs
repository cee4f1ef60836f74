//! The variants of a reply, one after another: the examples, then what a sample of the schema
//! becomes at each of its edges (a member left out, null, another value of an `enum`, another
//! alternative), so that a client meets them all.

use super::PreparedContent;
use super::body::{Body, NoBody};
use super::prepared::Contents;
use crate::sample::{Ground, Order, edges_until};
use crate::validate::View;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many bytes of JSON a variant has at most: what is longer is met by no client's users.
const LONGEST: usize = 64 << 10;

/// How long variants are looked for, once for each media type of a reply: in a large body each is
/// judged whole.
const LOOKED_FOR: Duration = Duration::from_millis(200);

/// The variants of one media type of a response, with the one whose turn it is.
#[derive(Debug)]
pub(super) struct Variants {
    all: Vec<Body>,
    turn: AtomicUsize,
}

impl PreparedContent {
    /// The variant whose turn it is. The first is the one that is sent where nothing is rotated.
    pub(super) fn next_variant(&self, contents: Contents<'_>) -> Result<&Body, NoBody> {
        let usual = &self.ready(contents)?.body;
        let variants = self.variants.get_or_init(|| Variants {
            all: self.variants_beside(contents, usual),
            turn: AtomicUsize::new(0),
        });
        let turn = variants.turn.fetch_add(1, Ordering::Relaxed) % (variants.all.len() + 1);
        Ok(match turn {
            0 => usual,
            turn => &variants.all[turn - 1],
        })
    }

    fn variants_beside(&self, contents: Contents<'_>, usual: &Body) -> Vec<Body> {
        let mut all: Vec<Body> = Vec::new();
        let examples = self.declared.examples.iter();
        let examples = examples.map(|example| self.shown(contents, example));
        for body in examples.filter(|body| self.is_valid(contents, &body.value)) {
            if body.value != usual.value && all.iter().all(|known| known.value != body.value) {
                all.push(body);
            }
        }
        let Some(schema) = self.declared.schema else {
            return all;
        };
        let ground = Ground {
            document: contents.document,
            schemas: contents.schemas,
            order: Order {
                schema,
                view: View::Reply,
                seed: &contents.sampling.seed,
                is_dynamic: false,
                locale: contents.sampling.locale(contents.document),
                names: &[],
                hint: None,
                wish: None,
            },
        };
        let started = Instant::now();
        let is_over = || started.elapsed() > LOOKED_FOR;
        let edges = edges_until(ground, &usual.value, &is_over);
        let edges: Vec<_> = edges
            .into_iter()
            .filter(|value| value.to_string().len() <= LONGEST)
            .collect();
        let count = edges.len();
        let place = contents.document.origin(self.declared.at);
        let numbered = edges.into_iter().enumerate();
        all.extend(numbered.map(|(number, value)| Body {
            value,
            source: format!("variant {} of {count} of {place}", number + 1).into(),
            is_sample: true,
        }));
        all.retain(|body| {
            let encoded = self.encode(contents, &body.value, !body.is_sample, None);
            encoded.is_ok_and(|encoded| self.misread(contents, &encoded).is_none())
        });
        all
    }
}
