//! Actions on an item: operations whose path is the item's and a word more, that show the item
//! (`POST /orders/{id}/cancel`) or make it something that it tells of.

use super::binding::{Action, Binding, KeyFrom};
use super::key::alike;
use super::part::Part;
use super::tie::{Tie, trimmed};
use super::turn::{turned, turned_of};
use super::verbs::{Outcome, flagged, is_said_of, outcome};
use super::write::Write;
use super::{Operations, Prepared};
use crate::rules::Merge;
use crate::sample::{Role, is_witness, role};
use crate::spec::{Location, Parameter, ShapeId, Shapes};
use crate::validate::View;
use crate::wire::Method;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What an operation below an item does with it.
#[derive(Debug, Clone)]
pub struct Act {
    /// The last word of its path.
    word: String,
    /// What becomes of the item.
    outcome: Outcome,
    /// What of the item the path names, where what is done is done to that.
    pub(super) part: Option<Part>,
}

/// The item that an operation does something with which stands below it.
pub(super) struct Subject<'o> {
    /// Its tie.
    pub(super) tie: &'o Tie,
    /// What reads it.
    pub(super) reader: &'o Binding,
    /// What names it in a path below it.
    pub(super) key_from: KeyFrom,
    /// The shape of what shows it, and its own in that.
    pub(super) whole: ShapeId,
    pub(super) shape: ShapeId,
}

/// How many words a path may have behind that of its item.
const WORDS: usize = 2;

impl Operations {
    /// What an operation does with the item that it is an action on; nothing where it is none.
    pub(super) fn acting(&self, operation: &Prepared) -> Option<Binding> {
        let declared = &operation.declared;
        let is_done = (200..300).contains(&declared.success());
        let method = &declared.method;
        if method.is_safe() || !is_done || self.outline(operation.number).asks {
            return None;
        }
        let (item, word) = above(trimmed(&declared.path))?;
        let subject = self.subject(item)?;
        let (shapes, shape) = (self.shapes(), subject.shape);
        let sent = operation.bodies.iter().find_map(|content| content.shape);
        let (sent, wrapper) = sent.map_or((None, None), |sent| unwrapped(shapes, sent, shape));
        let properties = &shapes.get(shape).properties;
        // A `201` is of something new, which the item isn't.
        if operation.documents(201) {
            return None;
        }
        let part = Part::of(shapes, (shape, word), method, sent);
        let act = Act {
            outcome: outcome(word, *method == Method::DELETE),
            word: word.to_owned(),
            part,
        };
        let mut within = Vec::new();
        let envelope = match operation.success_body().and_then(|content| content.shape) {
            Some(shown) => match (self.showing(&subject, shown), &act.part) {
                (Some(envelope), _) => envelope,
                (None, Some(part)) => {
                    within.push(part.name.clone());
                    self.holding(shown, part.shape)?
                }
                (None, None) => return None,
            },
            None if act.part.is_some() => Vec::new(),
            // What shows nothing does something to the item where it says what.
            None => {
                let said = sent.map(|id| &shapes.get(id).properties);
                let is_of_item = said.is_some_and(|said| {
                    !said.is_empty() && said.keys().all(|name| properties.contains_key(name))
                });
                let is_put = is_of_item && *method != Method::DELETE;
                let is_told = !act.told_of(self, shape, &Value::Null).is_empty();
                (is_put || is_told).then(Vec::new)?
            }
        };
        Some(Binding {
            act: Some(Arc::new(act)),
            within,
            ..self.changing(&subject, envelope, wrapper)
        })
    }

    /// Where a reply of a shape shows the item, by the names of properties.
    pub(super) fn showing(&self, subject: &Subject<'_>, shown: ShapeId) -> Option<Vec<String>> {
        let whole = (subject.whole, subject.reader.envelope.as_slice());
        self.shown_within(shown, whole, subject.shape)
    }

    /// How an operation is bound that changes the item, and stands below it.
    pub(super) fn changing(
        &self,
        subject: &Subject<'_>,
        envelope: Vec<String>,
        wrapper: Option<String>,
    ) -> Binding {
        Binding {
            action: Action::Update(Merge::Deep),
            key_from: subject.key_from.clone(),
            envelope,
            wrapper,
            listing: None,
            members: None,
            within: Vec::new(),
            unique: subject.tie.unique(self),
            ..subject.reader.clone()
        }
    }

