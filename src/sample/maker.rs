//! One sample in the making.

use super::STEPS;
use super::absorb::{Absorbing, tighter};
use super::demand::{Demand, Root};
use super::effort::{Effort, work};
use super::facts::Facts;
use super::foresight::Known as Foreseen;
use super::kinds::Kinds;
use super::list::Known;
use super::names::Locale;
use super::picks::Picks;
use super::place::Place;
use super::reason::Hurdles;
use crate::spec::{At, Document};
use crate::validate::{Schemas, View};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How deep a sample goes before it has no more than it must have.
const FULL_DEPTH: usize = 5;
/// How many values a sample has before it has no more than it must have.
pub const FULL_SIZE: usize = 600;
/// How deep a sample may be at all.
const DEPTH: usize = 64;
/// How many values it may have at all.
const SIZE: usize = 50_000;
/// How many bytes of text it may have at all.
const BYTES: usize = 4 * 1024 * 1024;
/// How many tries all of a sample takes.
const TRIES: usize = 100_000;
/// How many tries one value takes.
const TRIES_EACH: usize = 120;
/// How many of them go through the ways in turn, before one or the other is left to chance.
const IN_TURN: usize = 16;
/// How many of them where nothing differs but what is drawn.
pub(super) const DRAWS_EACH: usize = 40;

/// The schemas of texts, and all their patterns.
type OfTexts = (Vec<Root>, Vec<String>);

/// What makes a sample: what is remembered over its parts.
pub(super) struct Maker<'d> {
    pub(super) document: &'d Document,
    pub(super) schemas: &'d Schemas,
    pub(super) view: View,
    pub(super) locale: Locale,
    /// Whether everything is drawn, examples and defaults left aside.
    pub(super) is_dynamic: bool,
    /// Whether every part is judged as soon as it is made.
    pub(super) is_careful: bool,
    pub(super) heights: HashMap<At, Height>,
    /// What is told of the values of schemas.
    pub(super) foreseen: HashMap<Foreseen, Rc<Facts>>,
    /// How many schemas within each other are being looked at for that.
    pub(super) foreseeing: usize,
    /// What nothing was found for.
    hopeless: HashSet<Vec<Root>>,
    /// Whether something was given up for being too deep, which says nothing of what is less so.
    pub(super) was_cut: bool,
    /// The texts that there are for schemas and patterns.
    pub(super) several: RefCell<HashMap<OfTexts, Rc<[String]>>>,
    /// How often no text was found for schemas and patterns.
    pub(super) unfound: HashMap<OfTexts, usize>,
    /// What the whole is to meet.
    pub(super) whole: Option<Root>,
    /// Whether it was given up for its size or the time that it took.
    pub(super) was_spent: std::cell::Cell<bool>,
    /// What was met while values were looked for.
    pub(super) hurdles: Hurdles,
    /// The schemas of properties that need not be there, and that nothing was found for.
    pub(super) unmade: Vec<At>,
    /// How many values it has before it has no more than it must have.
    pub(super) full_size: usize,
    /// After how many values the rest is left out, where no more than the beginning is wanted.
    pub(super) end: usize,
    /// Whether any of it was left out.
    pub(super) is_begun: bool,
    /// The last whole value that was made and broke its schema.
    pub(super) nearest: Option<Value>,
    size: usize,
    pub(super) bytes: usize,
    tries: usize,
    /// How much of the processor it may have.
    pub(super) effort: Effort,
}

/// How far down a schema's smallest value goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Height {
    Known(usize),
    /// It is more than this.
    Above(usize),
}

