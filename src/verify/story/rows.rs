//! A list shows each item once, and tells how many there are.

use super::Story;
use super::listing::{rows, told_of};
use super::same::same;
use crate::mock::{Prepared, key_text};
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::verify::judge::SOURCE;
use crate::wire::Reply;
use serde_json::Value;

/// How many more items than a page showed are asked for.
const MORE: usize = 25;

impl<'s> Story<'_, 's> {
    /// The keys of the items of its collection that were created and are there.
    pub(super) fn own_keys(&self) -> Vec<String> {
        let own = self.trial.with_pool(|pool| pool.own());
        let own = own.into_iter();
        let own = own.filter(|known| known.collection == self.collection);
        own.filter_map(|known| known.item.into_iter().next_back().map(|(_, key)| key))
            .collect()
    }

    /// Looks at the rows of a list as a whole: on one page, where that can be asked for.
    pub(super) fn rows(&self, list: &'s Prepared, call: &Call, reply: &Reply, shown: &[Value]) {
        let Some(binding) = list.binding.as_ref() else {
            return;
        };
        let sizes = told_of(binding, &["size"]);
        let others = told_of(binding, &["page", "offset", "cursor", "cursor back"]);
        let larger = self.larger(list, call, &sizes, shown.len());
        let (call, reply, shown, asked) = match &larger {
            Some((call, reply, shown, asked)) => (call, reply, &shown[..], Some(*asked)),
            None => (call, reply, shown, None),
        };
        // A mock that makes items up makes no list of what there is.
        if reply.headers.contains_key(&SOURCE) {
            return;
        }
        let keys = self.own_keys();
        let key_of = |row: &Value| row.get(&binding.key).map(|key| key_text(Some(key)));
        let twice = shown.iter().enumerate().find(|(at, row)| {
            let is_own = key_of(row).is_some_and(|key| keys.contains(&key));
            is_own && shown[..*at].iter().any(|before| same(before, row))
        });
        if let Some((_, row)) = twice {
            let message = format!(
                "shows an item twice that was created once: {} is {}",
                binding.key,
                key_of(row).unwrap_or_default()
            );
            let fault = Fault::error(Check::Listed, "twice", message);
            return self.report(list, fault, &[(call, reply)]);
        }
        let listing = binding.listing.as_ref();
        let Some(total) = listing.and_then(|listing| listing.total(list, reply)) else {
            return;
        };
        let count = shown.len();
        if total < count {
            let message = format!("tells of {total} items in all, and shows {count}");
            self.report(
                list,
                Fault::error(Check::Listed, "total", message),
                &[(call, reply)],
            );
        }
        // Whether there are more than a page shows is known where it has room for them.
        let is_all = match asked {
            Some(asked) => count < asked,
            None => sizes.is_empty() && others.is_empty(),
        };
        if total > count && is_all {
            let room = match asked {
                Some(asked) => format!(" where {asked} are asked for"),
                None => String::new(),
            };
            let message = format!("tells of {total} items in all, and shows {count}{room}");
            self.report(
                list,
                Fault::warning(Check::Listed, "total", message),
                &[(call, reply)],
            );
        }
    }

    /// The list with room for more than it showed, and how many were asked for.
    fn larger(
        &self,
        list: &'s Prepared,
        call: &Call,
        sizes: &[String],
        count: usize,
    ) -> Option<(Call, Reply, Vec<Value>, usize)> {
        let contract = self.trial.contract;
        let mut readers = list.parameters.iter();
        let reader = readers.find(|reader| sizes.contains(&reader.parameter.name))?;
        let asked = count + MORE;
        let value = Value::from(asked);
        let call = call.with_parameter(reader, Some(&value), &contract.shapes);
        let found = contract.breaches_of_request(list, &call.request())?;
        if !found.is_empty() {
            return None;
        }
        let reply = self.send(&call)?;
        let shown = rows(list.binding.as_ref()?, &reply)?;
        Some((call, reply, shown, asked))
    }
}