    /// The item that a path is of, as the operation knows it that reads one.
    pub(super) fn subject<'o>(&'o self, item: &'o str) -> Option<Subject<'o>> {
        let (tie, item_path) = self.tie_of_item(item)?;
        let number = self.numbered(&Method::GET, item_path)?;
        let reader = self.get(number).binding.as_ref()?;
        if reader.action != Action::Read {
            return None;
        }
        let names = |path: &str| -> Vec<String> {
            let names = path.split('/');
            let names = names.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
            names.map(str::to_owned).collect()
        };
        let (own, known) = (names(item), names(item_path));
        let key_from = match &reader.key_from {
            KeyFrom::Path(_) => KeyFrom::Path(own.last()?.clone()),
            other => other.clone(),
        };
        // Whose the item is goes by the names that those have that it hangs on.
        let above = own.len().min(known.len()).saturating_sub(1);
        if own.len() != known.len() || own[..above] != known[..above] {
            return None;
        }
        let shapes = self.shapes();
        let whole = self.outline(number).shown?;
        let mut envelope = reader.envelope.iter();
        let shape = envelope.try_fold(whole, |id, name| {
            Some(shapes.of_property(shapes.get(id).properties.get(name)?))
        })?;
        Some(Subject {
            tie,
            reader,
            key_from,
            whole,
            shape,
        })
    }

    /// The tie of an item, and its path there: parameters may be called otherwise.
    fn tie_of_item<'o>(&'o self, path: &'o str) -> Option<(&'o Tie, &'o str)> {
        let tie = self.ties().of_item(path).or_else(|| {
            let (tie, _) = self.ties().of(path)?;
            (*tie.item_path == *path).then_some(tie)
        })?;
        Some((tie, &tie.item_path))
    }

    /// Where an item stands in what an operation shows, by the names of properties: as its own
    /// operation shows it, or alone, or as the one property of its schema.
    pub(super) fn shown_within(
        &self,
        shown: ShapeId,
        (whole, envelope): (ShapeId, &[String]),
        item: ShapeId,
    ) -> Option<Vec<String>> {
        let shapes = self.shapes();
        let contents = self.contents();
        let schema = |id| contents.document.referred(shapes.schema(id));
        let is_same = |one: ShapeId, other: ShapeId| {
            let both = (&shapes.get(one).properties, &shapes.get(other).properties);
            let is_alike = || {
                let mut names = both.0.keys();
                both.0.len() == both.1.len() && names.all(|name| both.1.contains_key(name))
            };
            !both.0.is_empty() && (schema(one) == schema(other) || is_alike())
        };
        if is_same(shown, whole) {
            return Some(envelope.to_vec());
        }
        if is_same(shown, item) {
            return Some(Vec::new());
        }
        let mut properties = shapes.get(shown).properties.iter();
        let held = properties.find(|(_, property)| is_same(shapes.of_property(property), item));
        held.map(|(name, _)| vec![name.clone()])
    }
}

/// The path of the item that an operation's path is below, and the word that it ends in: behind a
/// slash or, as `…/topics/{topic}:publish`, a colon.
fn above(path: &str) -> Option<(&str, &str)> {
    let (mut item, mut word) = path.rsplit_once('/')?;
    if let Some((name, verb)) = word.split_once("}:") {
        return Some((&path[..path.len() - verb.len() - 1], verb))
            .filter(|_| name.starts_with('{'));
    }
    for _ in 0..WORDS {
        if word.contains('{') {
            return None;
        }
        match item.rsplit_once('/') {
            Some((above, segment)) if !segment.starts_with('{') && above.ends_with('}') => {
                // `/orders/{id}/actions/cancel`.
                item = above;
            }
            _ => break,
        }
    }
    word = word.trim_matches(':');
    (!word.is_empty() && !item.is_empty()).then_some((item, word))
}

/// Whether a request has to say more than its path, or may by its body.
pub(super) fn is_told_by(operation: &Prepared) -> bool {
    let mut parameters = operation.declared.parameters.iter();
    let is_required = |p: &Parameter| p.required && p.location == Location::Query;
    operation.declared.body.is_some() || parameters.any(is_required)
}

/// The shape of what is said of an item in a body, and the property that it stands in, where that
/// is the only one and none of the item's.
pub(super) fn unwrapped(
    shapes: &Shapes,
    sent: ShapeId,
    item: ShapeId,
) -> (Option<ShapeId>, Option<String>) {
    let mut properties = shapes.get(sent).properties.iter();
    let (Some((name, property)), None) = (properties.next(), properties.next()) else {
        return (Some(sent), None);
    };
    let inner = shapes.of_property(property);
    let is_object = !shapes.get(inner).properties.is_empty();
    match is_object && !shapes.get(item).properties.contains_key(name) {
        true => (Some(inner), Some(name.clone())),
        false => (Some(sent), None),
    }
}

