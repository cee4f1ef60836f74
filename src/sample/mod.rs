//! Values made for schemas.
//!
//! Takes a schema and a seed; gives a value that is valid, or says why there is none. What is made
//! looks like what its names say, and is what the document's examples say where they are valid.
//!
//! All schemas that apply to one value are put together into a `Demand` (`absorb`), with one way
//! taken (`picks`) wherever they leave several: `oneOf`, `anyOf`, `if`, `not` (`deny`), several
//! types. A value is built for it (`object`, `list`, `number`, `text`), and judged where the
//! demand doesn't say all; if it breaks its schema, the next way is tried. From then on the schemas
//! are read for what their values are at most (`foresight`, `facts`), and ways are left out that
//! contradict that.

mod absorb;
mod agree;
mod apart;
mod branches;
mod demand;
mod deny;
mod discriminator;
mod draw;
mod edges;
mod effort;
mod facts;
mod figures;
mod foresight;
mod height;
mod keys;
mod kin;
mod kinds;
mod ledger;
mod list;
mod maker;
mod mentioned;
mod names;
mod number;
mod object;
mod order;
mod pairs;
mod picks;
mod place;
mod reason;
mod rows;
mod said;
mod scalar;
mod shares;
mod story;
mod sums;
mod text;
mod total;
mod ways;

use crate::spec::{At, Document};
use crate::validate::{Pattern, Schemas, View};
use demand::Root;
pub use draw::Draw;
pub use edges::{Ground, broken, edges, edges_until};
use effort::Effort;
pub use figures::rows_of_around;
pub use maker::FULL_SIZE;
use maker::Maker;
use names::Persona;
pub use names::{
    Locale, Role, Share, aged, by_status, consonant, count_of_doers, counts_of, figure_of_lists,
    is_ahead, is_count_of, is_of_birth, is_of_lines, is_of_page, is_witness, lasting, lies_behind,
    lists_alike, moved, priced_unit, rank, role, share, singular, told_beside,
    within as rows_within,
};
use place::Place;
use reason::Hurdles;
use serde_json::Value;
pub use sums::sums;
use text::{TextDemand, text};

/// How many steps the search for a sample may take, in all: one is a microsecond or two of a processor.
const STEPS: u64 = 50_000;
/// The same where nobody waits for a reply.
const READERS_STEPS: u64 = 500_000;

/// What is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Order<'o> {
    /// The schema.
    pub schema: At,
    /// Which side sends the value.
    pub view: View,
    /// What is drawn from: the same seed gives the same value.
    pub seed: &'o str,
    /// Whether examples and defaults of the schema are left aside.
    pub is_dynamic: bool,
    /// Where names and places are of.
    pub locale: Locale,
    /// The names that lead to it, where it isn't a body: a header field's.
    pub names: &'o [&'o str],
    /// What a text may say where nothing is said of it.
    pub hint: Option<&'o str>,
    /// A value that is followed as far as it is valid: an example that isn't.
    pub wish: Option<&'o Value>,
}

/// Why there is no sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsatisfied {
    /// What the nearest value that was made breaks, as a sentence.
    pub detail: String,
}

/// A valid value for a schema.
///
/// # Errors
/// Where none was found within 50,000 values and 4 MiB of them, 100,000 tries for each of four
/// goes, and, in all, 75,000 steps of a microsecond or two and 50 for each of the values.
pub fn sample(
    document: &Document,
    schemas: &Schemas,
    order: &Order<'_>,
) -> Result<Value, Unsatisfied> {
    let extent = (FULL_SIZE, usize::MAX);
    made(document, schemas, order, extent, STEPS).map(|(value, _)| value)
}

/// The same for a reader who sees the beginning of it: from `size` values on, it has no more than it
/// must have, and what is behind the first `end` is left out. Whether anything was. What isn't
/// wanted whole may take ten times as many steps.
///
/// # Errors
/// As those of [`sample`].
pub fn beginning(
    document: &Document,
    schemas: &Schemas,
    order: &Order<'_>,
    size: usize,
    end: usize,
) -> Result<(Value, bool), Unsatisfied> {
    let is_whole = end == usize::MAX;
    let most = if is_whole { STEPS } else { READERS_STEPS };
    let made = made(document, schemas, order, (size, end), most);
    made.map(|(value, left)| (value, left.is_begun))
}

/// The schemas of the properties that samples are without, as no value was found for them.
///
/// # Errors
/// Where none was found for the whole.
pub fn unmade(
    document: &Document,
    schemas: &Schemas,
    order: &Order<'_>,
) -> Result<Vec<At>, Unsatisfied> {
    let extent = (FULL_SIZE, usize::MAX);
    made(document, schemas, order, extent, STEPS).map(|(_, left)| left.unmade)
}

