//! What was kept of a state, judged by the contract as it is by now.

use super::Contract;
use crate::mock::render_item;
use crate::validate::Place as Where;
use serde_json::Value;

/// How many items are judged: what clients may add to the state of all.
const JUDGED: usize = 10_000;

/// Kept items that the contract has no longer so.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct UnfitItems {
    /// How many there are, of those that were looked at.
    pub count: usize,
    /// The first of them, and what is wrong with it.
    pub first: Option<String>,
}

impl UnfitItems {
    /// Those of a contract's state for everyone: fixtures are judged when they are read.
    pub(super) fn of(contract: &Contract) -> UnfitItems {
        let mut unfit = UnfitItems::default();
        for (place, key, value) in contract.stores.main().written().into_iter().take(JUDGED) {
            if let Some(why) = misfit(contract, &place, &value) {
                unfit.count += 1;
                let told = || format!("{key:?} of {place}: {why}");
                unfit.first.get_or_insert_with(told);
            }
        }
        unfit
    }
}

/// Why an item of a place can't be shown, if it can't.
fn misfit(contract: &Contract, place: &str, value: &Value) -> Option<String> {
    let (name, _) = contract.part_of(place);
    if contract.key_of(name).is_none() {
        return Some("there is no such collection any more".to_owned());
    }
    let (binding, content) = contract.operations.reader(name)?;
    let body = render_item(&contract.shapes, binding, Some(content), value);
    let at = |at| Where::Body(binding.inner(at));
    let found = contract.schemas.check(content.schema?, &body, &at);
    let first = found.first()?;
    Some(format!("{} {}", first.place, first.detail))
}
