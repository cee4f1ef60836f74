//! One sample in the making.

use super::absorb::Absorbing;
use super::demand::{Demand, Root};
use super::deny::is_free;
use super::draw::Draw;
use super::effort::Effort;
use super::kinds::Kinds;
use super::names::{self, Kind, Locale, Persona};
use super::picks::Picks;
use super::rows::Row;
use super::text::{TextDemand, lengthened, text};
use crate::spec::{At, Document, Node};
use crate::validate::{Schemas, View};
use crate::wire::MediaType;
use serde_json::{Number, Value};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// How deep a sample goes before it has no more than it must have.
const FULL_DEPTH: usize = 5;
/// How many values a sample has before it has no more than it must have.
const FULL_SIZE: usize = 600;
/// How deep a sample may be at all.
const DEPTH: usize = 64;
/// How many values it may have at all.
const SIZE: usize = 50_000;
/// How many bytes of text it may have at all.
const BYTES: usize = 4 * 1024 * 1024;
/// How many bytes a text has that is JSON itself.
const DOCUMENT: usize = 16 * 1024;
/// How many tries all of a sample takes.
const TRIES: usize = 100_000;
/// How many tries one value takes.
const TRIES_EACH: usize = 60;
/// How many of them where nothing differs but what is drawn.
const DRAWS_EACH: usize = 12;
/// How many excluded numbers are gone around in turn.
const EXCLUDED: usize = 1_000;
/// When a sample that isn't found is given up.
const TIME: Duration = Duration::from_millis(200);

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
    /// What nothing was found for.
    hopeless: HashSet<Vec<Root>>,
    /// Whether something was given up for being too deep, which says nothing of what is less so.
    pub(super) was_cut: bool,
    /// What the whole is to meet.
    pub(super) whole: Option<Root>,
    /// Whether it was given up for its size or the time that it took.
    pub(super) was_spent: std::cell::Cell<bool>,
    /// The last whole value that was made and broke its schema.
    pub(super) nearest: Option<Value>,
    size: usize,
    bytes: usize,
    tries: usize,
    effort: Effort,
}

/// How far down a schema's smallest value goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Height {
    Known(usize),
    /// It is more than this.
    Above(usize),
}

/// Where in a sample a value stands.
#[derive(Clone)]
pub(super) struct Place<'p> {
    /// The names on the way, outermost first.
    pub(super) path: Vec<String>,
    pub(super) persona: &'p Persona,
    pub(super) draw: Draw,
    /// What orders are drawn from: the same for every try.
    pub(super) order: Draw,
    /// The value that stands here in an example of what is around.
    pub(super) wish: Option<&'p Value>,
    /// What a text may say where its name says nothing.
    pub(super) hint: Option<&'p str>,
    /// The schemas of the objects around.
    pub(super) around: &'p [At],
    /// Which of all possible values is asked for, where what is drawn stands there already.
    pub(super) sweep: Option<u64>,
    /// Whether it is an item of a list itself.
    pub(super) is_row: bool,
    /// Its place among the items of the nearest list.
    pub(super) index: usize,
    /// How many objects and lists are around it.
    pub(super) depth: usize,
}

