use super::Rejection;
use super::find::{Found, find, key_text};
use super::merge::merge;
use super::stamps::touch;
use super::write::{Decided, Write};
use crate::rules::Merge;
use crate::store::{Change, State};
use crate::wire::Verdict;
use serde_json::Value;

impl Write<'_, '_> {
    /// Steps 9 to 11 of a change to an item: the item, the preconditions, the rules, the item as it
    /// would become. Gives what changes; on a refusal nothing has.
    pub fn update(
        mut self,
        how: Merge,
        state: &State,
    ) -> Result<(Vec<Change>, Decided), Rejection> {
        let found = find(
            self.standins,
            self.binding,
            self.parameters,
            self.body,
            state,
        );
        let makes = how == Merge::Whole && self.operation.documents(201);
        let found = match found {
            Err(Rejection::Missing(_)) if makes => return self.put(state),
            Ok(found) if found.is_standin && makes && self.is_new(&found) => {
                return self.put(state);
            }
            found => found?,
        };
        let Found { key, item, .. } = found;
        match self.preconditions.judge(false, &item.tag, item.modified) {
            Verdict::Failed(field) => {
                return Err(Rejection::precondition(field, &item.tag));
            }
            Verdict::NotModified | Verdict::Proceed => {}
        }
        if let Some(stage) = &mut self.stage {
            stage.bind_stored(&item.value);
            if let Some(rejection) = Rejection::ruled(stage.unmet_conditions(), Some(412)) {
                return Err(rejection);
            }
        }
        let shapes = self.standins.contents.shapes;
        let mut next = merge(how, &item.value, self.body, shapes, self.shape);
        self.keep_place(&item.value, &mut next);
        if !self.binding.is_seeded {
            touch(&mut next, self.body, self.now, false);
        }
        let old = key.clone();
        let key = self.renamed(state, key, &mut next)?;
        let (mut changes, decided) = self.settle(state, key, next, false)?;
        if decided.key != old {
            let place = self.binding.place(self.parameters).into_owned();
            changes.push(Change::Bury(place, old));
        }
        Ok((changes, decided))
    }

    /// The key of an item after a change: another where the body has a property `new_name` or
    /// `newName` beside the `name` that items go by.
    fn renamed(&self, state: &State, key: String, next: &mut Value) -> Result<String, Rejection> {
        let name = &self.binding.key;
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let camel: String = first.into_iter().chain(letters).collect();
        let names = [format!("new_{name}"), format!("new{camel}")];
        let given = names.iter().find_map(|name| {
            let value = self.body.get(name).filter(|value| value.is_string())?;
            Some((name, value.clone()))
        });
        let (Some((from, value)), Some(members)) = (given, next.as_object_mut()) else {
            return Ok(key);
        };
        members.shift_remove(from);
        if !members.contains_key(name) {
            return Ok(key);
        }
        members.insert(name.clone(), value.clone());
        let renamed = key_text(Some(&value));
        let place = self.binding.place(self.parameters);
        match renamed != key && state.item(&place, &renamed).is_some() {
            true => Err(self.conflict(&renamed)),
            false => Ok(renamed),
        }
    }

    /// Whether a client that puts an item means one that isn't there: of what nobody has written
    /// only the items of the list are.
    fn is_new(&self, found: &Found<'_>) -> bool {
        let rows = self.standins.rows(self.binding);
        rows.iter().all(|(key, _)| *key != found.key)
    }

    /// An update can't give an item another key, nor cut it off from what it hangs on.
    fn keep_place(&self, stored: &Value, next: &mut Value) {
        let Some(next) = next.as_object_mut() else {
            return;
        };
        if let Some(key) = stored.get(&self.binding.key) {
            next.insert(self.binding.key.clone(), key.clone());
        }
        for parent in &self.binding.parents {
            if let Some(link) = stored.get(&parent.parameter) {
                next.entry(parent.parameter.clone())
                    .or_insert_with(|| link.clone());
            }
        }
    }
}
