//! What all values of a schema are, as far as that can be told without making one: enough to see
//! that two schemas have none in common.

use super::demand::same;
use super::kinds::Kinds;
use super::maker::kind_of;
use serde_json::{Number, Value};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Beyond this a float stands for several numbers, and what is next to it can't be told.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Of more values than so many nothing is remembered.
const CHOICES: usize = 64;

/// What values are at most: each of them is so, and others may be so as well.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts {
    pub(super) kinds: Kinds,
    choices: Option<Vec<Value>>,
    /// What it is none of.
    excluded: Vec<Value>,
    pub(super) low: Limit,
    pub(super) high: Limit,
    pub(super) text: Count,
    pub(super) list: Count,
    pub(super) object: Count,
    /// What each item of a list is.
    pub(super) item: Option<Rc<Facts>>,
    /// Whether no item stands there twice.
    pub(super) unique: bool,
    /// What a member is where there is one, and whether there is.
    pub(super) members: BTreeMap<String, Member>,
    /// The names that a member may have.
    pub(super) closed: Option<Vec<String>>,
}

/// A bound of numbers, and whether it is excluded itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limit {
    pub(super) at: f64,
    pub(super) excluded: bool,
}

/// How many there are, at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) least: usize,
    pub(super) most: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) facts: Rc<Facts>,
    pub(super) required: bool,
}

impl Count {
    const ANY: Count = Count {
        least: 0,
        most: usize::MAX,
    };

    fn and(self, other: Count) -> Count {
        Count {
            least: self.least.max(other.least),
            most: self.most.min(other.most),
        }
    }

    fn or(self, other: Count) -> Count {
        Count {
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }
}

impl Facts {
    /// Of a value that may be anything.
    pub(super) fn any() -> Facts {
        Facts::of(Kinds::ALL)
    }

    /// Of a value of some kinds; with none, of no value at all.
    pub(super) fn of(kinds: Kinds) -> Facts {
        let limit = |at: f64| Limit {
            at,
            excluded: false,
        };
        Facts {
            kinds,
            choices: None,
            excluded: Vec::new(),
            low: limit(f64::NEG_INFINITY),
            high: limit(f64::INFINITY),
            text: Count::ANY,
            list: Count::ANY,
            object: Count::ANY,
            item: None,
            unique: false,
            members: BTreeMap::new(),
            closed: None,
        }
    }

    /// Of one of these values.
    pub(super) fn one_of(values: Vec<Value>) -> Facts {
        let kinds = values.iter().map(kind_of).fold(Kinds::NONE, Kinds::or);
        let choices = (values.len() <= CHOICES).then_some(values);
        Facts {
            choices,
            ..Facts::of(kinds)
        }
    }

    /// Of a value that is none of these.
    pub(super) fn none_of(values: Vec<Value>) -> Facts {
        let excluded = if values.len() <= CHOICES {
            values
        } else {
            Vec::new()
        };
        Facts {
            excluded,
            ..Facts::any()
        }
        .settled()
    }

    /// Of an object that has a member.
    pub(super) fn with(name: &str) -> Facts {
        Facts::of(Kinds::OBJECT).member(name, Facts::any(), true)
    }

    /// Of an object without a member.
    pub(super) fn without(name: &str) -> Facts {
        Facts::of(Kinds::OBJECT).member(name, Facts::of(Kinds::NONE), false)
    }

    pub(super) fn member(mut self, name: &str, facts: Facts, required: bool) -> Facts {
        let facts = Rc::new(facts);
        let member = Member { facts, required };
        self.members.insert(name.to_owned(), member);
        self
    }

    /// Whether there is no such value.
    pub(super) fn is_never(&self) -> bool {
        self.kinds == Kinds::NONE
    }