impl Place<'_> {
    /// How deep it stands for a reader: lists in lists count half, as those of coordinates do.
    pub(super) fn level(&self) -> usize {
        self.path.len().max(self.depth / 2)
    }
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
            hopeless: HashSet::new(),
            was_cut: false,
            whole: None,
            was_spent: std::cell::Cell::new(false),
            nearest: None,
            size: 0,
            bytes: 0,
            tries: 0,
            effort: Effort::begin(),
        }
    }

    /// Whether no more is made than must be.
    pub(super) fn is_lean(&self, depth: usize) -> bool {
        depth > FULL_DEPTH || self.size > FULL_SIZE
    }

    /// Whether a sample has become too large, or took too long.
    pub(super) fn is_spent(&self) -> bool {
        let is_spent = self.was_spent.get()
            || self.size > SIZE
            || self.bytes > BYTES
            || self.tries > TRIES
            || self.tries.is_multiple_of(64) && self.effort.spent() > TIME;
        self.was_spent.set(is_spent);
        is_spent
    }

    /// Whether so many parts are more than a sample has.
    pub(super) fn is_too_many(&self, count: usize) -> bool {
        let is_too_many = count > SIZE;
        if is_too_many {
            self.was_spent.set(true);
        }
        is_too_many
    }

    /// Counts a try that isn't a value's.
    pub(super) fn tried(&mut self) {
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
        self.was_cut |= place.depth > DEPTH;
        if place.depth > DEPTH || self.is_spent() {
            return None;
        }
        if self.hopeless.contains(roots) {
            return None;
        }
        let size = self.size;
        let mut picks = Picks::new(place.draw.fork("picks"));
        let mut draws = 0;
        for number in 0..TRIES_EACH {
            self.tries += 1;
            self.size = size + 1;
            if self.is_spent() {
                return None;
            }
            let mut demand = Demand::new();
            demand.only(kinds);
            for root in roots {
                let mut with = Absorbing {
                    picks: &mut picks,
                    around: place.around,
                    wish: place.wish,
                    order: &place.draw,
                    level: place.level(),
                    depth: 0,
                };
                self.absorb(root, &mut demand, &mut with);
            }
            let mut place = place.clone();
            place.order = place.draw.clone();
            if number > 0 {
                place.draw = place.draw.fork(&number.to_string());
            }
            let built = match demand.never {
                true => None,
                false => self.build(&demand, roots, &place, &mut picks),
            };
            // What can't be built at all can't be with other draws either.
            let is_built = built.is_some();
            if let Some(value) = built {
                let is_judged = demand.is_tricky || self.is_careful;
                if !is_judged || self.fits(roots, &value) {
                    return Some(value);
                }
                if self.whole.as_ref() == roots.first() {
                    self.nearest = Some(value);
                }
            }
            if !picks.advance() {
                draws += 1;
                let helps = demand.is_tricky || self.is_careful;
                if !is_built || !helps || draws >= DRAWS_EACH {
                    break;
                }
            }
        }
        if !self.is_spent() && !self.was_cut && kinds == Kinds::ALL {
            self.hopeless.insert(roots.to_vec());
        }
        None
    }

    /// Whether a value meets all of these.
    pub(super) fn fits(&self, roots: &[Root], value: &Value) -> bool {
        roots.iter().all(|root| {
            let schema = self.schemas.at_within(self.view, root.at, &root.scope);
            self.schemas.is_valid(schema, value) != root.denied
        })
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
        if let Some(choices) = &demand.choices {
            return self.choice(choices, demand, place, picks);
        }
        let kinds = self.kinds(demand, place);
        let kind = *kinds.get(picks.pick(kinds.len()))?;
        match kind {
            Kinds::NULL => Some(Value::Null),
            Kinds::BOOLEAN => Some(self.boolean(demand, place)),
            Kinds::WHOLE | Kinds::NUMBER => self.number(demand, kind == Kinds::WHOLE, place),
            Kinds::TEXT => self.text(demand, roots, place),
            Kinds::LIST => self.list(demand, place),
            _ => self.object(demand, place),
        }
    }

    /// A value that the document gives itself: in an example of what is around, of the schema, or
    /// its default. Of those that break the schema none is taken.
    fn said(&mut self, demand: &Demand<'d>, roots: &[Root], place: &Place<'_>) -> Option<Value> {
        if self.is_dynamic {
            return None;
        }
        let row = self.row(demand, roots, place);
        if let Row::Like(value) = row {
            self.grow(&value);
            return Some(value);
        }
        let is_given = matches!(row, Row::Given);
        let said = demand.said.iter().filter(|_| is_given);
        let own = said.map(|node| node.value());
        let defaults = demand.defaults.iter().map(|node| node.value());
        let mut values = place.wish.cloned().into_iter().chain(own).chain(defaults);
        // Of a list each item has another of the examples.
        let mut values: Vec<Value> = match place.wish {
            None if is_given && place.index > 0 && demand.said.len() > 1 => {
                let mut all: Vec<Value> = values.collect();
                let turn = place.index % demand.said.len();
                all[..demand.said.len()].rotate_left(turn);
                all
            }
            _ => values.by_ref().collect(),
        };
        for value in &mut values {
            self.withhold(roots, value);
            let nulls_stand = |root: &Root| {
                let schema = self.document.node(root.at);
                root.denied || self.schemas.allows_nulls(schema, value)
            };
            if self.fits(roots, value) && roots.iter().all(nulls_stand) {
                let value = std::mem::take(value);
                self.grow(&value);
                return Some(value);
            }
        }
        None
    }

    /// Whether a member is what the document gives itself as an example, or is asked for.
    pub(super) fn is_told(
        &self,
        roots: &[Root],
        place: &Place<'_>,
        name: &str,
        members: &serde_json::Map<String, Value>,
    ) -> bool {
        let Some(value) = members.get(name).filter(|_| !self.is_dynamic) else {
            return false;
        };
        let wished = place.wish.and_then(|wish| wish.get(name));
        let mut nodes = roots.iter().map(|root| self.document.node(root.at));
        wished == Some(value) || nodes.any(|node| self.is_given(node, value, 0))
    }

    fn is_given(&self, node: Node<'d>, value: &Value, depth: usize) -> bool {
        let own = ["const", "example"].map(|keyword| node.get(keyword));
        let listed = node.get("examples").into_iter().flat_map(Node::items);
        let mut own = own.into_iter().flatten().chain(listed);
        let target = self.target(node, "$ref", &Default::default());
        let target = target.map(|target| self.document.node(target.at));
        own.any(|own| own.value() == *value)
            || depth < 8 && target.is_some_and(|node| self.is_given(node, value, depth + 1))
    }

    fn choice(
        &mut self,
        choices: &[Value],
        demand: &Demand<'d>,
        place: &Place<'_>,
        picks: &mut Picks,
    ) -> Option<Value> {
        let mut fitting: Vec<&Value> = choices
            .iter()
            .filter(|value| demand.kinds.has(kind_of(value)))
            .filter(|value| is_free(&demand.excluded, value))
            .collect();
        fitting.sort_by_key(|value| value.is_null());
        let something = fitting.iter().filter(|value| !value.is_null()).count();
        let turn = match self.is_dynamic {
            true => place.order.clone().below(something),
            false => place.index % something.max(1),
        };
        match place.sweep {
            // In turn null has its turn too.
            Some(nth) => {
                let turn = nth as usize % fitting.len().max(1);
                fitting.rotate_left(turn);
            }
            None => fitting[..something].rotate_left(turn),
        }
        let chosen = fitting.get(picks.pick(fitting.len()))?;
        let value = (*chosen).clone();
        self.grow(&value);
        Some(value)
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

    fn boolean(&mut self, demand: &Demand<'d>, place: &Place<'_>) -> Value {
        let mut draw = place.draw.fork("boolean");
        let wish = self.named(place, Kind::Boolean, None, &mut draw);
        let turn = place.sweep.unwrap_or(place.index as u64);
        let turn = Value::Bool(turn.is_multiple_of(2));
        let value = wish.filter(Value::is_boolean).unwrap_or(turn);
        match is_free(&demand.excluded, &value) {
            true => value,
            false => Value::Bool(value != Value::Bool(true)),
        }
    }

    fn number(&mut self, demand: &Demand<'d>, whole: bool, place: &Place<'_>) -> Option<Value> {
        let mut draw = place.draw.fork("number");
        let format = demand.number_formats.first().map(String::as_str);
        // What may have a fraction is what its name says in whole units: no cents, no percent.
        let says = || {
            let mut draw = draw.clone();
            self.named(place, Kind::Number, format, &mut draw).is_some()
        };
        let is_free_to = demand.kinds.has(Kinds::FRACTION) && place.sweep.is_none();
        let whole = whole && !(is_free_to && says());
        let kind = if whole { Kind::Integer } else { Kind::Number };
        let wish = self.named(place, kind, format, &mut draw);
        let wish = wish.as_ref().and_then(Value::as_number);
        let mut limits = demand.number.clone();
        let is_integer = |format: &String| ["int32", "int64"].contains(&format.as_str());
        let whole = whole || demand.number_formats.iter().any(is_integer);
        for format in &demand.number_formats {
            let most: Option<i64> = match format.as_str() {
                "int32" => Some(i64::from(i32::MAX)),
                "int64" => Some(i64::MAX),
                _ => None,
            };
            if let Some(most) = most {
                limits.at_most(&most.into(), false);
                limits.at_least(&(-most - 1).into(), false);
            }
        }
        // What is of no format is what a name says, or a small number.
        let value = match demand.number.is_bounded() || place.sweep.is_some() {
            true => limits.make(
                whole,
                wish.filter(|_| place.sweep.is_none()),
                place.sweep,
                &mut draw,
            ),
            false => {
                let small = (1 + draw.below(99)).into();
                limits.make(whole, wish.or(Some(&small)), None, &mut draw)
            }
        }?;
        let is_right = |value: &Value| {
            let may_be_whole = demand.kinds.has(Kinds::WHOLE);
            (may_be_whole || kind_of(value) == Kinds::FRACTION) && is_free(&demand.excluded, value)
        };
        if is_right(&value) {
            return Some(value);
        }
        let halves = [0.5, -0.5].into_iter().filter_map(|half| {
            let near = Number::from_f64(value.as_f64()? + half)?;
            limits.make(whole, Some(&near), None, &mut draw)
        });
        let halves: Vec<Value> = halves.collect();
        let mut others = (0..DRAWS_EACH).filter_map(|_| limits.make(whole, None, None, &mut draw));
        let other = halves.into_iter().find(is_right);
        if let Some(other) = other.or_else(|| others.find(is_right)) {
            return Some(other);
        }
        // Of one more than are excluded, one isn't.
        let turns = 0..=demand.excluded.len().min(EXCLUDED) as u64;
        let mut draw = place.draw.fork("number in turn");
        let mut in_turn = turns.filter_map(|nth| limits.make(whole, None, Some(nth), &mut draw));
        in_turn.find(is_right)
    }

    fn text(&mut self, demand: &Demand<'d>, roots: &[Root], place: &Place<'_>) -> Option<Value> {
        if let Some(text) = self.document_in(demand, roots, place) {
            return Some(text);
        }
        let mut draw = place.draw.fork("text");
        let format = demand.text.formats.first().map(String::as_str);
        let wish = self.named(place, Kind::Text, format, &mut draw);
        let others = wish.as_ref().and_then(Value::as_str);
        let others = others.map_or(Vec::new(), |wish| names::otherwise(wish, place.persona));
        let wish = place.wish.filter(|_| !self.is_dynamic).cloned().or(wish);
        let is_plain = demand.text.patterns.is_empty()
            && demand.text.formats.is_empty()
            && demand.text.encoding.is_none()
            && demand.excluded.is_empty()
            && !demand.is_tricky;
        let this = &*self;
        let accepts = |text: &str| {
            if is_plain {
                return true;
            }
            let value = Value::String(text.to_owned());
            is_free(&demand.excluded, &value) && this.fits(roots, &value)
        };
        let wish = place.hint.or_else(|| wish.as_ref().and_then(Value::as_str));
        // Of a fact that has several spellings, the one that may stand here.
        let stands = |text: &&str| {
            let length = text.chars().count();
            let most = demand.text.most.unwrap_or(usize::MAX);
            (demand.text.least..=most).contains(&length) && accepts(text)
        };
        let wish = wish.map(|wish| match stands(&wish) {
            true => wish,
            false => others
                .iter()
                .map(String::as_str)
                .find(stands)
                .unwrap_or(wish),
        });
        let is_token = place
            .path
            .last()
            .is_some_and(|name| names::is_of_token(name));
        let longer = wish.filter(|_| is_token && demand.text.patterns.is_empty());
        let longer = longer.and_then(|wish| lengthened(wish, demand.text.least, &mut draw));
        let wish = longer.as_deref().or(wish);
        let made = text(&demand.text, wish, &mut draw, &accepts).or_else(|| {
            let alike = with_moments(&demand.text)?;
            text(&alike, None, &mut draw, &accepts)
        })?;
        self.bytes += made.len();
        Some(Value::String(made))
    }

    /// A text that is JSON, of which the schema says what is in it.
    fn document_in(
        &mut self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<Value> {
        let media_type = demand.text.media_type.as_deref();
        let is_json = media_type.and_then(MediaType::parse)?.is_json();
        if demand.content.is_empty() || demand.text.encoding.is_some() || !is_json {
            return None;
        }
        let mut within = place.clone();
        within.depth += 1;
        within.wish = None;
        let text = self.make(&demand.content, &within)?.to_string();
        // Each text around escapes what the text within has escaped.
        if text.len() > DOCUMENT {
            return None;
        }
        self.bytes += text.len();
        let text = Value::String(text);
        self.fits(roots, &text).then_some(text)
    }

    /// What a name asks for.
    fn named(
        &self,
        place: &Place<'_>,
        kind: Kind,
        format: Option<&str>,
        draw: &mut Draw,
    ) -> Option<Value> {
        let path: Vec<&str> = place.path.iter().map(String::as_str).collect();
        match path.is_empty() {
            true => None,
            false => names::wish(&path, kind, format, place.persona, draw),
        }
    }

    /// Counts what was taken over whole.
    fn grow(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.grow(item)),
            Value::Object(members) => members.values().for_each(|value| self.grow(value)),
            Value::String(text) => self.bytes += text.len(),
            _ => {}
        }
        self.size += 1;
    }

    /// Whether a schema, or what it refers to, is for the other side alone.
    pub(super) fn is_hidden(&self, node: Node<'d>, depth: usize) -> bool {
        let flag = match self.view {
            View::Request => "readOnly",
            View::Reply => "writeOnly",
        };
        if node.get(flag).and_then(Node::as_bool) == Some(true) {
            return true;
        }
        if depth > 8 {
            return false;
        }
        let target = self.target(node, "$ref", &Default::default());
        let target = target.map(|root| self.document.node(root.at));
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let mut parts = target.into_iter().chain(parts);
        parts.any(|part| self.is_hidden(part, depth + 1))
    }

    /// Takes out of an example what the other side alone sends.
    fn withhold(&mut self, roots: &[Root], value: &mut Value) {
        if !self.document.has_flags() || !(value.is_object() || value.is_array()) {
            return;
        }
        let mut demand = Demand::new();
        let mut picks = Picks::new(Draw::of(""));
        for root in roots.iter().filter(|root| !root.denied) {
            let mut with = Absorbing {
                picks: &mut picks,
                around: &[],
                wish: None,
                order: &Draw::of(""),
                level: 0,
                depth: 0,
            };
            self.absorb(root, &mut demand, &mut with);
        }
        match value {
            Value::Object(members) => {
                let mut kept = serde_json::Map::new();
                for (name, mut value) in std::mem::take(members) {
                    let roots = self.roots_of(&demand, &name);
                    let hidden = roots.iter().flatten();
                    let is_hidden = |root: &Root| self.is_hidden(self.document.node(root.at), 0);
                    if hidden.clone().any(is_hidden) {
                        continue;
                    }
                    if let Some(roots) = roots {
                        self.withhold(&roots, &mut value);
                    }
                    kept.insert(name, value);
                }
                *members = kept;
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    if let Some(roots) = super::list::roots_of(&demand.list, index) {
                        self.withhold(&roots, item);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Patterns beside a format of moments as one more pattern: the year that they ask for may be any.
fn with_moments(demand: &TextDemand) -> Option<TextDemand> {
    if demand.patterns.is_empty() {
        return None;
    }
    let date = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])";
    let time = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-]0[0-9]:[03]0)";
    let pattern = match demand.formats.first()?.as_str() {
        "date" => format!("^{date}$"),
        "date-time" => format!("^{date}T{time}$"),
        "time" => format!("^{time}$"),
        _ => return None,
    };
    let mut alike = demand.clone();
    alike.formats.clear();
    alike.patterns.push(pattern);
    Some(alike)
}

fn kind_of(value: &Value) -> Kinds {
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
