//! What objects and lists that stand beside each other tell of one another: a summary of the rows
//! beside it, rows of what the object around them says.

use super::demand::{Demand, Root};
use super::maker::Maker;
use super::names;
use super::place::Place;
use super::sums::sums;
use serde_json::{Map, Value};

/// So many rows are looked at.
const MOST: usize = 200;

impl<'d> Maker<'d> {
    /// Has an object that tells of the rows of the one list beside it do so truly.
    pub(super) fn sum_up(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let mut lists = members.iter().filter(|(_, value)| value.is_array());
        let (Some((list, rows)), None) = (lists.next(), lists.next()) else {
            return;
        };
        let summaries = members.iter().filter_map(|(name, value)| {
            let summary = value.as_object().filter(|_| names::is_summary(name))?;
            Some((name.clone(), summary.clone()))
        });
        let summaries: Vec<(String, Map<String, Value>)> = summaries.collect();
        if summaries.is_empty() {
            return;
        }
        let (list, rows) = (list.clone(), rows.as_array().cloned().unwrap_or_default());
        for (name, mut summary) in summaries {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            let names: Vec<String> = summary.keys().cloned().collect();
            let is_page = names.iter().any(|name| names::is_of_page(name));
            for figure in names {
                let is_wished = || place.wish?.get(&name)?.get(&figure);
                let is_free =
                    is_wished().is_none() && !self.is_told_within(&roots, &figure, &summary);
                let values = match &summary[&figure] {
                    Value::Number(_) if is_free => names::of_rows(&figure, &list, &rows, is_page),
                    Value::String(text) if is_free => names::end_of_rows(&figure, text, &rows)
                        .into_iter()
                        .collect(),
                    _ => continue,
                };
                for value in values {
                    let before = summary.insert(figure.clone(), value);
                    if self.fits(&roots, &Value::Object(summary.clone())) {
                        break;
                    }
                    summary.extend(before.map(|before| (figure.clone(), before)));
                }
            }
            members.insert(name, Value::Object(summary));
        }
    }

    /// Has what JSON:API keeps apart agree: how many there are of what is related, among the
    /// attributes.
    pub(super) fn count_related(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let object = |name: &str| members.get(name).and_then(Value::as_object);
        let (Some(attributes), Some(related)) = (object("attributes"), object("relationships"))
        else {
            return;
        };
        let counts = related.iter().filter_map(|(name, value)| {
            let count = value.get("data")?.as_array()?.len();
            let is_it = |attribute: &str| {
                names::counts_of(name).any(|words| names::is_called(attribute, &words))
            };
            let mut named = attributes.iter().filter(|(_, value)| value.is_number());
            let (attribute, _) = named.find(|(attribute, _)| is_it(attribute))?;
            Some((attribute.clone(), Value::from(count)))
        });
        let mut counted = attributes.clone();
        counted.extend(counts);
        if counted != *attributes {
            self.replace(demand, place, members, "attributes", counted.into());
        }
    }

    /// Whether a member of an object within is what the document gives itself.
    pub(super) fn is_told_within(
        &self,
        roots: &[Root],
        name: &str,
        members: &Map<String, Value>,
    ) -> bool {
        let nodes = roots.iter().filter_map(|root| {
            let node = self.document.node(root.at);
            let target = self.target(node, "$ref", &root.scope);
            let node = target.map_or(node, |target| self.document.node(target.at));
            node.get("properties")?.get(name)
        });
        let value = members.get(name).filter(|_| !self.is_dynamic);
        let mut nodes = nodes.into_iter();
        value.is_some_and(|value| nodes.any(|node| self.is_given(node, value, 0)))
    }

    /// Has rows that are priced by what the object around them counts (a stay's nights) cost so, and
    /// what may be done until something begins be done until before that.
    pub(super) fn tell_of_around(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let is_list = |value: &Value| {
            let rows = value.as_array();
            rows.is_some_and(|rows| rows.len() <= MOST && rows.iter().any(Value::is_object))
        };
        let lists = members.iter().filter(|(_, value)| is_list(value));
        let lists: Vec<String> = lists.map(|(name, _)| name.clone()).collect();
        for name in lists {
            let rows = members[&name].as_array();
            let told = rows.and_then(|rows| rows_of_around(rows, members));
            if let Some(told) = told.filter(|told| *told != members[&name]) {
                self.replace(demand, place, members, &name, told);
            }
            let is_free = |name: &str| self.is_free(demand, place, name, members);
            let rows = members[&name].as_array();
            if let Some((rows, span)) = rows.and_then(|rows| names::within(rows, members, &is_free))
            {
                self.replace(demand, place, members, &name, rows.into());
                if let Some((name, span)) = span {
                    self.replace(demand, place, members, &name, span);
                }
            }
        }
    }
}

/// Whether a row has what may hang on the object around it, by its names.
fn hangs_on_around(row: &Value) -> bool {
    let mut names = row.as_object().into_iter().flat_map(Map::keys);
    names
        .any(|name| names::priced_unit(name).is_some() || names::is_deadline(name) || is_room(name))
}

/// Whether a number tells for how many guests there is room.
fn is_room(name: &str) -> bool {
    let rooms = ["capacity", "max guests", "max occupancy", "sleeps"];
    rooms.iter().any(|room| names::is_called(name, room))
}

/// Rows as they are by what the object around them says; nothing where they don't hang on that.
pub fn rows_of_around(rows: &[Value], around: &Map<String, Value>) -> Option<Value> {
    if rows.len() > MOST || !rows.first().is_some_and(hangs_on_around) {
        return None;
    }
    let told = rows.iter().map(|row| match row {
        Value::Object(row) => Value::Object(told_of_around(row, around)),
        row => row.clone(),
    });
    Some(told.collect())
}

/// A row as it is by what the object around it says.
fn told_of_around(row: &Map<String, Value>, around: &Map<String, Value>) -> Map<String, Value> {
    let mut told = row.clone();
    let unit = row.keys().find_map(|name| names::priced_unit(name));
    let counted = unit.and_then(|unit| {
        let is_counted = |name: &String| names::is_count_of(name, unit);
        let mut counts = around.iter().filter(|(name, _)| is_counted(name));
        counts.next().filter(|_| !row.keys().any(is_counted))
    });
    if let Some((name, count)) = counted {
        told.insert(name.clone(), count.clone());
        for sum in sums(&told.clone(), &mut |_| true) {
            told.insert(sum.name, sum.value);
        }
        told.shift_remove(name);
    }
    told.extend(names::deadlines(row, around));
    let mut counts = around
        .iter()
        .filter(|(name, _)| names::is_count_of(name, "guest"));
    if let Some(guests) = counts.find_map(|(_, count)| count.as_u64()) {
        let room = told.iter_mut().find(|(name, _)| is_room(name));
        if let Some((_, room)) = room.filter(|(_, room)| room.as_u64().is_some_and(|r| r < guests))
        {
            *room = guests.into();
        }
    }
    told
}
