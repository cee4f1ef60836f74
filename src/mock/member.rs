//! Members of a list that an item has, by paths below the item: `DELETE /issues/{id}/labels/{label}`,
//! `POST /cart/items`. They are the item's own, and no collection.

use super::act::{is_told_by, unwrapped};
use super::agree::{following, totals};
use super::binding::Binding;
use super::echo::meant;
use super::find::key_text;
use super::key::{alike, key_of_member};
use super::meant::rename;
use super::stamps::touch;
use super::standin::forms;
use super::tie::trimmed;
use super::write::Write;
use super::{Operations, Prepared, PreparedContent, Rejection};
use crate::decode::Payload;
use crate::sample::counts_of;
use crate::spec::{Location, ShapeId, Shapes};
use crate::validate::View;
use crate::wire::Method;
use serde_json::{Map, Value};
use std::sync::Arc;

/// How many members are made up before there is none that has a key of its own.
const DRAWS: usize = 100;

/// What an operation does with the members of a list that an item has.
#[derive(Debug, Clone)]
pub struct Members {
    /// Where in the item the object is that has the list.
    at: Vec<String>,
    /// The name of the list.
    list: String,
    /// The shape of a member.
    shape: ShapeId,
    /// Whether members are objects.
    is_object: bool,
    /// The property that holds a member's key, where one does.
    key: Option<String>,
    /// The path parameter that names one.
    named: Option<String>,
    /// The shape of what a client says of one, where that is an object.
    sent: Option<ShapeId>,
    does: Does,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    /// Adds what is sent.
    Add,
    /// Has the list be what is sent, and nothing else.
    Replace,
    /// Takes all out.
    Clear,
    /// Adds the one of a key where it isn't there, and changes it where it is.
    Put,
    /// Changes the one of a key.
    Change,
    /// Takes the one of a key out.
    Remove,
}

impl Operations {
    /// What an operation does with the members of a list of an item, where that is what it shows, or
    /// where it shows nothing; and no `GET` shows the list or a member by itself.
    pub(super) fn of_members(&self, operation: &Prepared) -> Option<Binding> {
        let declared = &operation.declared;
        let is_done = (200..300).contains(&declared.success());
        if declared.method.is_safe() || !is_done {
            return None;
        }
        let path = trimmed(&declared.path);
        let (list_path, named) = match path.rsplit_once('/')? {
            (above, last) if last.starts_with('{') => (above, Some(parameter(last)?)),
            _ => (path, None),
        };
        let (item, word) = list_path.rsplit_once('/')?;
        let is_read = |path: &str| self.numbered(&Method::GET, path).is_some();
        if word.contains('{') || is_read(list_path) || is_read(path) {
            return None;
        }
        let (subject, shapes) = (self.subject(item)?, self.shapes());
        let (at, list, member) = list_of(shapes, subject.shape, (word, named.is_some()))?;
        let is_object = !shapes.get(member).properties.is_empty();
        let taken = operation.bodies.iter().find_map(|content| content.shape);
        let says_several = taken.is_some_and(|id| {
            let shape = shapes.get(id);
            let mut inner = shape.properties.values();
            shape.has_items() || inner.any(|p| shapes.get(shapes.of_property(p)).has_items())
        });
        let does = match (&declared.method, &named) {
            (&Method::POST, None) if taken.is_some() => Does::Add,
            (&Method::PUT, None) if says_several => Does::Replace,
            // What chooses among them is the API's own.
            (&Method::DELETE, None) if !is_told_by(operation) && !asks_in_query(operation) => {
                Does::Clear
            }
            (&Method::POST | &Method::PUT, Some(_)) => Does::Put,
            (&Method::PATCH, Some(_)) if is_object => Does::Change,
            (&Method::DELETE, Some(_)) => Does::Remove,
            _ => return None,
        };
        if self.outline(operation.number).asks {
            return None;
        }
        // Where adding one is another story, so is the rest of it.
        let adds = self.numbered(&Method::POST, list_path);
        let adds = adds.filter(|number| *number != operation.number);
        let adds = adds.map(|number| self.get(number).binding.as_ref());
        if adds.is_some_and(|binding| binding.is_none_or(|binding| binding.members.is_none())) {
            return None;
        }
        let is_of_texts = shapes.get(member).types.has("string");
        if is_of_texts && named.is_some_and(|name| is_integer(shapes, operation, name)) {
            return None;
        }
        let shown = operation.success_body().and_then(|content| content.shape);
        let envelope = match shown {
            Some(shown) => self.showing(&subject, shown)?,
            None => Vec::new(),
        };
        let own = named.or_else(|| self.parameter_below(list_path));
        let key = key_of_member(shapes, member, own.unwrap_or("id"));
        let key = key.filter(|_| is_object);
        if is_object && named.is_some() && key.is_none() {
            return None;
        }
        let (sent, wrapper) = taken.map_or((None, None), |id| unwrapped(shapes, id, member));
        let members = Members {
            at,
            list,
            shape: member,
            is_object,
            key,
            named: named.map(str::to_owned),
            sent: sent.filter(|id| !shapes.get(*id).has_items()),
            does,
        };
        Some(Binding {
            members: Some(Arc::new(members)),
            ..self.changing(&subject, envelope, wrapper)
        })
    }