    /// What is both.
    pub(super) fn and(mut self, other: &Facts) -> Facts {
        self.kinds = self.kinds.and(other.kinds);
        self.choices = match (self.choices, &other.choices) {
            (Some(own), Some(others)) => {
                let is_there = |value: &Value| others.iter().any(|other| same(value, other));
                Some(own.into_iter().filter(is_there).collect())
            }
            (own, others) => own.or_else(|| others.clone()),
        };
        for value in &other.excluded {
            if !is_in(&self.excluded, value) {
                self.excluded.push(value.clone());
            }
        }
        self.low = match tighter(other.low, self.low, 1.0) {
            true => other.low,
            false => self.low,
        };
        self.high = match tighter(other.high, self.high, -1.0) {
            true => other.high,
            false => self.high,
        };
        self.text = self.text.and(other.text);
        self.list = self.list.and(other.list);
        self.object = self.object.and(other.object);
        self.item = match (self.item, &other.item) {
            (Some(own), Some(others)) => Some(Rc::new(Facts::clone(&own).and(others))),
            (own, others) => own.or_else(|| others.clone()),
        };
        self.unique |= other.unique;
        for (name, member) in &other.members {
            match self.members.get_mut(name) {
                Some(own) => {
                    own.facts = Rc::new(Facts::clone(&own.facts).and(&member.facts));
                    own.required |= member.required;
                }
                None => {
                    self.members.insert(name.clone(), member.clone());
                }
            }
        }
        self.closed = match (self.closed, &other.closed) {
            (Some(own), Some(others)) => {
                Some(own.into_iter().filter(|n| others.contains(n)).collect())
            }
            (own, others) => own.or_else(|| others.clone()),
        };
        self.settled()
    }

    /// What is the one or the other.
    pub(super) fn or(mut self, other: &Facts) -> Facts {
        if self.is_never() {
            return other.clone();
        }
        if other.is_never() {
            return self;
        }
        let has = |kind: Kinds| (self.kinds.has(kind), other.kinds.has(kind));
        let (numbers, texts) = (has(Kinds::NUMBER), has(Kinds::TEXT));
        let (lists, objects) = (has(Kinds::LIST), has(Kinds::OBJECT));
        let own = self.excluded.iter().filter(|value| other.lacks(value));
        let others = other.excluded.iter().filter(|value| self.lacks(value));
        let others = others.filter(|value| !is_in(&self.excluded, value));
        self.excluded = own.chain(others).cloned().collect();
        self.kinds = self.kinds.or(other.kinds);
        self.choices = match (self.choices, &other.choices) {
            (Some(own), Some(others)) if own.len() + others.len() <= CHOICES => {
                Some(own.into_iter().chain(others.iter().cloned()).collect())
            }
            _ => None,
        };
        match numbers {
            (true, true) => {
                let is_tighter = tighter(other.low, self.low, 1.0);
                self.low = if is_tighter { self.low } else { other.low };
                let is_tighter = tighter(other.high, self.high, -1.0);
                self.high = if is_tighter { self.high } else { other.high };
            }
            (false, _) => (self.low, self.high) = (other.low, other.high),
            _ => {}
        }
        self.text = either(texts, self.text, other.text);
        self.list = either(lists, self.list, other.list);
        self.object = either(objects, self.object, other.object);
        match lists {
            (true, true) => {
                self.item = match (self.item, &other.item) {
                    (Some(own), Some(others)) => Some(Rc::new(Facts::clone(&own).or(others))),
                    _ => None,
                };
                self.unique &= other.unique;
            }
            (false, _) => (self.item, self.unique) = (other.item.clone(), other.unique),
            _ => {}
        }
        match objects {
            (true, true) => {
                let own = std::mem::take(&mut self.members).into_iter();
                let both = own.filter_map(|(name, member)| {
                    let others = other.members.get(&name)?;
                    let member = Member {
                        facts: Rc::new(Facts::clone(&member.facts).or(&others.facts)),
                        required: member.required && others.required,
                    };
                    Some((name, member))
                });
                self.members = both.collect();
                self.closed = match (self.closed, &other.closed) {
                    (Some(mut own), Some(others)) => {
                        own.extend(others.iter().cloned());
                        own.sort();
                        own.dedup();
                        Some(own)
                    }
                    _ => None,
                };
            }
            (false, _) => {
                self.members = other.members.clone();
                self.closed = other.closed.clone();
            }
            _ => {}
        }
        self
    }

