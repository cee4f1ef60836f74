//! Names for properties that no schema declares.

use super::demand::{Demand, ObjectPart, Root};
use super::draw::Draw;
use super::kinds::Kinds;
use super::list::Known;
use super::maker::Maker;
use super::names::Persona;
use super::place::Place;
use super::text::TextDemand;
use crate::spec::{At, Node};
use serde_json::{Map, Value};

/// How many properties a map has where nothing says otherwise.
const USUAL: usize = 2;
/// How many names are tried for a property that must be there whatever its name.
const NAMES: usize = 60;
/// Names for properties of maps that say nothing of theirs.
const WORDS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

impl<'d> Maker<'d> {
    /// Adds properties that no schema declares, where there must be more or it is a map.
    pub(super) fn fill(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) -> Option<()> {
        let object = &demand.object;
        let says = |part: &ObjectPart<'d>| {
            let is_schema = |root: &Root| self.document.node(root.at).is_object();
            part.additional.as_ref().is_some_and(is_schema) || part.patterns.is_some()
        };
        let is_map = members.is_empty()
            && self.declared(object).is_empty()
            && object.parts.iter().any(says)
            && !self.is_lean(place.level());
        let wished = match place.wish {
            Some(Value::Object(wished)) if is_map => wished.len().min(20),
            _ => USUAL,
        };
        let wanted = match is_map {
            true => object.least.max(wished),
            false => object.least,
        };
        let wanted = wanted.min(object.most.unwrap_or(usize::MAX));
        let mut draw = place.draw.fork("names");
        let mut tries = 0;
        if self.is_too_many(wanted) {
            return None;
        }
        let mut known = Known::of_texts(members.keys());
        while members.len() < wanted {
            tries += 1;
            self.tried();
            if self.is_spent() {
                return None;
            }
            if tries > NAMES + 2 * wanted {
                return (members.len() >= object.least).then_some(());
            }
            let Some(name) = self.name(demand, place, (tries, &known), &mut draw) else {
                continue;
            };
            if members.contains_key(&name) {
                continue;
            }
            let Some(roots) = self.roots_of(demand, &name) else {
                continue;
            };
            if is_map
                && members.len() >= object.least
                && roots
                    .iter()
                    .any(|root| self.leads_back(self.document.node(root.at), around, 0))
            {
                break;
            }
            if let Some(value) = self.member(&name, &roots, place, around, None, members.len()) {
                known.add(Value::String(name.clone()));
                members.insert(name, value);
            }
        }
        Some(())
    }

    /// A name for a property that no schema declares.
    fn name(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        (turn, known): (usize, &Known),
        draw: &mut Draw,
    ) -> Option<String> {
        let object = &demand.object;
        if let Some(Value::Object(wished)) = place.wish
            && let Some(name) = wished.keys().nth(turn - 1)
        {
            return Some(name.clone());
        }
        let mut also = TextDemand {
            patterns: self.patterns(&object.parts, turn, draw),
            least: 1,
            ..TextDemand::default()
        };
        if also.patterns.is_empty() {
            match object.names.is_empty() {
                true => {
                    return Some(
                        WORDS
                            .get(turn - 1)
                            .map_or_else(|| format!("key{turn}"), |word| (*word).to_owned()),
                    );
                }
                // Short names are few: one after another they are all found.
                false => {
                    let short = turn.checked_sub(WORDS.len()).filter(|turn| turn % 2 == 1);
                    let short = short.map(|turn| short_name(turn / 2));
                    let fits =
                        |name: &String| self.fits(&object.names, &Value::String(name.clone()));
                    if let Some(short) = short.filter(fits) {
                        return Some(short);
                    }
                }
            }
            also.least = 0;
        }
        self.key(&object.names, &also, (turn, Some(known)), place.depth, draw)
    }

    /// Patterns that a name is to match: one of each schema that lets no others be, and every
    /// other time, and at first, one of those that say what properties of such names are.
    fn patterns(&self, parts: &[ObjectPart<'d>], turn: usize, draw: &mut Draw) -> Vec<String> {
        let mut chosen = Vec::new();
        let mut open = Vec::new();
        for part in parts {
            let patterns = part.patterns.into_iter().flat_map(Node::entries);
            let patterns: Vec<String> = patterns.map(|(pattern, _)| pattern.into_owned()).collect();
            let closed = |root: &Root| self.document.node(root.at).as_bool() == Some(false);
            match part.additional.as_ref().is_some_and(closed) {
                true => chosen.extend(draw.one_of(&patterns).cloned()),
                false => open.extend(patterns),
            }
        }
        if chosen.is_empty() && (turn == 1 || turn.is_multiple_of(2)) {
            chosen.extend(draw.one_of(&open).cloned());
        }
        chosen
    }

    /// A name that meets schemas, and what is asked for beside them, and is none of those there are.
    pub(super) fn key(
        &mut self,
        roots: &[Root],
        also: &TextDemand,
        (turn, taken): (usize, Option<&Known>),
        depth: usize,
        draw: &mut Draw,
    ) -> Option<String> {
        let persona = Persona::draw(draw, self.locale);
        let place = Place {
            path: Default::default(),
            persona: &persona,
            order: draw.fork(&turn.to_string()),
            draw: draw.fork(&turn.to_string()),
            sweep: None,
            wish: None,
            hint: None,
            also: Some(also),
            taken,
            around: &[],
            is_row: false,
            is_roving: false,
            index: turn,
            depth: depth + 1,
        };
        match self.make_of(Kinds::TEXT, roots, &place)? {
            Value::String(name) => Some(name),
            _ => None,
        }
    }
}

/// The names of a letter or digit in their order, then those of two, and so on.
fn short_name(number: usize) -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let (before, last) = (number / LETTERS.len(), number % LETTERS.len());
    let mut name = match before {
        0 => String::new(),
        before => short_name(before - 1),
    };
    name.push(char::from(LETTERS[last]));
    name
}
