//! Lists and maps of what went wrong: as much as there is, and no more.

use super::DEPTH;
use super::fill::{About, Beside, Filler, Said, texts};
use super::place::name_of;
use super::role::{Form, Role, role};
use crate::mock::name::plain;
use crate::spec::{Shape, ShapeId};
use serde_json::{Map, Value};

/// Under which name a map has what is wrong with the whole body, or with none of the request's
/// parts.
const WHOLE: &str = "body";
const NOWHERE: &str = "detail";

impl Filler<'_> {
    /// The whole of a body.
    pub(super) fn whole(&self, id: ShapeId, base: Option<&Value>) -> (Value, bool) {
        let about = About::default();
        let shape = self.shape(id);
        if shape.properties.is_empty() {
            let list = self.list(id, base, about);
            let map = || self.map(id, about).filter(|_| shape.has_additional());
            if let Some(rows) = list.or_else(map) {
                return (rows, true);
            }
        }
        self.fill(id, base, about)
    }

    /// What is called a list of errors, or its like.
    pub(super) fn problems(
        &self,
        name: &str,
        id: ShapeId,
        known: Option<&Value>,
        beside: &Beside,
        about: About,
    ) -> Said {
        let shape = self.shape(id);
        let is_told = self.problem.errors.is_empty() && beside.message;
        if shape.has_items() {
            let item = self.contents.shapes.of_items(shape);
            // No place in the request is at fault, and what is wrong stands beside it.
            let is_of_places = item.is_some_and(|item| self.has_place(self.shape(item)));
            return match is_told && is_of_places {
                true => Said::Nothing,
                false => self.list(id, known, about).into(),
            };
        }
        if !shape.properties.is_empty() && self.speaks(id, about.depth) {
            return self.nested(id, known, about).into();
        }
        if is_object(shape) {
            return match self.problem.errors.is_empty() {
                true => Said::Nothing,
                false => self.map(id, about).into(),
            };
        }
        // In a row it is what is wrong there: `{field, issue}`.
        let is_all = about.is_row
            || ["errors", "details", "violations", "issues"].contains(&plain(name).as_str());
        let told = is_all.then(|| self.told(about));
        told.and_then(|told| self.text(id, [told.as_str()])).into()
    }

    /// An entry for each violation. What an entry must have beside what its names ask for is that
    /// of the first one of `known`.
    pub(super) fn list(&self, id: ShapeId, known: Option<&Value>, about: About) -> Option<Value> {
        let shapes = self.contents.shapes;
        let shape = self.shape(id);
        let item = shapes.of_items(shape)?;
        let item_shape = self.shape(item);
        let count = self.problem.errors.len();
        let bound = |keyword| {
            let bound = shapes.says(id, keyword)?.as_number()?.as_u64()?;
            usize::try_from(bound).ok()
        };
        let most = bound("maxItems").unwrap_or(usize::MAX);
        let mut base = known.and_then(|known| known.get(0)).cloned();
        if let (Some(Value::Object(members)), true) = (&mut base, count > 0) {
            let properties = &item_shape.properties;
            members.retain(|name, _| properties.get(name).is_some_and(|known| known.required));
        }
        let row = |entry: Option<usize>| {
            let about = About {
                entry,
                is_row: true,
                ..about.deeper()
            };
            let is_placed = self.says_place(item, about);
            let about = About { is_placed, ..about };
            match item_shape.properties.is_empty() {
                true if texts(item_shape) => self.text(item, [self.told(about).as_str()]),
                true => self.map_of(item, entry.into_iter().collect(), about),
                false => {
                    let (value, tells) = self.fill(item, base.as_ref(), about);
                    tells.then_some(value)
                }
            }
        };
        let mut rows = match count {
            // What went wrong is none of the request's parts: one entry tells it.
            0 => vec![row(None)?],
            _ => {
                let rows = (0..count.min(most)).map(|index| row(Some(index)));
                rows.collect::<Option<Vec<Value>>>()?
            }
        };
        let least = bound("minItems").unwrap_or(0);
        while rows.len() < least.min(DEPTH * DEPTH) {
            rows.push(row(None)?);
        }
        Some(rows.into())
    }

    /// The violations by the names of what they are about.
    fn map(&self, id: ShapeId, about: About) -> Option<Value> {
        self.map_of(id, (0..self.problem.errors.len()).collect(), about)
    }

    fn map_of(&self, id: ShapeId, entries: Vec<usize>, about: About) -> Option<Value> {
        let shape = self.shape(id);
        if !is_object(shape) || about.depth > DEPTH {
            return None;
        }
        let mut body = Map::new();
        let whole = vec![None];
        let entries = match entries.is_empty() {
            true => whole,
            false => entries.into_iter().map(Some).collect(),
        };
        for entry in entries {
            let name = match entry {
                Some(index) => {
                    let name = self.problem.errors.get(index).and_then(name_of);
                    name.unwrap_or_else(|| WHOLE.to_owned())
                }
                None => NOWHERE.to_owned(),
            };
            let about = About {
                entry,
                is_row: true,
                is_placed: true,
                ..about.deeper()
            };
            let Some(value) = self.mapped(shape, &name, body.get(&name), about) else {
                continue;
            };
            body.insert(name, value);
        }
        (!body.is_empty()).then_some(Value::Object(body))
    }

    /// What a map has under a name, with one violation more.
    fn mapped(
        &self,
        shape: &Shape,
        name: &str,
        known: Option<&Value>,
        about: About,
    ) -> Option<Value> {
        let shapes = self.contents.shapes;
        let declared = shape.properties.get(name).map(|it| shapes.of_property(it));
        let member = declared
            .or_else(|| shapes.of_pattern(shape, name))
            .or_else(|| shapes.of_additional(shape));
        let told = self.told(about);
        let mut rows = match known {
            Some(Value::Array(rows)) => rows.clone(),
            _ => Vec::new(),
        };
        let Some(member) = member else {
            rows.push(told.into());
            return shape.is_open().then_some(rows.into());
        };
        let member_shape = self.shape(member);
        if member_shape.has_items() {
            let item = shapes.of_items(member_shape)?;
            let row = match self.shape(item).properties.is_empty() {
                true => self.text(item, [told.as_str()])?,
                false => self.nested(item, None, about)?,
            };
            rows.push(row);
            return Some(rows.into());
        }
        if !member_shape.properties.is_empty() {
            return known.cloned().or_else(|| self.nested(member, None, about));
        }
        if member_shape.types.is_unsaid() {
            rows.push(told.into());
            return Some(rows.into());
        }
        let both = match known {
            Some(Value::String(known)) => format!("{known}; {told}"),
            _ => told,
        };
        let text = self.text(member, [both.as_str()]);
        text.or_else(|| known.cloned())
    }

    /// Whether a body of this shape has a list for violations, or a map of them, that says of each
    /// what it is.
    pub(super) fn can_list(&self, id: ShapeId, depth: usize) -> bool {
        let shapes = self.contents.shapes;
        let shape = self.shape(id);
        if depth > DEPTH {
            return false;
        }
        if shape.properties.is_empty() {
            return shape.has_items() || shape.has_additional();
        }
        let mut properties = shape.properties.iter().take_while(|_| self.looks());
        properties.any(|(name, property)| {
            let member = shapes.of_property(property);
            let shape = self.shape(member);
            let is_only_list = shape.has_items() && !texts(shape) && self.has_words(shape);
            match role(name) {
                Some(Role::Problems) if shape.properties.is_empty() => {
                    is_only_list || is_object(shape)
                }
                Some(Role::Message | Role::Reason | Role::Error) if is_only_list => true,
                None if self.is_of_problems(shape) => true,
                Some(Role::Problems | Role::Message | Role::Reason | Role::Error) | None => {
                    !shape.properties.is_empty() && self.can_list(member, depth + 1)
                }
                _ => false,
            }
        })
    }

    /// Whether it is a list of objects that say where and what, whatever it is called.
    pub(super) fn is_of_problems(&self, shape: &Shape) -> bool {
        let item = self.contents.shapes.of_items(shape);
        let Some(item) = item.map(|item| self.shape(item)) else {
            return false;
        };
        let has = |known: fn(Role) -> bool| {
            let mut names = item.properties.keys();
            names.any(|name| role(name).is_some_and(known))
        };
        let is_message = |role| matches!(role, Role::Message | Role::Reason | Role::Error);
        let is_strict = |role| matches!(role, Role::Place(form) if form != Form::Either);
        let names_a_reason = has(|role| role == Role::Name) && has(|role| role == Role::Reason);
        has(is_message) && has(is_strict) || names_a_reason
    }

    /// Whether the entries of a list say in words what is wrong.
    fn has_words(&self, list: &Shape) -> bool {
        let item = self.contents.shapes.of_items(list);
        let is_words = |role| matches!(role, Role::Message | Role::Reason | Role::Error);
        item.map(|item| self.shape(item)).is_some_and(|item| {
            let mut names = item.properties.keys();
            item.properties.is_empty() || names.any(|name| role(name).is_some_and(is_words))
        })
    }

    fn has_place(&self, item: &Shape) -> bool {
        let is_place = |role| matches!(role, Role::Place(_) | Role::Path | Role::Name);
        let mut names = item.properties.keys();
        names.any(|name| role(name).is_some_and(is_place))
    }

    /// Whether an object, or one within it, has members that are of errors alone.
    pub(super) fn speaks(&self, id: ShapeId, depth: usize) -> bool {
        let shapes = self.contents.shapes;
        let properties = self.shape(id).properties.iter();
        let mut properties = properties.take_while(|_| self.looks());
        depth < DEPTH
            && properties.any(|(name, property)| {
                let member = shapes.of_property(property);
                let is_plain = ["description", "text"].contains(&plain(name).as_str());
                match role(name) {
                    Some(Role::Message) => !is_plain,
                    Some(Role::Error | Role::Fault) => true,
                    Some(Role::Problems) => {
                        let shape = self.shape(member);
                        shape.has_items() || self.speaks(member, depth + 1)
                    }
                    None => self.speaks(member, depth + 1),
                    _ => false,
                }
            })
    }
}

fn is_object(shape: &Shape) -> bool {
    let is_unsaid = shape.types.is_unsaid() && !shape.has_items();
    let says_members = shape.has_additional() || !shape.properties.is_empty();
    shape.types.has("object") || is_unsaid && says_members
}
