use super::demand::{Demand, ListDemand, Root, same};
use super::maker::Maker;
use super::place::Place;
use crate::spec::{At, Node};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many items a list has where nothing says otherwise.
const USUAL: usize = 2;
/// How often an item is made again that stands there already, before all there are have their turn.
const AGAIN: usize = 6;
/// How often a text is drawn that is there already, where it may be.
const WORDS: usize = 4;
/// Of so many items it is made but once more.
const MANY: usize = 32;
/// How often after that, and as often again for each item that is there, where the list must have
/// the item: of few values that nothing enumerates, the last ones are long in coming.
const PATIENCE: usize = 64;
const PATIENCE_EACH: usize = 20;

/// How many places of a list are looked at for one that must stay empty.
const PLACES: usize = 100;
/// How many items are looked at for two that are the same.
const TWINS: usize = 32;

/// The number or the text that a row is known by, where it has one.
fn id_of(row: &Value) -> Option<String> {
    let id = row.get("id")?;
    (id.is_i64() || id.is_string()).then(|| id.to_string())
}

/// The items that a list has so far, by their places.
pub(super) struct Known {
    items: Vec<(usize, Value)>,
    /// Which of them have a mark: those that are equal have the same.
    marks: HashMap<u64, Vec<usize>>,
    /// What rows are known by.
    ids: HashSet<String>,
    /// How many of them are what the list must contain, of each.
    counts: Vec<usize>,
    /// How many it may have at most.
    most: usize,
}

impl Known {
    fn of(list: &ListDemand, most: usize) -> Known {
        Known {
            counts: vec![0; list.contains.len()],
            most,
            ..Known::of_texts([].into_iter())
        }
    }

    /// Texts of which there is to be another.
    pub(super) fn of_texts<'t>(texts: impl Iterator<Item = &'t String>) -> Known {
        let mut known = Known {
            items: Vec::new(),
            marks: HashMap::new(),
            ids: HashSet::new(),
            counts: Vec::new(),
            most: usize::MAX,
        };
        texts.for_each(|text| known.add(Value::String(text.clone())));
        known
    }

    /// Adds one behind the others.
    pub(super) fn add(&mut self, item: Value) {
        let at = self.items.len();
        self.marks.entry(mark(&item)).or_default().push(at);
        self.items.push((at, item));
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.items.len()
    }

    /// The first.
    pub(super) fn first(&self) -> Option<&Value> {
        self.items.first().map(|(_, item)| item)
    }

    /// Whether an item is there.
    pub(super) fn has(&self, item: &Value) -> bool {
        let alike = self.marks.get(&mark(item)).into_iter().flatten();
        alike.into_iter().any(|at| same(&self.items[*at].1, item))
    }

    /// What the list must contain and doesn't yet, and how many more of each.
    fn missing(&self, list: &ListDemand) -> Vec<(usize, usize)> {
        let contains = list.contains.iter().zip(&self.counts).enumerate();
        let missing = contains.filter_map(|(number, ((_, needed, _), count))| {
            let missing = needed.saturating_sub(*count);
            (missing > 0).then_some((number, missing))
        });
        missing.collect()
    }
}

impl<'d> Maker<'d> {
    pub(super) fn list(&mut self, demand: &Demand<'d>, place: &Place<'_>) -> Option<Value> {
        let list = &demand.list;
        let wished: &[Value] = match place.wish {
            Some(Value::Array(items)) => items,
            _ => &[],
        };
        let most = list.most.unwrap_or(usize::MAX).min(self.end(list));
        let needed = list.contains.iter().map(|(_, needed, _)| *needed);
        let contained = needed.max().unwrap_or(0);
        let least = list.least.max(contained);
        if least > most || self.is_too_many(least) {
            return None;
        }
        let prefix = list.prefix();
        let mut around: Vec<At> = place.around.to_vec();
        around.extend(demand.seen.iter().copied());
        let place = &Place {
            around: &around,
            ..place.clone()
        };
        let usual = match self.is_lean(place.level()) {
            _ if place.is_roving => place.draw.fork("count").below(USUAL.max(prefix) + 2),
            true => 0,
            false if wished.is_empty() => USUAL.max(prefix),
            false => wished.len(),
        };
        let count = usual.max(least).min(most);
        // Those that can be the fewest values first, so that others leave them to them.
        let mut order: Vec<usize> = (0..count).collect();
        if (list.unique || !list.contains.is_empty()) && prefix > 0 {
            let least = least.min(count);
            order[..least].sort_by_cached_key(|index| self.room_of_item(list, *index));
        }
        let mut known = Known::of(list, most);
        for index in order {
            let is_needed = index < least;
            if !is_needed && self.leads_back_item(list, index, place) {
                break;
            }
            match self.item(demand, place, index, &known, is_needed, wished.get(index)) {
                Some(item) => self.keep(list, &mut known, index, item),
                None if !is_needed => break,
                None => return None,
            }
        }
        // What the list contains comes behind the items that have a place, where there is room.
        loop {
            let missing = known.missing(list);
            if missing.is_empty() {
                break;
            }
            let index = known.items.len();
            if index >= most || self.is_too_many(index) {
                return None;
            }
            let item = self.item(demand, place, index, &known, true, None)?;
            self.keep(list, &mut known, index, item);
            // One that is none of them leads no further, and so would the next be.
            if known.missing(list) == missing {
                return None;
            }
        }
        let mut items = known.items;
        items.sort_by_key(|(index, _)| *index);
        Some(Value::Array(
            items.into_iter().map(|(_, item)| item).collect(),
        ))
    }

