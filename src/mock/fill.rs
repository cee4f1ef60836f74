//! What an item lacks within what a client said of it, that replies have there.

use super::agree::totals;
use super::write::Write;
use super::{Binding, PreparedContent, render_item};
use crate::validate::Violation;
use crate::wire::Pointer;
use serde_json::Value;

/// How many members are filled in, each of which is judged by itself.
const MOST: usize = 64;

impl Write<'_, '_> {
    /// Gives an item the members that a valid reply has which says the same, wherever it lacks
    /// them and the client didn't take them away; none that it can go without. Tells of what is
    /// still wrong then, as before where that is of no help.
    pub(super) fn fill(
        &self,
        binding: &Binding,
        content: &PreparedContent,
        next: &mut Value,
        found: Vec<Violation>,
    ) -> Vec<Violation> {
        let body = render_item(self.standins.contents.shapes, binding, Some(content), next);
        let made = self.standins.sampled(content, &body, "fill");
        let Some(made) = made.as_ref().and_then(|made| binding.unwrapped(made)) else {
            return found;
        };
        let mut lacking = Vec::new();
        gather(next, made, &Pointer::root(), &mut lacking);
        lacking.retain(|(place, _)| !self.is_taken_away(place));
        let mut filled = next.clone();
        for (place, value) in &lacking {
            place.set(&mut filled, value.clone());
        }
        if lacking.is_empty() || !self.breaches(content, binding, &filled).is_empty() {
            return found;
        }
        for (place, value) in lacking {
            place.remove(&mut filled);
            if !self.breaches(content, binding, &filled).is_empty() {
                place.set(&mut filled, value);
            }
        }
        *next = filled;
        Vec::new()
    }
    /// Lets the sums of an item that was completed follow from what the client said, in its rows
    /// first. What rules work out stays.
    pub(super) fn agree(&self, binding: &Binding, content: &PreparedContent, next: &mut Value) {
        if self.stage.is_some() || !self.body.is_object() {
            return;
        }
        let members = next.as_object().into_iter().flatten();
        let rows = members.filter_map(|(name, value)| {
            let list = Pointer::root().child(name);
            let rows = value.as_array().filter(|_| list.get(self.body).is_some())?;
            let rows = (0..rows.len().min(MOST)).map(|at| list.child(at));
            Some(rows.collect::<Vec<Pointer>>())
        });
        let mut places: Vec<Pointer> = rows.flatten().collect();
        places.push(Pointer::root());
        for at in places {
            let said = at.get(self.body);
            let is_said = |name: &str| said.is_some_and(|said| said.get(name).is_some());
            let members = at.get(next).and_then(Value::as_object);
            let followed = members.map(|members| totals(members, &is_said));
            for (name, value) in followed.unwrap_or_default() {
                let place = at.child(&name);
                let kept = place.get(next).cloned();
                let before = self.breaches(content, binding, next).len();
                place.set(next, value);
                if let Some(kept) = kept
                    && self.breaches(content, binding, next).len() > before
                {
                    place.set(next, kept);
                }
            }
        }
    }
}

/// The members that one value has and another lacks, within the objects that both have.
fn gather(item: &Value, made: &Value, at: &Pointer, lacking: &mut Vec<(Pointer, Value)>) {
    let (Value::Object(item), Value::Object(made)) = (item, made) else {
        return;
    };
    for (name, value) in made {
        let place = at.child(name);
        match item.get(name) {
            Some(known) => gather(known, value, &place, lacking),
            None if lacking.len() < MOST => lacking.push((place, value.clone())),
            None => {}
        }
    }
}