    /// The name of the parameter of the paths right below one.
    fn parameter_below(&self, path: &str) -> Option<&str> {
        let mut stubs = self.stubs().iter();
        stubs.find_map(|stub| {
            let below = trimmed(&stub.path).strip_prefix(path)?.strip_prefix('/')?;
            parameter(below)
        })
    }
}

/// Whether a parameter of an operation's path is a whole number: the place of a text in a list, say.
fn is_integer(shapes: &Shapes, operation: &Prepared, name: &str) -> bool {
    let mut readers = operation.parameters.iter();
    let reader = readers.find(|reader| reader.parameter.name == name);
    let shape = reader.and_then(|reader| reader.shape);
    shape.is_some_and(|id| shapes.get(id).types.has("integer"))
}

/// Whether an operation has parameters in its query.
fn asks_in_query(operation: &Prepared) -> bool {
    let mut parameters = operation.declared.parameters.iter();
    parameters.any(|parameter| parameter.location == Location::Query)
}

/// The name of the parameter that a segment is.
fn parameter(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}', '/'])).then_some(name)
}

/// The list of an item that is called so, where the object is that has it (the item, or the one thing
/// that it holds), and the shape of its members; `/label/{name}` may be one of `labels`.
fn list_of(
    shapes: &Shapes,
    item: ShapeId,
    (word, is_one): (&str, bool),
) -> Option<(Vec<String>, String, ShapeId)> {
    let several = format!("{word}s");
    let named = |id: ShapeId| {
        let mut properties = shapes.get(id).properties.iter();
        properties.find_map(|(name, property)| {
            let is_called = alike(name, word) || is_one && alike(name, &several);
            let list = shapes.get(shapes.of_property(property));
            let member = shapes.of_items(list).filter(|_| is_called)?;
            Some((name.clone(), member))
        })
    };
    if let Some((list, member)) = named(item) {
        return Some((Vec::new(), list, member));
    }
    let mut properties = shapes.get(item).properties.iter();
    let (Some((name, property)), None) = (properties.next(), properties.next()) else {
        return None;
    };
    let (list, member) = named(shapes.of_property(property))?;
    Some((vec![name.clone()], list, member))
}

impl Write<'_, '_> {
    /// An item as an operation on the members of a list of it leaves it, and what of it that is.
    pub(super) fn with_members(
        &self,
        members: &Members,
        stored: &Value,
    ) -> Result<(Value, Value), Rejection> {
        let mut next = stored.clone();
        let mut names = members.at.iter();
        let holder = names.try_fold(&mut next, |inner, name| inner.get_mut(name));
        let Some(holder) = holder.and_then(Value::as_object_mut) else {
            return Err(Rejection::Missing(format!("there are no {}", members.list)));
        };
        let rows = holder.get(&members.list).and_then(Value::as_array);
        let mut rows = rows.cloned().unwrap_or_default();
        self.change_rows(members, &mut rows)?;
        let count = rows.len();
        holder.insert(members.list.clone(), Value::Array(rows));
        // It is something of its own, and no page of a list whose total counts.
        let mut own = holder.clone();
        own.entry("id").or_insert(Value::Null);
        let totals = totals(&own, &|name| name == members.list);
        holder.extend(totals);
        for words in counts_of(&members.list) {
            let name = holder.keys().find(|name| alike(name, &words)).cloned();
            if let Some(name) = name.filter(|name| holder[name].is_number()) {
                holder.insert(name, count.into());
            }
        }
        let name = members.at.first().unwrap_or(&members.list);
        let changed = next.get(name).cloned().unwrap_or_default();
        let said = [(name.clone(), changed)].into_iter().collect();
        Ok((next, Value::Object(said)))
    }