    /// The first place for which no item may be.
    fn end(&self, list: &ListDemand) -> usize {
        let never = |root: &Root| self.document.node(root.at).as_bool() == Some(root.denied);
        let mut places = 0..=list.prefix().min(PLACES);
        let end = places.find(|index| list.told(*index).iter().any(never));
        end.unwrap_or(usize::MAX)
    }

    fn keep(&self, list: &ListDemand, known: &mut Known, index: usize, item: Value) {
        for (count, (root, ..)) in known.counts.iter_mut().zip(&list.contains) {
            *count += usize::from(self.fits(std::slice::from_ref(root), &item));
        }
        if list.unique {
            let marked = known.marks.entry(mark(&item)).or_default();
            marked.push(known.items.len());
        }
        known.ids.extend(id_of(&item));
        known.items.push((index, item));
    }

    fn item(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        index: usize,
        known: &Known,
        is_needed: bool,
        wish: Option<&Value>,
    ) -> Option<Value> {
        // What the list must contain may have to be what has a place.
        let is_early = place.is_roving && place.draw.fork(&index.to_string()).below(2) == 0;
        let mut ways = self.ways(&demand.list, index, known, is_early);
        // Where there may be only so many, another place may have to be one of them.
        let is_bounded = demand.list.contains.iter().any(|(.., most)| most.is_some());
        let is_turned = || place.draw.fork(&format!("ways {index}")).below(2) == 0;
        if is_bounded && place.is_roving && is_turned() {
            ways.reverse();
        }
        let mut ways = ways.into_iter();
        ways.find_map(|roots| self.item_of(demand, &roots, place, index, known, is_needed, wish))
    }

