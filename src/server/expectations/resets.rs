use super::super::journal::Record;
use crate::host::Host;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of how many states it is known; those that were reset longest ago go first.
const MOST: usize = 10_000;

/// Which exchanges came before their state was last reset: whoever looks through the journal for
/// what is expected means those that came since.
#[derive(Debug, Default)]
pub(in crate::server) struct Resets {
    /// The number of the last exchange before it, by the number of the API and the sandbox.
    last: Mutex<HashMap<Whose, u64>>,
}

type Whose = (usize, Option<Arc<str>>);

impl Resets {
    /// Notes that the state of an API, or of a sandbox of it, was reset after an exchange.
    pub(in crate::server) fn note(&self, api: usize, sandbox: Option<&str>, after: u64) {
        let last = self.last.lock();
        let mut last = last.unwrap_or_else(PoisonError::into_inner);
        last.insert((api, sandbox.map(Arc::from)), after);
        if last.len() > MOST {
            let oldest = last.iter().min_by_key(|(_, after)| **after);
            if let Some(oldest) = oldest.map(|(whose, _)| whose.clone()) {
                last.remove(&oldest);
            }
        }
    }

    /// Goes on with the numbers that the APIs have in another host.
    pub(in crate::server) fn go_over(&self, old: &Host, new: &Host) {
        let last = self.last.lock();
        let mut last = last.unwrap_or_else(PoisonError::into_inner);
        let number = |number: usize| {
            let name = old.apis().get(number)?.name();
            new.apis().iter().position(|api| api.name() == name)
        };
        let all = std::mem::take(&mut *last).into_iter();
        *last = all
            .filter_map(|((api, sandbox), after)| Some(((number(api)?, sandbox), after)))
            .collect();
    }

    /// Leaves out the exchanges that came before.
    pub(in crate::server) fn keep_later(&self, host: &Host, records: &mut Vec<Arc<Record>>) {
        let last = {
            let last = self.last.lock();
            last.unwrap_or_else(PoisonError::into_inner).clone()
        };
        if last.is_empty() {
            return;
        }
        records.retain(|record| {
            let Some(api) = host.number_of(record.target()) else {
                return true;
            };
            let after = last.get(&(api, record.sandbox.clone()));
            after.is_none_or(|after| record.number > *after)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_states_the_latest_resets_are_known() {
        let resets = Resets::default();
        for number in 0..MOST + 3 {
            resets.note(0, Some(&number.to_string()), number as u64);
        }
        let last = resets.last.lock().expect("not poisoned");
        assert_eq!(last.len(), MOST);
        assert_eq!(last.values().min(), Some(&3));
    }
}
