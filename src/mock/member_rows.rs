//! The members of a list that an item has, as an operation on them leaves them.

use super::afresh::none_yet;
use super::agree::{following, totals};
use super::binding::Binding;
use super::echo::meant;
use super::find::key_text;
use super::key::alike;
use super::meant::rename;
use super::member::{Does, Members, is_id};
use super::stamps::touch;
use super::standin::forms;
use super::write::Write;
use super::{PreparedContent, Rejection};
use crate::sample::counts_of;
use crate::validate::View;
use serde_json::{Map, Value};

/// How many members are made up before there is none that has a key of its own.
const DRAWS: usize = 100;

impl Write<'_, '_> {
    /// An item as an operation on the members of a list of it leaves it, and what of it that is.
    pub(super) fn with_members(
        &self,
        members: &Members,
        stored: &Value,
        last: u64,
    ) -> Result<(Value, Value), Rejection> {
        let mut next = stored.clone();
        let mut names = members.at.iter();
        let holder = names.try_fold(&mut next, |inner, name| inner.get_mut(name));
        let Some(holder) = holder.and_then(Value::as_object_mut) else {
            return Err(Rejection::Missing(format!("there are no {}", members.list)));
        };
        let rows = holder.get(&members.list).and_then(Value::as_array);
        let mut rows = rows.cloned().unwrap_or_default();
        self.change_rows(members, &mut rows, last)?;
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

    fn change_rows(
        &self,
        members: &Members,
        rows: &mut Vec<Value>,
        last: u64,
    ) -> Result<(), Rejection> {
        let named = members.named.as_ref();
        let named = named.and_then(|name| self.parameters.path.get(name));
        let key = key_text(named);
        let found = named.and_then(|named| members.position(rows, named));
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
                    let said = match (self.keyed(members, &own), self.body) {
                        (Some((name, key)), Value::Object(said)) => {
                            let mut said = said.clone();
                            said.insert(name, key);
                            Value::Object(said)
                        }
                        _ => own,
                    };
                    rows.push(self.new_member(members, rows, &said, last));
                }
            },
            Does::Take => {
                for said in self.said(members) {
                    if let Some(at) = members.position(rows, said) {
                        rows.remove(at);
                    }
                }
            }
            Does::Add | Does::Replace => {
                let mut kept = match members.does {
                    Does::Add => std::mem::take(rows),
                    _ => Vec::new(),
                };
                for said in self.said(members) {
                    if let Some(at) = members.position(&kept, said) {
                        kept[at] = self.changed_member(members, &kept[at], said);
                        continue;
                    }
                    let known = members.position(rows, said).map(|at| &rows[at]);
                    let member = match known {
                        Some(row) => self.changed_member(members, row, said),
                        None => self.new_member(members, &kept, said, last),
                    };
                    kept.push(member);
                }
                *rows = kept;
            }
        }
        Ok(())
    }

    /// What the body says of members: it is one, or a list of them, or has that as its one property.
    fn said(&self, members: &Members) -> Vec<&Value> {
        let one = self.body.as_object().filter(|said| said.len() == 1);
        let inner = one.and_then(|said| said.iter().next());
        let shape = self.standins.contents.shapes.get(members.shape);
        match (self.body, inner) {
            (Value::Array(all), _) | (_, Some((_, Value::Array(all)))) => all.iter().collect(),
            // `{"user_id": 7}` of one that is known by its `id`.
            (_, Some((name, inner)))
                if !members.is_object
                    || !inner.is_object()
                        && meant(shape, name).is_none()
                        && !shape.admits(name) =>
            {
                vec![inner]
            }
            (body, _) => vec![body],
        }
    }

    /// The member that an operation is about, of the item as it left it.
    pub(super) fn member_in<'v>(&self, members: &Members, item: &'v Value) -> Option<&'v Value> {
        let mut names = members.at.iter();
        let holder = names.try_fold(item, |inner, name| inner.get(name))?;
        let rows = holder.get(&members.list)?.as_array()?;
        let named = members.named.as_ref();
        let said = named.and_then(|name| self.parameters.path.get(name));
        let at = said.and_then(|said| members.position(rows, said));
        at.map(|at| &rows[at]).or_else(|| rows.last())
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
            let is_key = members.keys.first() == Some(name);
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
    fn new_member(&self, members: &Members, rows: &[Value], said: &Value, last: u64) -> Value {
        let contents = self.standins.contents;
        if !members.is_object {
            let schema = contents.shapes.schema(members.shape);
            let schema = contents.schemas.at(View::Reply, schema);
            let mut forms = forms(said).into_iter();
            let fitting = forms.find(|form| contents.schemas.is_valid(schema, form));
            return fitting.unwrap_or_else(|| said.clone());
        }
        let mut said = match (said, self.keyed(members, said)) {
            (Value::Object(said), _) => said.clone(),
            // What is named by its key alone.
            (_, Some((name, key))) => [(name, key)].into_iter().collect(),
            (said, None) => return said.clone(),
        };
        let shape = contents.shapes.get(members.shape);
        rename(contents.shapes, members.shape, &mut said);
        let Some((binding, content)) = self.shower() else {
            return Value::Object(said);
        };
        let Some(mut made) = self.made_member(members, (binding, content), rows, last) else {
            return Value::Object(said);
        };
        let sent = members.sent.map(|id| contents.shapes.get(id));
        let is_said = |name: &str| said.contains_key(name);
        // What a client could have said and didn't isn't there.
        made.retain(|name, _| {
            let property = shape.properties.get(name);
            let is_needed = members.keys.first() == Some(name)
                || property.is_none_or(|property| property.required);
            is_needed || is_said(name) || sent.is_none_or(|sent| meant(sent, name).is_none())
        });
        self.tell_above(members, &mut made);
        let mut row = made.clone();
        let known = said.iter().filter(|(name, value)| {
            !value.is_null() && (shape.properties.contains_key(*name) || shape.admits(name))
        });
        row.extend(known.map(|(name, value)| (name.clone(), value.clone())));
        let followed = following(Some(&made), &row, &is_said);
        row.extend(followed);
        let none = none_yet(&row, &is_said);
        row.extend(none);
        let mut row = Value::Object(row);
        touch(&mut row, &Value::Object(said), self.now, true);
        row
    }

    /// Has a member say whose it is, under the names that its schema has for that.
    fn tell_above(&self, members: &Members, row: &mut Map<String, Value>) {
        let contents = self.standins.contents;
        let shape = contents.shapes.get(members.shape);
        let path = &self.parameters.path;
        let is_above = |parameter: &str| members.named.as_deref() != Some(parameter);
        let above = path.iter().filter(|(parameter, _)| is_above(parameter));
        let own = above.filter_map(|(parameter, value)| {
            let name = meant(shape, parameter).filter(|name| !is_id(name))?;
            Some((name.to_owned(), value.clone()))
        });
        let names = self.operation.path_names.iter();
        let names = names.filter(|name| is_above(&name.parameter));
        let otherwise = names.flat_map(|name| {
            let value = path.get(&name.parameter);
            let said = value
                .map(|value| name.said_in(contents.shapes, members.shape, value, false))
                .unwrap_or_default();
            said.into_iter()
                .filter_map(|(place, value)| match place.as_slice() {
                    [name] => Some(((*name).to_owned(), value)),
                    _ => None,
                })
        });
        for (name, value) in own.chain(otherwise) {
            let property = shape.properties.get(&name);
            let takes = property.is_some_and(|property| {
                let at = contents
                    .shapes
                    .schema(contents.shapes.of_property(property));
                let schema = contents.schemas.at(View::Reply, at);
                contents.schemas.is_valid(schema, &value)
            });
            if takes && !members.keys.contains(&name) {
                row.insert(name, value);
            }
        }
    }

    /// A member that is made up, with another key than the others have.
    fn made_member(
        &self,
        members: &Members,
        (binding, content): (&Binding, &PreparedContent),
        rows: &[Value],
        last: u64,
    ) -> Option<Map<String, Value>> {
        let ids = members.keys.iter().find(|key| is_id(key));
        let key = ids.or(members.keys.first()).map_or("", String::as_str);
        let others: Vec<&Value> = rows.iter().filter_map(|row| row.get(key)).collect();
        let mut made = None;
        // What was taken out may still be known by its key.
        let first = rows.len() + usize::try_from(last).unwrap_or(0);
        for number in (first..).take(DRAWS) {
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

    /// A key as a property takes it that holds one, with the name of that.
    fn keyed(&self, members: &Members, key: &Value) -> Option<(String, Value)> {
        let contents = self.standins.contents;
        let shapes = contents.shapes;
        let properties = &shapes.get(members.shape).properties;
        let fitting = members.keys.iter().find_map(|name| {
            let schema = shapes.schema(shapes.of_property(properties.get(name)?));
            let schema = contents.schemas.at(View::Reply, schema);
            let mut forms = forms(key).into_iter();
            let fitting = forms.find(|form| contents.schemas.is_valid(schema, form));
            Some((name.clone(), fitting?))
        });
        let first = members.keys.first();
        fitting.or_else(|| first.map(|name| (name.clone(), key.clone())))
    }
}