    /// What an item is to meet, in the order in which it is tried: one that the list must contain
    /// where it has its turn, else none of those of which there may be only so many, else one of
    /// these as far as there is room for it.
    fn ways(
        &self,
        list: &ListDemand,
        index: usize,
        known: &Known,
        is_early: bool,
    ) -> Vec<Vec<Root>> {
        if list.contains.is_empty() {
            return vec![roots_of(list, index)];
        }
        let own = list.told(index);
        let missing = known.missing(list);
        let left = known.most.saturating_sub(known.items.len());
        let sum = missing
            .iter()
            .fold(0_usize, |sum, (_, more)| sum.saturating_add(*more));
        let prefix = list.prefix();
        let has_room = left.saturating_sub(prefix.saturating_sub(index)) >= sum;
        let is_due = index >= prefix || !has_room || is_early;
        // Where there is no room for one after another, some items must do for several.
        let due = if left >= sum { 1 } else { missing.len() };
        let due: Vec<usize> = missing
            .iter()
            .map(|(number, _)| *number)
            .take(due)
            .filter(|_| is_due)
            .collect();
        let is_full = |number: usize| {
            let (_, needed, most) = &list.contains[number];
            most.is_some_and(|most| known.counts[number] >= most.max(*needed))
        };
        let all = 0..list.contains.len();
        let full: Vec<usize> = all.clone().filter(|number| is_full(*number)).collect();
        let bounded = all
            .clone()
            .filter(|number| list.contains[*number].2.is_some());
        let bounded: Vec<usize> = bounded.collect();
        let way = |met: &[usize], denied: &[usize]| {
            let mut roots = own.clone();
            roots.extend(list.untold(index, met));
            roots.extend(met.iter().map(|number| list.contains[*number].0.clone()));
            let denied = denied.iter().filter(|number| !met.contains(number));
            roots.extend(denied.map(|number| Root {
                denied: true,
                ..list.contains[*number].0.clone()
            }));
            roots
        };
        let mut ways = vec![way(&due, &bounded), way(&due, &full)];
        if due.is_empty() || index < prefix {
            ways.extend([way(&[], &bounded), way(&[], &full)]);
        }
        // What a list contains is evaluated by that.
        if !list.untold(index, &[]).is_empty() {
            let open = all.filter(|number| !full.contains(number));
            ways.extend(open.map(|number| way(&[number], &full)));
        }
        let mut apart: Vec<Vec<Root>> = Vec::new();
        for way in ways {
            if !apart.contains(&way) {
                apart.push(way);
            }
        }
        apart
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "all of it tells which item it is"
    )]
    fn item_of(
        &mut self,
        demand: &Demand<'d>,
        roots: &[Root],
        place: &Place<'_>,
        index: usize,
        known: &Known,
        is_needed: bool,
        wish: Option<&Value>,
    ) -> Option<Value> {
        let list = &demand.list;
        let items = known.items.as_slice();
        if list.twins && items.len() < TWINS && !has_twins(items) {
            let twin = items.iter().map(|(_, item)| item);
            if let Some(twin) = twin.into_iter().find(|item| self.fits(roots, item)) {
                return Some(twin.clone());
            }
        }
        let turns = items.len() + 1;
        // Of many that are there another draw is seldom new.
        let again = match items.last() {
            Some((_, Value::Number(_))) if items.len() > MANY => 0,
            _ if items.len() > MANY => 1,
            _ => AGAIN,
        };
        let tries = match (list.unique, is_needed) {
            (true, true) => again + turns + PATIENCE + PATIENCE_EACH.saturating_mul(turns),
            (true, false) => again + 2 * turns,
            (false, _) => WORDS,
        };
        let extent = self.extent();
        for attempt in 0..tries {
            if self.is_spent() {
                return None;
            }
            // None of those that there are may be left.
            if list.unique && attempt == again {
                let left = self.foresee(roots).apart_from(&|value| known.has(value));
                if left.is_never() {
                    return None;
                }
            }
            self.shrink(extent);
            let mut draw = place.draw.fork(&format!("[{index}.{attempt}]"));
            // Of those that come later, every other one is drawn, and the others go through all
            // there are in turn.
            let turn = attempt.checked_sub(again);
            let turn = turn.filter(|turn| turn.is_multiple_of(2));
            let sweep = turn.map(|turn| (index + turn / 2) as u64);
            let persona = match index {
                0 => place.persona.clone(),
                _ => place.persona.another(index + attempt, &mut draw),
            };
            let inner = Place {
                path: place.path.clone(),
                persona: &persona,
                order: draw.clone(),
                draw,
                wish: wish.filter(|_| attempt == 0),
                // Of a list that stands alone, each item is what the whole would be.
                hint: place
                    .hint
                    .filter(|_| place.depth == 0 && (index, attempt) == (0, 0)),
                also: None,
                taken: list.unique.then_some(known),
                around: place.around,
                sweep: sweep.or(place.sweep),
                is_row: true,
                is_roving: place.is_roving,
                index: place.index + index + attempt,
                depth: place.depth + 1,
            };
            let Some(item) = self.make(roots, &inner) else {
                match sweep {
                    // The next in turn may be one.
                    Some(_) => continue,
                    None => return None,
                }
            };
            let is_there = match list.unique {
                true => known.has(&item) || !self.leaves_enough(list, index, known, &item),
                // Another row has another id, where there are others.
                false if id_of(&item).is_some_and(|id| known.ids.contains(&id)) => {
                    wish.is_none() && attempt + 2 < tries
                }
                // Nobody writes a word twice.
                false => {
                    let is_free = wish.is_none()
                        && item.is_string()
                        && items.len() < TWINS
                        && self.freedom_of_item(list, index) == usize::MAX;
                    is_free && attempt + 1 < tries && items.iter().any(|(_, other)| *other == item)
                }
            };
            if !is_there {
                return Some(item);
            }
        }
        None
    }

    /// How many values an item may have, as far as its schemas enumerate them.
    fn freedom_of_item(&self, list: &ListDemand, index: usize) -> usize {
        let roots = roots_of(list, index).into_iter();
        let freedoms = roots.map(|root| self.freedom(self.document.node(root.at), 0));
        freedoms.min().unwrap_or(usize::MAX)
    }

    /// How many values an item may have, as far as its schemas leave few.
    fn room_of_item(&mut self, list: &ListDemand, index: usize) -> usize {
        let foreseen = self.foresee(&roots_of(list, index)).count();
        foreseen.min(self.freedom_of_item(list, index))
    }

    /// Whether an item leaves to the others that have a place of their own a value each, as far as
    /// these are enumerated.
    fn leaves_enough(
        &mut self,
        list: &ListDemand,
        index: usize,
        known: &Known,
        item: &Value,
    ) -> bool {
        let end = list.prefix().min(list.least);
        if end > PLACES {
            return true;
        }
        let others: Vec<usize> = (0..end)
            .filter(|at| *at != index && known.items.iter().all(|(taken, _)| taken != at))
            .collect();
        let left = others.into_iter().filter_map(|at| {
            let mut values = self.foresee(&roots_of(list, at)).values()?;
            values.retain(|value| !same(value, item) && !known.has(value));
            Some(values)
        });
        can_differ(&left.collect::<Vec<_>>())
    }

    fn freedom(&self, node: Node<'d>, depth: usize) -> usize {
        if depth > 4 {
            return usize::MAX;
        }
        if node.get("const").is_some() {
            return 1;
        }
        if let Some(choices) = node.get("enum") {
            return choices.count();
        }
        if let Some(target) = self.target(node, "$ref", &Default::default()) {
            return self.freedom(self.document.node(target.at), depth + 1);
        }
        if node.get("type").is_some_and(|kind| kind.is_text("boolean")) {
            return 2;
        }
        let properties = node.get("properties").into_iter().flat_map(Node::entries);
        let freedoms = properties.map(|(_, schema)| self.freedom(schema, depth + 1));
        let all = freedoms.reduce(usize::saturating_mul);
        all.unwrap_or(usize::MAX)
    }

    /// Whether an item is what the list is a part of, or the list itself.
    fn leads_back_item(&self, list: &ListDemand, index: usize, place: &Place<'_>) -> bool {
        let mut roots = roots_of(list, index).into_iter();
        roots.any(|root| self.leads_back(self.document.node(root.at), place.around, 0))
    }
}

