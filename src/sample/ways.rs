//! Which of the ways is taken that schemas leave, of those that may lead to a value.

use super::absorb::Absorbing;
use super::demand::{Demand, Root};
use super::facts::Facts;
use super::maker::Maker;
use crate::spec::Node;
use crate::validate::Scope;

impl Absorbing<'_> {
    /// Whether there may be a value that is so as well.
    fn leaves(&self, also: &Facts) -> bool {
        let known = self.facts.as_ref();
        known.is_none_or(|known| !known.clone().and(also).is_never())
    }

    /// Takes in that the value is so.
    fn learn(&mut self, also: &Facts) {
        let known = self.facts.take();
        self.facts = known.map(|known| known.and(also));
    }
}

impl<'d> Maker<'d> {
    /// Takes in one of alternatives.
    pub(super) fn absorb_one_of(
        &mut self,
        node: Node<'d>,
        keyword: &str,
        branches: &[Node<'d>],
        scope: &Scope,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        let root = |at: Node<'d>, denied: bool| Root::of(at.at(), scope, denied);
        let count = branches.len();
        if count == 0 {
            return;
        }
        demand.is_tricky |= count > 1;
        let is_one = keyword == "oneOf";
        // What is one of them alone breaks all others.
        let mut ways: Vec<(Vec<Node<'d>>, bool, Facts)> = Vec::new();
        let mut all = Facts::any();
        for chosen in branches {
            let mut facts = Facts::any();
            if with.facts.is_some() {
                facts = facts.and(&self.facts_of(&root(*chosen, false)));
                all = all.and(&facts);
                let others = branches
                    .iter()
                    .filter(|other| is_one && other.at() != chosen.at());
                for other in others {
                    facts = facts.and(&self.facts_of(&root(*other, true)));
                }
            }
            // Each of `oneOf` has a second way, which keeps the value off the others on purpose: the
            // first once a value has turned out to be several.
            let mut both = vec![(vec![*chosen], false, facts.clone())];
            if is_one && count > 1 {
                both.push((vec![*chosen], true, facts));
                both.rotate_left(usize::from(with.facts.is_some()));
            }
            ways.extend(both);
        }
        // Of `anyOf` all may hold at once, which is the last way.
        if !is_one && count > 1 {
            ways.push((branches.to_vec(), false, all));
        }
        let ways = ways
            .into_iter()
            .map(|(chosen, is_alone, facts)| ((chosen, is_alone), facts));
        let Some((chosen, is_alone)) = way_of(ways, demand, with) else {
            return;
        };
        if chosen.len() == 1 {
            demand.branch = demand.led.len();
            if node.get("discriminator").is_some() {
                demand
                    .discriminators
                    .push((node, demand.branch..usize::MAX));
            }
        }
        for chosen in &chosen {
            self.absorb(&root(*chosen, false), demand, with);
        }
        if is_alone {
            let others = branches.iter().filter(|other| other.at() != chosen[0].at());
            for other in others {
                self.absorb(&root(*other, true), demand, with);
            }
        }
    }

    /// Takes in a condition and what follows from it, either way.
    pub(super) fn absorb_condition(
        &mut self,
        node: Node<'d>,
        scope: &Scope,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        let root = |at: Node<'d>, denied: bool| Root::of(at.at(), scope, denied);
        let Some(condition) = node.get("if") else {
            return;
        };
        demand.is_tricky = true;
        let (then, otherwise) = (node.get("then"), node.get("else"));
        // As of alternatives, the way that leads back is the second.
        let mut parts = [Some(condition), then].into_iter().flatten();
        let leads_back = parts.any(|part| self.leads_back(part, with.around, 0));
        let ways = [!leads_back, leads_back].map(|is_met| match with.facts {
            Some(_) => (is_met, self.foresee_if(node, is_met)),
            None => (is_met, Facts::any()),
        });
        let Some(is_met) = way_of(ways, demand, with) else {
            return;
        };
        self.absorb(&root(condition, !is_met), demand, with);
        if let Some(next) = if is_met { then } else { otherwise } {
            self.absorb(&root(next, false), demand, with);
        }
    }
}

/// One of several ways, each with what is told of the values that it leads to: of those that lead to
/// any, as far as that is known.
pub(super) fn way_of<W>(
    ways: impl IntoIterator<Item = (W, Facts)>,
    demand: &mut Demand<'_>,
    with: &mut Absorbing<'_>,
) -> Option<W> {
    let ways: Vec<(W, Facts)> = ways.into_iter().collect();
    let all = ways.len();
    let mut ways: Vec<(W, Facts)> = ways
        .into_iter()
        .filter(|(_, facts)| with.leaves(facts))
        .collect();
    demand.is_narrowed |= ways.len() < all;
    if ways.is_empty() {
        demand.never = true;
        return None;
    }
    let (way, facts) = ways.swap_remove(with.picks.pick(ways.len()));
    with.learn(&facts);
    Some(way)
}