    /// Whether a value is none of these, as far as values are enumerated.
    fn lacks(&self, value: &Value) -> bool {
        let choices = self.choices.as_ref();
        !self.kinds.has(kind_of(value))
            || choices.is_some_and(|choices| !is_in(choices, value))
            || is_in(&self.excluded, value)
    }

    /// The same, with what follows from it: a kind of which there is no value is left out.
    pub(super) fn settled(mut self) -> Facts {
        let mut kinds = self.kinds;
        let (low, high) = (self.low, self.high);
        let is_point = low.at == high.at && low.at.abs() < EXACT;
        let is_empty = low.at > high.at || is_point && (low.excluded || high.excluded);
        if is_empty {
            kinds = kinds.without(Kinds::NUMBER);
        } else if is_point && low.at.fract() == 0.0 {
            kinds = kinds.without(Kinds::FRACTION);
        } else if low.at.abs() < EXACT && high.at.abs() < EXACT {
            let next = low.at.ceil();
            let next = match next == low.at && low.excluded {
                true => next + 1.0,
                false => next,
            };
            if next > high.at || next == high.at && high.excluded {
                kinds = kinds.without(Kinds::WHOLE);
            }
        }
        if self.text.least > self.text.most {
            kinds = kinds.without(Kinds::TEXT);
        }
        if let Some(item) = &self.item {
            let most = match item.count() {
                0 => 0,
                count if self.unique => count,
                _ => usize::MAX,
            };
            self.list.most = self.list.most.min(most);
        }
        if self.list.least > self.list.most {
            kinds = kinds.without(Kinds::LIST);
        }
        let can_be = |name: &String, member: &Member| {
            let closed = self.closed.as_ref();
            !member.facts.is_never() && closed.is_none_or(|closed| closed.contains(name))
        };
        let mut required = self.members.iter().filter(|(_, member)| member.required);
        let is_missing = required.clone().any(|(name, member)| !can_be(name, member));
        self.object.least = self.object.least.max(required.by_ref().count());
        if let Some(closed) = &self.closed {
            self.object.most = self.object.most.min(closed.len());
        }
        if is_missing || self.object.least > self.object.most {
            kinds = kinds.without(Kinds::OBJECT);
        }
        let excluded = &self.excluded;
        if is_in(excluded, &Value::Null) {
            kinds = kinds.without(Kinds::NULL);
        }
        if [true, false]
            .map(Value::Bool)
            .iter()
            .all(|value| is_in(excluded, value))
        {
            kinds = kinds.without(Kinds::BOOLEAN);
        }
        if let Some(choices) = &mut self.choices {
            choices.retain(|value| {
                let kind = kind_of(value);
                kinds.has(kind)
                    && !is_in(excluded, value)
                    && match value {
                        Value::Number(number) => {
                            let at = number.as_f64().unwrap_or_default();
                            at >= low.at && at <= high.at
                        }
                        Value::String(text) => {
                            let length = text.chars().count();
                            (self.text.least..=self.text.most).contains(&length)
                        }
                        Value::Array(items) => {
                            (self.list.least..=self.list.most).contains(&items.len())
                        }
                        Value::Object(members) => {
                            (self.object.least..=self.object.most).contains(&members.len())
                        }
                        _ => true,
                    }
            });
            kinds = choices
                .iter()
                .map(kind_of)
                .fold(Kinds::NONE, Kinds::or)
                .and(kinds);
        }
        self.kinds = kinds;
        self
    }

