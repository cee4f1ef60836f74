//! Values without parts: those of a list of them, booleans, numbers, texts.

use super::demand::{Demand, Root};
use super::deny::is_free;
use super::draw::Draw;
use super::kinds::Kinds;
use super::maker::{DRAWS_EACH, Maker, kind_of};
use super::names::{self, Apart, Kind};
use super::picks::Picks;
use super::place::Place;
use super::text::{CROWD, TextDemand, beside, encoded, in_turn, lengthened, several, text};
use crate::wire::MediaType;
use serde_json::{Number, Value};
use std::rc::Rc;

/// How many bytes a text has that is JSON itself.
const DOCUMENT: usize = 16 * 1024;
/// How often a text is looked for that wasn't found.
const SEARCHED: usize = 3;
/// Up to how many values are each judged before one is chosen.
const JUDGED: usize = 100;
/// From so many on that a text must differ from, others are to be had in turn.
const SOME: usize = 8;
/// How many excluded numbers are gone around in turn.
const EXCLUDED: usize = 1_000;
/// How many numbers are gone through for one that is no multiple of another.
const OFF: usize = 100;

impl<'d> Maker<'d> {
    pub(super) fn choice(
        &mut self,
        choices: &[Value],
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
        picks: &mut Picks,
    ) -> Option<Value> {
        let is_judged = demand.is_tricky && choices.len() <= JUDGED;
        let mut fitting: Vec<&Value> = choices
            .iter()
            .filter(|value| demand.kinds.has(kind_of(value)))
            .filter(|value| is_free(&demand.excluded, value))
            .filter(|value| !is_judged || self.fits(roots, value))
            .filter(|value| value.as_str().is_none_or(|text| self.is_also(text, place)))
            .collect();
        fitting.sort_by_key(|value| value.is_null());
        let something = fitting.iter().filter(|value| !value.is_null()).count();
        let turn = match self.is_dynamic {
            _ if place.is_roving => place.draw.fork("choice").below(something),
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
        if place.sweep.is_none()
            && !place.is_roving
            && let Some(told) = self.told_of_persona(&fitting, place)
        {
            fitting[..=told].rotate_right(1);
        }
        let chosen = fitting.get(picks.pick(fitting.len()))?;
        let value = (*chosen).clone();
        self.grow(&value);
        Some(value)
    }

    /// Which of some values says what is known of the person that an object is about.
    fn told_of_persona(&self, values: &[&Value], place: &Place<'_>) -> Option<usize> {
        let name = place.path.last()?;
        let ways = names::spellings_of_person(name, place.persona);
        let says = |value: &&Value, way: &String| {
            let own = value.as_str().map(|text| text.trim_end_matches('.'));
            own.is_some_and(|own| own.eq_ignore_ascii_case(way))
        };
        let mut ways = ways.iter();
        ways.find_map(|way| values.iter().position(|value| says(value, way)))
    }

    pub(super) fn boolean(&mut self, demand: &Demand<'d>, place: &Place<'_>) -> Value {
        let mut draw = place.draw.fork("boolean");
        let wish = self.named(place, Kind::Boolean, None, &mut draw);
        let turn = place.sweep.unwrap_or(place.index as u64);
        let turn = Value::Bool(turn.is_multiple_of(2));
        let value = match place.is_roving {
            true => Value::Bool(draw.below(2) == 0),
            false => wish.filter(Value::is_boolean).unwrap_or(turn),
        };
        match is_free(&demand.excluded, &value) {
            true => value,
            false => Value::Bool(value != Value::Bool(true)),
        }
    }

    pub(super) fn number(
        &mut self,
        demand: &Demand<'d>,
        whole: bool,
        place: &Place<'_>,
    ) -> Option<Value> {
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
        // What tells rows apart is one after another where what its name asks for can't be: the
        // nearest to that is the same for all.
        let told = place.path.last().and_then(|name| names::tells_apart(name));
        let is_beyond = wish.is_some_and(|wish| !limits.is_within(&wish.clone().into()));
        let is_key = told == Some(Apart::Key);
        let turn = (is_beyond && is_key).then_some(place.index as u64);
        let sweep = place.sweep.or(turn);
        // What is of no format is what a name says, or a small number.
        let value = match demand.number.is_bounded() || sweep.is_some() {
            true => limits.make(whole, wish.filter(|_| sweep.is_none()), sweep, &mut draw),
            false => {
                let small = (1 + draw.below(99)).into();
                limits.make(whole, wish.or(Some(&small)), None, &mut draw)
            }
        }?;
        let is_right = |value: &Value| {
            let may_be_whole = demand.kinds.has(Kinds::WHOLE);
            (may_be_whole || kind_of(value) == Kinds::FRACTION)
                && is_free(&demand.excluded, value)
                && demand.number.is_off(value)
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
        let turns = match demand.number.has_off() {
            true => OFF,
            false => 0,
        };
        let turns = 0..=demand.excluded.len().max(turns).min(EXCLUDED) as u64;
        let mut draw = place.draw.fork("number in turn");
        let mut in_turn = turns.filter_map(|nth| limits.make(whole, None, Some(nth), &mut draw));
        in_turn.find(is_right)
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
        if demand.content.is_empty() || !is_json {
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
        let text = encoded(text, &demand.text)?;
        self.bytes += text.len();
        let text = Value::String(text);
        self.fits(roots, &text).then_some(text)
    }

    pub(super) fn text(
        &mut self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<Value> {
        if let Some(text) = self.document_in(demand, roots, place) {
            return Some(text);
        }
        let patterns = &demand.text.patterns;
        let is_alone = place.taken.is_none();
        let searched =
            (!patterns.is_empty() && is_alone).then(|| (roots.to_vec(), patterns.clone()));
        let known = searched.as_ref().and_then(|of| self.unfound.get(of));
        if known.is_some_and(|times| *times >= SEARCHED) {
            return None;
        }
        if let Some(text) = self.beside_many(demand, roots, place) {
            self.bytes += text.len();
            return Some(Value::String(text));
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
        let turn = turn_of(demand, place);
        let this = &*self;
        let accepts = |text: &str| {
            if is_plain && place.taken.is_none() {
                return true;
            }
            let value = Value::String(text.to_owned());
            if place.taken.is_some_and(|known| known.has(&value)) {
                return false;
            }
            is_plain
                || is_free(&demand.excluded, &value)
                    && this.is_also(text, place)
                    && this.fits(roots, &value)
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
        let is_one_of_some = turn.is_none() && demand.text.crowd >= SOME;
        let briefly = is_one_of_some.then(|| {
            let brief = TextDemand {
                is_brief: true,
                ..demand.text.clone()
            };
            text(&brief, wish, &mut draw, &accepts)
        });
        let turn = turn.or(is_one_of_some.then_some(demand.text.crowd as u64));
        let made = briefly
            .flatten()
            .or_else(|| self.in_turn(demand, roots, turn?, &accepts))
            .or_else(|| text(&demand.text, wish, &mut draw, &accepts))
            .or_else(|| {
                let alike = demand.text.with_moments()?;
                text(&alike, None, &mut draw, &accepts)
            })
            .or_else(|| {
                let turn = place.taken?.count() as u64;
                self.in_turn(demand, roots, turn, &accepts)
            });
        let Some(made) = made else {
            self.hurdles.no_text(&demand.text);
            if let Some(searched) = searched {
                *self.unfound.entry(searched).or_default() += 1;
            }
            self.look_at_time();
            return None;
        };
        self.bytes += made.len();
        Some(Value::String(made))
    }

    /// A text of a format that differs from many others.
    fn beside_many(
        &self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
    ) -> Option<String> {
        let (known, text) = (place.taken?, &demand.text);
        let is_of_format = !text.formats.is_empty()
            && text.patterns.is_empty()
            && text.encoding.is_none()
            && text.media_type.is_none();
        if !is_of_format || text.crowd < CROWD || place.is_roving {
            return None;
        }
        let most = text.most.unwrap_or(usize::MAX);
        let mut texts = beside(text, known.first()?.as_str()?, text.crowd);
        texts.find(|made| {
            let value = Value::String(made.clone());
            (text.least..=most).contains(&made.chars().count())
                && !known.has(&value)
                && is_free(&demand.excluded, &value)
                && self.is_also(made, place)
                && self.fits(roots, &value)
        })
    }

    /// A text where those that there are have their turn, one after another.
    fn in_turn(
        &self,
        demand: &Demand<'d>,
        roots: &[Root],
        turn: u64,
        accepts: &dyn Fn(&str) -> bool,
    ) -> Option<String> {
        let text = &demand.text;
        let is_any = text.patterns.is_empty() && text.formats.is_empty();
        let known = match is_any {
            true => Rc::default(),
            false => {
                let mut known = self.several.borrow_mut();
                let known = known.entry((roots.to_vec(), text.patterns.clone()));
                Rc::clone(known.or_insert_with(|| several(text).into()))
            }
        };
        in_turn(text, turn, &known, accepts)
    }

    /// Whether a text matches what it is to match beside what its schemas say.
    pub(super) fn is_also(&self, text: &str, place: &Place<'_>) -> bool {
        let patterns = place.also.into_iter().flat_map(|also| &also.patterns);
        let mut patterns = patterns.map(|pattern| self.schemas.matches(pattern, text));
        patterns.all(|matches| matches)
    }

    /// What a name asks for.
    fn named(
        &self,
        place: &Place<'_>,
        kind: Kind,
        format: Option<&str>,
        draw: &mut Draw,
    ) -> Option<Value> {
        let mut path: Vec<&str> = place.path.iter().map(|name| &**name).collect();
        // Numbers in a list are each what one of them is.
        let is_number = place.is_row && matches!(kind, Kind::Integer | Kind::Number);
        let one = path
            .last()
            .filter(|_| is_number)
            .map(|name| names::one_of(name));
        if let (Some(last), Some(one)) = (path.last_mut(), &one) {
            *last = one;
        }
        names::wish(&path, kind, format, place.persona, draw)
    }
}

/// Which of all texts is asked for, where it is one of many that differ.
fn turn_of(demand: &Demand<'_>, place: &Place<'_>) -> Option<u64> {
    let crowd = demand.text.crowd;
    place
        .sweep
        .or_else(|| (crowd >= CROWD).then_some(crowd as u64))
}