impl<'d> Maker<'d> {
    pub(super) fn new(document: &'d Document, schemas: &'d Schemas, view: View) -> Maker<'d> {
        Maker {
            document,
            schemas,
            view,
            locale: Locale::default(),
            is_dynamic: false,
            is_careful: false,
            heights: HashMap::new(),
            foreseen: HashMap::new(),
            foreseeing: 0,
            hopeless: HashSet::new(),
            was_cut: false,
            several: RefCell::default(),
            unfound: HashMap::new(),
            whole: None,
            was_spent: std::cell::Cell::new(false),
            hurdles: Hurdles::default(),
            unmade: Vec::new(),
            full_size: FULL_SIZE,
            end: usize::MAX,
            is_begun: false,
            nearest: None,
            size: 0,
            bytes: 0,
            tries: 0,
            effort: Effort::of(STEPS),
        }
    }

    /// Whether no more is made than must be.
    pub(super) fn is_lean(&self, depth: usize) -> bool {
        depth > FULL_DEPTH || self.size > self.full_size
    }

    /// Whether there is as much of it as is wanted.
    pub(super) fn is_full(&mut self) -> bool {
        let is_full = self.size > self.end;
        self.is_begun |= is_full;
        is_full
    }

    /// Whether a sample has become too large.
    pub(super) fn is_too_large(&self) -> bool {
        self.size > SIZE || self.bytes > BYTES
    }

    /// Whether a sample has become too large, or took too long.
    pub(super) fn is_spent(&self) -> bool {
        let is_spent = self.was_spent.get()
            || self.is_too_large()
            || self.tries > TRIES
            || self.tries.is_multiple_of(8) && self.effort.is_spent();
        self.was_spent.set(is_spent);
        is_spent
    }

    /// Whether so many parts are more than a sample has.
    pub(super) fn is_too_many(&mut self, count: usize) -> bool {
        let is_too_many = count > SIZE;
        if is_too_many {
            self.hurdles.too_many(count, SIZE);
            self.was_spent.set(true);
        }
        is_too_many
    }

    /// Looks whether a sample took too long, after what may have done so alone.
    pub(super) fn look_at_time(&self) {
        if self.effort.is_spent() {
            self.was_spent.set(true);
        }
    }

    /// Counts a try that isn't a value's.
    pub(super) fn tried(&mut self) {
        work(1);
        self.tries += 1;
    }

    /// A value that meets all of these; nothing where none was found.
    pub(super) fn make(&mut self, roots: &[Root], place: &Place<'_>) -> Option<Value> {
        self.make_of(Kinds::ALL, roots, place)
    }

    /// The same, of some kinds alone.
    pub(super) fn make_of(
        &mut self,
        kinds: Kinds,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<Value> {
        let extent = self.extent();
        let made = self.find(kinds, roots, place);
        if made.is_none() {
            self.shrink(extent);
        }
        made
    }

    /// How large it is so far.
    pub(super) fn extent(&self) -> (usize, usize) {
        (self.size, self.bytes)
    }

    /// Has it be as large as it was: what was made since isn't part of it. While it is too large it
    /// stays so, as that ends the search.
    pub(super) fn shrink(&mut self, (size, bytes): (usize, usize)) {
        if !self.is_too_large() {
            (self.size, self.bytes) = (size, bytes);
        }
    }

    fn find(&mut self, kinds: Kinds, roots: &[Root], place: &Place<'_>) -> Option<Value> {
        self.was_cut |= place.depth > DEPTH;
        if place.depth > DEPTH || self.is_spent() {
            return None;
        }
        if self.hopeless.contains(roots) {
            return None;
        }
        let (size, bytes) = self.extent();
        let mut picks = Picks::new(place.draw.fork("picks"));
        let mut draws = 0;
        let mut again = None;
        let is_whole = self.whole.as_ref() == roots.first();
        let is_of_roots = kinds == Kinds::ALL && place.sweep.is_none() && place.taken.is_none();
        let mut foreseen = None;
        let mut is_narrowed = false;
        for number in 0..TRIES_EACH {
            self.tries += 1;
            work(1);
            self.shrink((size + 1, bytes));
            self.effort.reach(self.size);
            self.is_begun &= place.depth > 0;
            if self.is_spent() {
                return None;
            }
            // What the first way leads to is mostly right: only where it isn't the schemas are read
            // for what can't be.
            if number == 1 {
                let mut facts = self.foresee(roots).and(&Facts::of(kinds));
                if facts.is_never() {
                    self.hurdles.contradicts |= is_whole;
                    if kinds == Kinds::ALL {
                        self.hopeless.insert(roots.to_vec());
                    }
                    return None;
                }
                if let Some(known) = place.taken {
                    facts = facts.apart_from(&|value| known.has(value));
                }
                if facts.is_never() {
                    return None;
                }
                foreseen = Some(facts);
            }
            // At last parts are drawn, and what is not to be is kept out by judging.
            let is_roving = place.is_roving || number >= IN_TURN && number % 2 == 0;
            let mut demand = self.demanded(kinds, roots, place, &mut picks, number, &foreseen);
            if demand.is_narrowed && !is_narrowed {
                is_narrowed = true;
                // Fewer ways are left: they are gone through from the first on.
                picks = Picks::new(place.draw.fork("picks"));
                demand = self.demanded(kinds, roots, place, &mut picks, number, &foreseen);
            }
            if let Some(also) = place.also {
                demand.text.narrow(also);
            }
            demand.text.effort = Some(self.effort);
            demand.text.crowd = place.taken.map_or(0, Known::count);
            let mut place = place.clone();
            place.order = place.draw.clone();
            place.is_roving = is_roving;
            if number > 0 {
                place.draw = place.draw.fork(&number.to_string());
            }
            let built = match demand.never {
                true => None,
                false => self.build(&demand, roots, &place, &mut picks),
            };
            // What can't be built at all can't be with other draws either, but for what has parts,
            // each of which was the first that there was of several.
            let may_rove = demand.kinds.has(Kinds::LIST.or(Kinds::OBJECT))
                && demand.is_tricky
                && !self.is_lean(place.level());
            let is_built = built.is_some() || may_rove && !demand.never;
            if let Some(value) = built {
                let is_judged = demand.is_tricky || self.is_careful;
                // Where each must be another, another way may lead to one.
                let is_taken = place.taken.is_some_and(|known| known.has(&value));
                let fits = !is_judged || self.is_begun || self.fits(roots, &value);
                if fits && !is_taken {
                    return Some(value);
                }
                match fits {
                    true => again = Some(value),
                    false if is_whole => self.nearest = Some(value),
                    false => {}
                }
            }
            if !picks.advance() {
                // Of one way alone, nothing but a contradiction is known to leave none.
                let is_proven = number == 0 && demand.never && !demand.is_tricky;
                self.hurdles.contradicts |= is_whole && is_proven;
                draws += 1;
                let helps = demand.is_tricky || self.is_careful;
                if !is_built || !helps || draws >= DRAWS_EACH {
                    break;
                }
            }
        }
        if again.is_some() {
            return again;
        }
        if let Some(value) = self.mentioned(kinds, roots, place) {
            self.grow(&value);
            return Some(value);
        }
        if !self.is_spent() && !self.was_cut && is_of_roots {
            self.hopeless.insert(roots.to_vec());
        }
        None
    }

    /// All that these say, with one way taken wherever they leave several.
    fn demanded(
        &mut self,
        kinds: Kinds,
        roots: &[Root],
        place: &Place<'_>,
        picks: &mut Picks,
        number: usize,
        foreseen: &Option<Facts>,
    ) -> Demand<'d> {
        let mut demand = Demand::new();
        demand.only(kinds);
        let mut facts = foreseen.clone();
        for root in roots {
            let mut with = Absorbing {
                picks,
                around: place.around,
                wish: place.wish,
                order: &place.draw,
                turn: place.index,
                level: place.level(),
                depth: 0,
                is_bold: number >= IN_TURN && number.is_multiple_of(4),
                facts: facts.take(),
            };
            self.absorb(root, &mut demand, &mut with);
            facts = with.facts;
        }
        if let Some(facts) = facts {
            demand.only(facts.kinds);
            demand.list.least = demand.list.least.max(facts.list.least);
            demand.list.most = tighter(demand.list.most, Some(facts.list.most));
        }
        demand
    }

    /// Whether a value meets all of these.
    pub(super) fn fits(&self, roots: &[Root], value: &Value) -> bool {
        roots.iter().all(|root| {
            work(1 + weight(value) / 2);
            let schema = self.schemas.at_within(self.view, root.at, &root.scope);
            self.schemas.is_valid(schema, value) != root.denied
        })
    }

    /// The same, where null is one by the strictest reading of `nullable` as well.
    pub(super) fn fits_strictly(&self, roots: &[Root], value: &Value) -> bool {
        let nulls_stand = |root: &Root| {
            let schema = self.document.node(root.at);
            root.denied || self.schemas.allows_nulls(schema, value)
        };
        self.fits(roots, value) && roots.iter().all(nulls_stand)
    }

    fn build(
        &mut self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
        picks: &mut Picks,
    ) -> Option<Value> {
        if let Some(value) = self.said(demand, roots, place) {
            return Some(value);
        }
        let told = self.told(demand, roots, place);
        let following;
        let place = match &told {
            None => place,
            Some(_) => {
                following = Place {
                    wish: told.as_ref(),
                    ..place.clone()
                };
                &following
            }
        };
        if let Some(choices) = &demand.choices {
            return self.choice(choices, demand, roots, place, picks);
        }
        let kinds = self.kinds(demand, place);
        let kind = *kinds.get(picks.pick(kinds.len()))?;
        match kind {
            Kinds::NULL => Some(Value::Null),
            Kinds::BOOLEAN => Some(self.boolean(demand, place)),
            Kinds::WHOLE | Kinds::NUMBER => self.number(demand, kind == Kinds::WHOLE, place),
            Kinds::TEXT => self.text(demand, roots, place),
            Kinds::LIST => {
                let made = self.list(demand, place)?;
                Some(self.told_in_list(roots, place, made))
            }
            _ => self.object(demand, place),
        }
    }

    /// The kinds that the value may be of, the likeliest first.
    fn kinds(&self, demand: &Demand<'d>, place: &Place<'_>) -> Vec<Kinds> {
        let is_deep = self.is_lean(place.level());
        let order = match is_deep {
            // What ends at once is first where the sample should end.
            true => [
                Kinds::TEXT,
                Kinds::NUMBER,
                Kinds::WHOLE,
                Kinds::BOOLEAN,
                Kinds::NULL,
                Kinds::LIST,
                Kinds::OBJECT,
            ],
            false => [
                Kinds::OBJECT,
                Kinds::LIST,
                Kinds::TEXT,
                Kinds::NUMBER,
                Kinds::WHOLE,
                Kinds::BOOLEAN,
                Kinds::NULL,
            ],
        };
        let allowed = |kind: &Kinds| match *kind {
            Kinds::NUMBER => demand.kinds.has(Kinds::FRACTION),
            Kinds::WHOLE => demand.kinds.has(Kinds::WHOLE),
            kind => demand.kinds.has(kind),
        };
        let mut kinds: Vec<Kinds> = order.into_iter().filter(allowed).collect();
        // What a schema speaks of that says no type is what it means.
        let hinted = demand.hinted.and(demand.kinds);
        if demand.kinds == Kinds::ALL && hinted == Kinds::NONE {
            kinds.sort_by_key(|kind| *kind != Kinds::TEXT);
        }
        kinds.sort_by_key(|kind| !hinted.has(*kind));
        if demand.kinds != Kinds::ALL && !is_deep {
            kinds.sort_by_key(|kind| *kind == Kinds::NULL);
        }
        if self.is_dynamic && demand.kinds != Kinds::ALL {
            let turn = place.order.clone().below(kinds.len());
            kinds.rotate_left(turn);
        }
        kinds
    }

    /// Counts what was taken over whole.
    pub(super) fn grow(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.grow(item)),
            Value::Object(members) => members.values().for_each(|value| self.grow(value)),
            Value::String(text) => self.bytes += text.len(),
            _ => {}
        }
        self.size += 1;
    }
}

/// How many values there are in one, itself among them.
fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(weight).sum::<usize>(),
        _ => 1,
    }
}

pub(super) fn kind_of(value: &Value) -> Kinds {
    match value {
        Value::Null => Kinds::NULL,
        Value::Bool(_) => Kinds::BOOLEAN,
        Value::Number(number) => match number.as_f64().is_some_and(|float| float.fract() == 0.0) {
            true => Kinds::WHOLE,
            false => Kinds::FRACTION,
        },
        Value::String(_) => Kinds::TEXT,
        Value::Array(_) => Kinds::LIST,
        Value::Object(_) => Kinds::OBJECT,
    }
}