    fn change_rows(&self, members: &Members, rows: &mut Vec<Value>) -> Result<(), Rejection> {
        let named = members.named.as_ref();
        let named = named.and_then(|name| self.parameters.path.get(name));
        let key = key_text(named);
        let is_named = |row: &Value| members.key_of(row).as_ref() == Some(&key);
        let found = rows.iter().position(|row| named.is_some() && is_named(row));
        let missing = || {
            let list = &members.list;
            Rejection::Missing(format!("there is no {key:?} in the {list} of this item"))
        };
        match members.does {
            Does::Remove => _ = rows.remove(found.ok_or_else(missing)?),
            Does::Clear => rows.clear(),
            Does::Change => {
                let at = found.ok_or_else(missing)?;
                rows[at] = self.changed_member(members, &rows[at], self.body);
            }
            Does::Put => match found {
                Some(at) => rows[at] = self.changed_member(members, &rows[at], self.body),
                // Nobody gives a new thing the id that the server gives it.
                None if members.key_is_servers() && !self.operation.bodies.is_empty() => {
                    return Err(missing());
                }
                None => {
                    let own = named.cloned().unwrap_or_default();
                    let said = match (&members.key, self.body) {
                        (Some(name), Value::Object(said)) => {
                            let mut said = said.clone();
                            said.insert(name.clone(), self.key_as(members, name, own));
                            Value::Object(said)
                        }
                        _ => own,
                    };
                    rows.push(self.new_member(members, rows, &said));
                }
            },
            Does::Add | Does::Replace => {
                let mut kept = match members.does {
                    Does::Add => std::mem::take(rows),
                    _ => Vec::new(),
                };
                for said in members.said(self.body) {
                    let key = members.key_said(said);
                    let is_it = |row: &Value| key.is_some() && members.key_of(row) == key;
                    if let Some(at) = kept.iter().position(is_it) {
                        kept[at] = self.changed_member(members, &kept[at], said);
                        continue;
                    }
                    let known = rows.iter().find(|row| is_it(row));
                    let member = match known {
                        Some(row) => self.changed_member(members, row, said),
                        None => self.new_member(members, &kept, said),
                    };
                    kept.push(member);
                }
                *rows = kept;
            }
        }
        Ok(())
    }

    /// A member with what the client says of it now, and what follows from that.
    fn changed_member(&self, members: &Members, row: &Value, said: &Value) -> Value {
        let (Some(before), Some(said)) = (row.as_object(), said.as_object()) else {
            return row.clone();
        };
        let mut said = said.clone();
        let shapes = self.standins.contents.shapes;
        let shape = shapes.get(members.shape);
        rename(shapes, members.shape, &mut said);
        let mut after = before.clone();
        for (name, value) in &said {
            let is_key = members.key.as_ref() == Some(name);
            match value {
                _ if is_key || meant(shape, name).is_none() => {}
                Value::Null => _ = after.shift_remove(name),
                value => _ = after.insert(name.clone(), value.clone()),
            }
        }
        let followed = following(Some(before), &after, &|name| said.contains_key(name));
        after.extend(followed);
        Value::Object(after)
    }

    /// A new member of what the client says: with a key of its own, and what it must have.
    fn new_member(&self, members: &Members, rows: &[Value], said: &Value) -> Value {
        let contents = self.standins.contents;
        if !members.is_object {
            let schema = contents.shapes.schema(members.shape);
            let schema = contents.schemas.at(View::Reply, schema);
            let mut forms = forms(said).into_iter();
            let fitting = forms.find(|form| contents.schemas.is_valid(schema, form));
            return fitting.unwrap_or_else(|| said.clone());
        }
        let mut said = match (said, &members.key) {
            (Value::Object(said), _) => said.clone(),
            // What is named by its key alone.
            (said, Some(key)) => [(key.clone(), self.key_as(members, key, said.clone()))]
                .into_iter()
                .collect(),
            (said, None) => return said.clone(),
        };
        let shape = contents.shapes.get(members.shape);
        rename(contents.shapes, members.shape, &mut said);
        let Some((binding, content)) = self.shower() else {
            return Value::Object(said);
        };
        let Some(mut made) = self.made_member(members, (binding, content), rows) else {
            return Value::Object(said);
        };
        let sent = members.sent.map(|id| contents.shapes.get(id));
        let is_said = |name: &str| said.contains_key(name);
        // What a client could have said and didn't isn't there.
        made.retain(|name, _| {
            let property = shape.properties.get(name);
            let is_needed = members.key.as_ref() == Some(name)
                || property.is_none_or(|property| property.required);
            is_needed || is_said(name) || sent.is_none_or(|sent| meant(sent, name).is_none())
        });
        let mut row = made.clone();
        let known = said.iter().filter(|(name, value)| {
            !value.is_null() && (shape.properties.contains_key(*name) || shape.admits(name))
        });
        row.extend(known.map(|(name, value)| (name.clone(), value.clone())));
        let followed = following(Some(&made), &row, &is_said);
        row.extend(followed);
        let mut row = Value::Object(row);
        touch(&mut row, &Value::Object(said), self.now, true);
        row
    }

