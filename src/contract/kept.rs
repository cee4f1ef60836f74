//! What was kept of a state, judged by the contract as it is by now.

use super::Contract;
use crate::mock::{render_item, stored_key};
use crate::validate::Place as Where;
use serde_json::Value;

/// How many items are judged: what clients may add to the state of all.
const JUDGED: usize = 10_000;

/// Kept items that the contract has no longer so.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct UnfitItems {
    /// How many there are that can't be shown, of those that were looked at.
    pub count: usize,
    /// The first of them, and what is wrong with it.
    pub first: Option<String>,
    /// How many are shown with what they lack.
    pub completed: usize,
}

impl UnfitItems {
    /// Those of a contract's state for everyone: fixtures are judged when they are read.
    pub(super) fn of(contract: &Contract) -> UnfitItems {
        let mut unfit = UnfitItems::default();
        for (place, key, value) in contract.stores.main().written().into_iter().take(JUDGED) {
            match misfit(contract, &place, (&key, &value)) {
                Misfit::None => {}
                Misfit::Mended => unfit.completed += 1,
                Misfit::Wrong(why) => {
                    unfit.count += 1;
                    let told = || format!("{key:?} of {place}: {why}");
                    unfit.first.get_or_insert_with(told);
                }
            }
        }
        unfit
    }
}

/// How an item is by the contract.
enum Misfit {
    None,
    /// It is shown with something that is made up.
    Mended,
    /// It can't be shown, and why.
    Wrong(String),
}

fn misfit(contract: &Contract, place: &str, (key, value): (&str, &Value)) -> Misfit {
    let (name, _) = contract.part_of(place);
    if contract.key_of(name).is_none() {
        return Misfit::Wrong("there is no such collection any more".to_owned());
    }
    let reader = contract.operations.reader(name);
    let Some((binding, content, schema)) =
        reader.and_then(|(binding, content)| Some((binding, content, content.schema?)))
    else {
        return Misfit::None;
    };
    let body = render_item(&contract.shapes, binding, Some(content), value);
    let at = |at| Where::Body(binding.inner(at));
    let found = contract.schemas.check(schema, &body, &at);
    let Some(first) = found.first() else {
        return Misfit::None;
    };
    let standins = contract.standins();
    let body = standins.with_keys(binding, content, body.into_owned());
    let made = match binding.is_seeded {
        true => standins.completed(content, &body, key),
        false => standins.sampled(content, &body, key),
    };
    let own = |body: &Value| Some(stored_key(binding.unwrapped(body)?.get(&binding.key)?));
    match made.is_some_and(|made| own(&made) == own(&body)) {
        true => Misfit::Mended,
        false => Misfit::Wrong(format!("{} {}", first.place, first.detail)),
    }
}