    /// What is none of some values: a kind is left out of which these are all there are.
    pub(super) fn apart_from(mut self, taken: &dyn Fn(&Value) -> bool) -> Facts {
        if let Some(choices) = &mut self.choices {
            choices.retain(|value| !taken(value));
        }
        let no_item = || Value::Array(Vec::new());
        let no_member = || Value::Object(Default::default());
        let point = (self.low.at == self.high.at).then(|| Number::from_f64(self.low.at));
        let mut leave_out = |kind: Kinds, are_taken: bool| {
            if are_taken {
                self.kinds = self.kinds.without(kind);
            }
        };
        leave_out(Kinds::NULL, taken(&Value::Null));
        let both = [true, false].map(Value::Bool);
        let excluded = &self.excluded;
        let are_taken = both
            .iter()
            .all(|value| taken(value) || is_in(excluded, value));
        leave_out(Kinds::BOOLEAN, are_taken);
        let point = point.flatten().map(Value::Number);
        leave_out(Kinds::NUMBER, point.is_some_and(|point| taken(&point)));
        leave_out(Kinds::LIST, self.list.most == 0 && taken(&no_item()));
        leave_out(Kinds::OBJECT, self.object.most == 0 && taken(&no_member()));
        self.settled()
    }

    /// How many such values there may be.
    pub(super) fn count(&self) -> usize {
        if let Some(choices) = &self.choices {
            return choices.len();
        }
        let mut plain = Kinds::BOOLEAN.or(Kinds::NULL).or(Kinds::WHOLE);
        if self.list.most == 0 {
            plain = plain.or(Kinds::LIST);
        }
        if self.object.most == 0 {
            plain = plain.or(Kinds::OBJECT);
        }
        if self.kinds.without(plain) != Kinds::NONE {
            return usize::MAX;
        }
        let booleans = [true, false].map(Value::Bool);
        let booleans = booleans
            .iter()
            .filter(|value| !is_in(&self.excluded, value));
        let whole = match self.kinds.has(Kinds::WHOLE) {
            true => (self.high.at.floor() - self.low.at.ceil()).clamp(0.0, EXACT) as usize + 1,
            false => 0,
        };
        let own = |kind: Kinds, count: usize| if self.kinds.has(kind) { count } else { 0 };
        let single = own(Kinds::NULL, 1) + own(Kinds::LIST, 1) + own(Kinds::OBJECT, 1);
        own(Kinds::BOOLEAN, booleans.count()) + single + whole
    }

    /// All such values, where they are few and told.
    pub(super) fn values(&self) -> Option<Vec<Value>> {
        if let Some(choices) = &self.choices {
            return Some(choices.clone());
        }
        let plain = Kinds::BOOLEAN.or(Kinds::NULL).or(Kinds::WHOLE);
        if self.kinds.without(plain) != Kinds::NONE || self.count() > CHOICES {
            return None;
        }
        let mut values = vec![Value::Null, Value::Bool(true), Value::Bool(false)];
        if self.kinds.has(Kinds::WHOLE) {
            let whole = self.low.at.ceil() as i64..=self.high.at.floor() as i64;
            values.extend(whole.map(Value::from));
        }
        let is_one = |value: &Value| !self.lacks(value) && self.has_room(value);
        values.retain(is_one);
        Some(values)
    }

    /// Whether a number is within the bounds.
    fn has_room(&self, value: &Value) -> bool {
        let Some(at) = value.as_f64() else {
            return true;
        };
        let (low, high) = (self.low, self.high);
        at >= low.at
            && at <= high.at
            && !(low.excluded && at == low.at || high.excluded && at == high.at)
    }
}

fn is_in(values: &[Value], value: &Value) -> bool {
    values.iter().any(|other| same(other, value))
}

/// Whether the one bound leaves less than the other: the sign tells from which side it is one.
fn tighter(one: Limit, other: Limit, sign: f64) -> bool {
    sign * one.at > sign * other.at || one.at == other.at && one.excluded && !other.excluded
}

/// How many there are of a kind that the one may be of, or the other.
fn either((one, other): (bool, bool), own: Count, others: Count) -> Count {
    match (one, other) {
        (true, true) => own.or(others),
        (false, _) => others,
        _ => own,
    }
}