/// Whether there may be a sample, as far as the schema says so before any is made.
///
/// # Errors
/// Where the schema lets nothing pass.
pub fn foreseen(
    document: &Document,
    schemas: &Schemas,
    order: &Order<'_>,
) -> Result<(), Unsatisfied> {
    let root = Root {
        at: document.node(order.schema).at(),
        scope: Default::default(),
        denied: false,
    };
    let mut maker = Maker::new(document, schemas, order.view);
    let mut hurdles = Hurdles::default();
    hurdles.contradicts |= maker.foresee(std::slice::from_ref(&root)).is_never();
    let schema = schemas.at(order.view, order.schema);
    match hurdles.contradicts {
        true => Err(hurdles.reason(&maker, &root, schema, None)),
        false => Ok(()),
    }
}

/// What a sample is without.
struct Left {
    /// The schemas of properties that no value was found for.
    unmade: Vec<At>,
    /// Whether it is no more than the beginning.
    is_begun: bool,
}

fn made(
    document: &Document,
    schemas: &Schemas,
    order: &Order<'_>,
    (full_size, end): (usize, usize),
    most: u64,
) -> Result<(Value, Left), Unsatisfied> {
    let root = Root {
        at: document.node(order.schema).at(),
        scope: Default::default(),
        denied: false,
    };
    let schema = schemas.at(order.view, order.schema);
    let mut nearest = None;
    let mut hurdles = Hurdles::default();
    // At first parts are taken to be right where nothing speaks against it, as judging each costs.
    // What the document says itself may be what is in the way.
    // And at last there is no more of it than must be, as what needn't be there may be too hard.
    let goes = [
        (false, order.is_dynamic, full_size, most * 7 / 10),
        (true, order.is_dynamic, full_size, most / 4),
        (true, true, full_size, most / 20),
        (true, order.is_dynamic, 0, most / 2),
    ];
    let mut effort = Effort::of(most * 3 / 2);
    let mut is_too_large = false;
    for (is_careful, is_dynamic, full_size, steps) in goes {
        // With more care it is as large.
        if is_too_large && full_size > 0 {
            continue;
        }
        let draw = Draw::of(order.seed);
        let persona = Persona::draw(&mut draw.fork("persona"), order.locale);
        let mut maker = Maker::new(document, schemas, order.view);
        maker.locale = order.locale;
        maker.full_size = full_size;
        maker.end = end;
        maker.is_careful = is_careful;
        maker.is_dynamic = is_dynamic;
        maker.effort = effort.within(steps);
        maker.whole = Some(root.clone());
        let place = Place {
            path: order.names.iter().map(|name| (*name).into()).collect(),
            persona: &persona,
            draw: draw.fork("value"),
            order: draw.fork("order"),
            sweep: None,
            wish: order.wish,
            hint: order.hint,
            also: None,
            taken: None,
            around: &[],
            is_row: false,
            is_roving: false,
            index: 0,
            depth: 0,
        };
        match maker.make(std::slice::from_ref(&root), &place) {
            Some(value) if maker.is_begun || schemas.is_valid(schema, &value) => {
                let left = Left {
                    unmade: maker.unmade,
                    is_begun: maker.is_begun,
                };
                return Ok((value, left));
            }
            Some(value) => nearest = Some(value),
            None => nearest = maker.nearest.take().or(nearest),
        }
        let met = std::mem::take(&mut maker.hurdles);
        hurdles.add(met, maker.was_spent.get(), maker.was_cut);
        effort.follow(maker.effort);
        is_too_large |= maker.is_too_large();
    }
    let mut maker = Maker::new(document, schemas, order.view);
    hurdles.contradicts |= maker.foresee(std::slice::from_ref(&root)).is_never();
    Err(hurdles.reason(&maker, &root, schema, nearest.as_ref()))
}

/// A text of visible characters that a pattern of ECMA-262 matches, the same each time; nothing
/// where none was found.
pub fn of_pattern(pattern: &str) -> Option<String> {
    let demand = TextDemand {
        patterns: vec![pattern.to_owned()],
        ..TextDemand::default()
    };
    let pattern = Pattern::compile(pattern)?;
    let is_visible = |text: &str| text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    let accepts = |text: &str| is_visible(text) && pattern.is_match(text);
    text(&demand, None, &mut Draw::of(""), &accepts)
}