    /// A member that is made up, with another key than the others have.
    fn made_member(
        &self,
        members: &Members,
        (binding, content): (&Binding, &PreparedContent),
        rows: &[Value],
    ) -> Option<Map<String, Value>> {
        let key = members.key.as_deref().unwrap_or_default();
        let others: Vec<&Value> = rows.iter().filter_map(|row| row.get(key)).collect();
        let mut made = None;
        for number in (rows.len()..).take(DRAWS) {
            let number = number.to_string();
            let names = binding.envelope.iter().chain(&members.at);
            let names = names.map(String::as_str);
            let names = names.chain([members.list.as_str(), number.as_str()]);
            let Some(Value::Object(mut member)) = self.standins.made_at(content, names) else {
                return made;
            };
            let is_taken = member.get(key).is_some_and(|own| others.contains(&own));
            if !is_taken {
                return Some(member);
            }
            let most = others.iter().filter_map(|other| other.as_i64()).max();
            if let Some(most) = most {
                member.insert(key.to_owned(), most.saturating_add(1).into());
                return Some(member);
            }
            made = Some(member);
        }
        made
    }

    /// A key as the property takes it that holds it.
    fn key_as(&self, members: &Members, name: &str, key: Value) -> Value {
        let contents = self.standins.contents;
        let property = contents.shapes.get(members.shape).properties.get(name);
        let Some(property) = property else { return key };
        let schema = contents
            .shapes
            .schema(contents.shapes.of_property(property));
        let schema = contents.schemas.at(View::Reply, schema);
        let mut forms = forms(&key).into_iter();
        let fitting = forms.find(|form| contents.schemas.is_valid(schema, form));
        fitting.unwrap_or(key)
    }
}

impl Members {
    /// Whether a body says what is done to members: a file says nothing of one.
    pub fn take(&self, payload: &Payload) -> bool {
        match payload {
            Payload::Value(..) => true,
            Payload::Opaque(_) => false,
            Payload::Absent => !matches!(self.does, Does::Add | Does::Replace | Does::Change),
        }
    }

    /// An item without any member, where an operation adds some.
    pub(super) fn emptied(&self, item: &Value) -> Option<Value> {
        let mut emptied = item.clone();
        let mut names = self.at.iter();
        let holder = names.try_fold(&mut emptied, |inner, name| inner.get_mut(name))?;
        let list = Value::Array(Vec::new());
        holder.as_object_mut()?.insert(self.list.clone(), list);
        let adds = [Does::Add, Does::Replace];
        adds.contains(&self.does).then_some(emptied)
    }

    /// The key of a member: what is no object is its own.
    fn key_of(&self, row: &Value) -> Option<String> {
        match (self.is_object, &self.key) {
            (true, Some(key)) => row.get(key).map(|key| key_text(Some(key))),
            (true, None) => None,
            (false, _) => Some(key_text(Some(row))),
        }
    }

    /// The key that is said of a member, where one is: that of an object may stand for it.
    fn key_said(&self, said: &Value) -> Option<String> {
        match said {
            Value::Object(_) => self.key_of(said),
            said => Some(key_text(Some(said))),
        }
    }

    /// Whether the key is an id, which is the server's to give.
    fn key_is_servers(&self) -> bool {
        let ids = ["id", "_id", "uuid"];
        self.key
            .as_ref()
            .is_some_and(|key| ids.contains(&key.as_str()))
    }

    /// What a body says of members: it is one, or a list of them, or has that as its one property.
    fn said<'b>(&self, body: &'b Value) -> Vec<&'b Value> {
        let one = body.as_object().filter(|members| members.len() == 1);
        let inner = one.and_then(|members| members.values().next());
        match (body, inner) {
            (Value::Array(all), _) | (_, Some(Value::Array(all))) => all.iter().collect(),
            (_, Some(inner)) if !self.is_object => vec![inner],
            (body, _) => vec![body],
        }
    }
}
