use super::demand::{Demand, ListDemand, Root, same};
use super::maker::{Maker, Place};
use crate::spec::{At, Node};
use serde_json::Value;

/// How many items a list has where nothing says otherwise.
const USUAL: usize = 2;
/// How often an item is made again that stands there already, before all there are have their turn.
const AGAIN: usize = 6;
/// How often after that, and as often again for each item that is there, where the list must have
/// the item: of few values that nothing enumerates, the last ones are long in coming.
const PATIENCE: usize = 64;
const PATIENCE_EACH: usize = 20;

/// How many items are looked at for two that are the same.
const TWINS: usize = 32;

impl<'d> Maker<'d> {
    pub(super) fn list(&mut self, demand: &Demand<'d>, place: &Place<'_>) -> Option<Value> {
        let list = &demand.list;
        let wished: &[Value] = match place.wish {
            Some(Value::Array(items)) => items,
            _ => &[],
        };
        let most = list.most.unwrap_or(usize::MAX);
        let contained = list.contains.iter().map(|(_, needed, _)| *needed);
        let in_turn: usize = contained.clone().sum();
        let contained = match in_turn <= most {
            true => in_turn,
            // Some items must do for several.
            false => contained.max().unwrap_or(0),
        };
        let least = list.least.max(contained);
        if least > most || self.is_too_many(least) {
            return None;
        }
        let prefix = list.parts.iter().map(|part| part.prefix.len()).max();
        // What the list contains comes behind the items that have a place.
        let behind = match contained {
            0 => 0,
            contained => contained.saturating_add(prefix.unwrap_or(0)),
        };
        let least = if behind <= most {
            least.max(behind)
        } else {
            least
        };
        let mut around: Vec<At> = place.around.to_vec();
        around.extend(demand.seen.iter().copied());
        let place = &Place {
            around: &around,
            ..place.clone()
        };
        let usual = match self.is_lean(place.level()) {
            true => 0,
            false if wished.is_empty() => USUAL.max(prefix.unwrap_or(0)),
            false => wished.len(),
        };
        let count = usual.max(least).min(most);
        // Those that can be the fewest values first, so that others leave them to them.
        let mut order: Vec<usize> = (0..count).collect();
        if list.unique && prefix.is_some_and(|prefix| prefix > 0) {
            order[..least].sort_by_cached_key(|index| self.freedom_of_item(list, *index));
        }
        let mut items: Vec<(usize, Value)> = Vec::new();
        for index in order {
            let is_needed = index < least;
            if !is_needed && self.leads_back_item(list, index, place) {
                break;
            }
            match self.item(demand, place, index, &items, is_needed, wished.get(index)) {
                Some(item) => items.push((index, item)),
                None if index >= least => break,
                None => return None,
            }
        }
        items.sort_by_key(|(index, _)| *index);
        Some(Value::Array(
            items.into_iter().map(|(_, item)| item).collect(),
        ))
    }

    fn item(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        index: usize,
        known: &[(usize, Value)],
        is_needed: bool,
        wish: Option<&Value>,
    ) -> Option<Value> {
        let list = &demand.list;
        let mut roots = roots_of(list, index)?;
        // The first items are those that the list must contain.
        let all: usize = list.contains.iter().map(|(_, needed, _)| needed).sum();
        let in_turn = list.most.is_none_or(|most| all <= most);
        let prefix = list.parts.iter().map(|part| part.prefix.len()).max();
        let prefix = prefix.unwrap_or(0);
        let fits = |most: usize| all.saturating_add(prefix) <= most;
        let mut before = if list.most.is_none_or(fits) {
            prefix
        } else {
            0
        };
        let start = before;
        for (root, needed, _) in &list.contains {
            if (before..before + needed).contains(&index) {
                roots.push(root.clone());
            }
            if in_turn {
                before += needed;
            }
        }
        for (root, needed, most) in &list.contains {
            if most.is_some_and(|most| index < start || index >= start + most.max(*needed)) {
                let mut denied = root.clone();
                denied.denied = true;
                roots.push(denied);
            }
        }
        if list.twins && known.len() < TWINS && !has_twins(known) {
            let twin = known.iter().map(|(_, item)| item);
            if let Some(twin) = twin.into_iter().find(|item| self.fits(&roots, item)) {
                return Some(twin.clone());
            }
        }
        let turns = known.len() + 1;
        let tries = match (list.unique, is_needed) {
            (true, true) => AGAIN + turns + PATIENCE + PATIENCE_EACH.saturating_mul(turns),
            (true, false) => AGAIN + turns,
            (false, _) => 1,
        };
        for attempt in 0..tries {
            if self.is_spent() {
                return None;
            }
            let mut draw = place.draw.fork(&format!("[{index}.{attempt}]"));
            // What isn't gone through in turn is drawn: beyond once round, every other one is.
            let turn = attempt.checked_sub(AGAIN);
            let turn = turn.filter(|turn| *turn < turns || turn.is_multiple_of(2));
            let turn = turn.map(|turn| if turn < turns { turn } else { turn / 2 });
            let sweep = turn.map(|turn| (index + turn) as u64);
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
                hint: place.hint.filter(|_| place.depth == 0),
                around: place.around,
                sweep: sweep.or(place.sweep),
                is_row: true,
                index: place.index + index + attempt,
                depth: place.depth + 1,
            };
            let item = self.make(&roots, &inner)?;
            if !list.unique || !known.iter().any(|(_, other)| same(other, &item)) {
                return Some(item);
            }
        }
        None
    }

    /// How many values an item may have, as far as its schemas enumerate them.
    fn freedom_of_item(&self, list: &ListDemand, index: usize) -> usize {
        let roots = roots_of(list, index).into_iter().flatten();
        let freedoms = roots.map(|root| self.freedom(self.document.node(root.at), 0));
        freedoms.min().unwrap_or(usize::MAX)
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
        let mut roots = roots_of(list, index).into_iter().flatten();
        roots.any(|root| self.leads_back(self.document.node(root.at), place.around, 0))
    }
}

fn has_twins(items: &[(usize, Value)]) -> bool {
    let pairs = items.iter().enumerate();
    let mut pairs = pairs.flat_map(|(at, one)| items[..at].iter().map(move |other| (one, other)));
    pairs.any(|(one, other)| same(&one.1, &other.1))
}

/// What the item of an index is to meet; nothing where there can be none.
pub(super) fn roots_of(list: &ListDemand, index: usize) -> Option<Vec<Root>> {
    let roots = list.parts.iter().filter_map(|part| {
        let root = part.prefix.get(index).or(part.rest.as_ref());
        root.cloned()
    });
    let roots: Vec<Root> = roots.collect();
    // What a list contains is evaluated by that.
    match roots.is_empty() && list.contains.is_empty() {
        true => Some(list.unevaluated.clone()),
        false => Some(roots),
    }
}