/// The same for values that are equal, whatever the order of their members and the writing of
/// their numbers.
fn mark(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Number(number) => {
            let worth = number.as_f64().unwrap_or_default();
            // There is a zero below zero.
            let worth = if worth == 0.0 { 0.0 } else { worth };
            worth.to_bits().hash(&mut hasher);
        }
        Value::Array(items) => {
            let marks = items.iter().map(mark);
            marks.for_each(|mark| mark.hash(&mut hasher));
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let mut hasher = DefaultHasher::new();
                (name, mark(value)).hash(&mut hasher);
                hasher.finish()
            };
            let sum = members.iter().map(member);
            sum.fold(0, u64::wrapping_add).hash(&mut hasher);
        }
        value => value.hash(&mut hasher),
    }
    hasher.finish()
}

/// Whether one of each of some values can be taken so that none is taken twice (Kuhn's matching).
fn can_differ(values: &[Vec<Value>]) -> bool {
    fn place<'v>(
        at: usize,
        values: &'v [Vec<Value>],
        taken: &mut Vec<(&'v Value, usize)>,
        seen: &mut Vec<&'v Value>,
    ) -> bool {
        for value in &values[at] {
            if seen.iter().any(|other| same(other, value)) {
                continue;
            }
            seen.push(value);
            let holder = taken.iter().position(|(other, _)| same(other, value));
            let is_free = match holder {
                None => true,
                Some(holder) => place(taken[holder].1, values, taken, seen),
            };
            if is_free {
                taken.retain(|(other, _)| !same(other, value));
                taken.push((value, at));
                return true;
            }
        }
        false
    }
    let mut taken = Vec::new();
    (0..values.len()).all(|at| place(at, values, &mut taken, &mut Vec::new()))
}

fn has_twins(items: &[(usize, Value)]) -> bool {
    let pairs = items.iter().enumerate();
    let mut pairs = pairs.flat_map(|(at, one)| items[..at].iter().map(move |other| (one, other)));
    pairs.any(|(one, other)| same(&one.1, &other.1))
}

/// What the item of an index is to meet.
pub(super) fn roots_of(list: &ListDemand, index: usize) -> Vec<Root> {
    let mut roots = list.told(index);
    roots.extend(list.untold(index, &[]));
    roots
}