impl Act {
    /// The properties of an item that tell what becomes of it, and what they say then; `stored` is
    /// the item as it was.
    fn told_of(
        &self,
        operations: &Operations,
        item: ShapeId,
        stored: &Value,
    ) -> Vec<(String, Value)> {
        let contents = operations.contents();
        let shapes = contents.shapes;
        let properties = &shapes.get(item).properties;
        if let Some(what) = turned(&self.word) {
            return turned_of(contents, item, (&what, stored))
                .into_iter()
                .collect();
        }
        let told = properties.iter().filter_map(|(name, property)| {
            let id = shapes.of_property(property);
            let schema = contents.schemas.at(View::Reply, shapes.schema(id));
            let fits = |value: &Value| contents.schemas.is_valid(schema, value);
            if role(name) == Some(Role::Status) {
                let any = fits(&Value::from("any text at all"));
                let states = self.outcome.states.iter();
                let mut states = states.filter(|_| !any || self.outcome.is_known);
                return states.find_map(|state| {
                    let mut ways = spellings(state).into_iter().map(Value::from);
                    Some((name.clone(), ways.find(fits)?))
                });
            }
            let own = flagged(name);
            let mut flags = self.outcome.flags.iter();
            let (_, is_so) = flags.find(|(flag, _)| *flag == own)?;
            let is_so = Value::from(*is_so);
            (fits(&is_so) && !fits(&Value::from(""))).then(|| (name.clone(), is_so))
        });
        told.collect()
    }
}

/// A state as the values of an `enum` may be written.
fn spellings(state: &str) -> Vec<String> {
    let parted: &[&str] = match state {
        "inprogress" => &["in", "progress"],
        "onhold" => &["on", "hold"],
        "checkedin" => &["checked", "in"],
        "checkedout" => &["checked", "out"],
        state => &[state],
    };
    let capital = |word: &&str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let capitals: Vec<String> = parted.iter().map(capital).collect();
    let mut ways = Vec::new();
    for by in ["_", "-", "", " "] {
        let lower = parted.join(by);
        ways.extend([lower.to_uppercase(), capitals.join(by)]);
        ways.push(lower);
    }
    ways.rotate_left(2);
    ways
}

impl Write<'_, '_> {
    /// An item as an action leaves it: with what the client said of it, where it has a property for
    /// that, and as the action's word has it.
    pub(super) fn acted(&self, act: &Act, stored: &Value) -> Value {
        let mut next = stored.clone();
        let contents = self.standins.contents;
        let Some((binding, content)) = self.shower() else {
            return next;
        };
        let Some(shape) = self.item_shape(binding, content) else {
            return next;
        };
        if let Some(part) = &act.part {
            return self.with_part(part, next);
        }
        let said = self.body.as_object().cloned().unwrap_or_default();
        let properties = &contents.shapes.get(shape).properties;
        let mut told: Map<String, Value> = Map::new();
        for (name, value) in &said {
            let of_word = |own: &&String| is_said_of(&act.word, name, own);
            let named = || {
                let own = properties.keys().find(|own| alike(own, name));
                // `PUT /orders/1/status {"value": "shipped"}`.
                let word = || properties.keys().find(|own| alike(own, &act.word));
                own.or_else(|| word().filter(|_| said.len() == 1))
            };
            let property = properties.keys().find(of_word).or_else(named);
            if let Some(property) = property.filter(|own| **own != self.binding.key) {
                told.insert(property.clone(), value.clone());
            }
        }
        // What was all of a sum is all of it that was captured, say.
        let is_sum = |name: &&String| matches!(role(name), Some(Role::Amount | Role::Total));
        if let Some(sum) = properties.keys().find(is_sum)
            && let Some(value) = stored.get(sum)
            && let Some(part) = properties
                .keys()
                .find(|own| is_said_of(&act.word, sum, own))
            && !told.contains_key(part)
            && !act.outcome.states.is_empty()
        {
            told.insert(part.clone(), value.clone());
        }
        for (name, value) in act.told_of(self.standins.operations, shape, stored) {
            told.entry(name).or_insert(value);
        }
        let now = self.now_as(&next);
        for (event, has_happened) in &act.outcome.events {
            let names = properties.keys().filter(|name| is_witness(event, name));
            for name in names.filter(|name| !told.contains_key(*name)) {
                match has_happened {
                    true => self.put_first(&mut next, name, &now),
                    false => self.take_back(&mut next, name),
                }
            }
        }
        for (name, value) in told {
            match value {
                Value::Null => self.take_back(&mut next, &name),
                value => self.put_first(&mut next, &name, &[value]),
            }
        }
        next
    }
}
