//! What comes to a total that is fixed: where an object's total is an example, what is made up beside
//! it is what that leaves.

use super::demand::Demand;
use super::ledger::{CENT, Ledger, SCALE, worth};
use super::maker::Maker;
use super::names::{Role, is_in_cents, is_percent};
use super::place::Place;
use serde_json::{Map, Number, Value};

impl<'d> Maker<'d> {
    /// Has a subtotal, its tax and the price of each come to a total that the document gives, where
    /// they don't and it doesn't give them too.
    pub(super) fn come_to_total(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let is_free = |name: &str| self.is_free(demand, place, name, members);
        let ledger = Ledger::at(place, members);
        let mut fitting = parts_of_total(&ledger, &is_free).into_iter().map(|parts| {
            let fits = parts.iter().all(|(name, value)| {
                let roots = self.roots_of(demand, name).unwrap_or_default();
                self.fits(&roots, value)
            });
            fits.then_some(parts)
        });
        if let Some(parts) = fitting.find_map(|parts| parts) {
            members.extend(parts);
        }
    }
}

/// What comes to a total, to the cent and in whole units; none where there is nothing to mend.
fn parts_of_total(
    ledger: &Ledger<'_>,
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<Vec<(String, Value)>> {
    let one = |role: Role| ledger.find(role).next();
    let found = || {
        let total = one(Role::Total).or_else(|| one(Role::Sum));
        let (_, total) = total.filter(|(name, _)| !is_free(name))?;
        let fees: i128 = ledger.find(Role::Fee).map(|(_, fee)| fee).sum();
        let off = one(Role::Discount).map_or(0, |(_, off)| off);
        let (tax, subtotal) = (one(Role::Tax), one(Role::Subtotal));
        let price = one(Role::Price).zip(one(Role::Quantity));
        let is_made = tax.is_some() || subtotal.is_some() || price.is_some();
        let all = total - fees + off;
        let base = subtotal
            .map(|(_, sum)| sum)
            .or_else(|| ledger.product().map(|(sum, _)| sum))?;
        let is_right = base + tax.map_or(0, |(_, tax)| tax) == all;
        (is_made && !is_right && all > 0).then_some((all, tax, subtotal, price))
    };
    let Some((all, tax, subtotal, price)) = found() else {
        return Vec::new();
    };
    let rate = one(Role::Rate).map(|(name, rate)| match is_percent(name) || rate > SCALE {
        true => rate / 100,
        false => rate,
    });
    let rate = rate.or_else(|| Some(i128::from(ledger.usual_rate?) * SCALE / 100));
    let each = price.map_or(1, |(_, (_, quantity))| (quantity / SCALE).max(1));
    let units = [CENT, SCALE].into_iter().filter_map(|unit| {
        let net = match tax {
            None => all,
            Some((name, tax)) if !is_free(name) => all - tax,
            Some(_) => all * SCALE / (SCALE + rate.unwrap_or(0)),
        };
        // Of so many each costs the same.
        let step = unit * each;
        let net = if tax.is_some_and(|(name, _)| is_free(name)) {
            net / step * step
        } else {
            net
        };
        if net <= 0 || net % step != 0 {
            return None;
        }
        let told = [
            subtotal.map(|(name, _)| (name, net)),
            tax.map(|(name, _)| (name, all - net)),
            price.map(|((name, _), _)| (name, net / each)),
        ];
        let changed = told.into_iter().flatten().filter(|(name, sum)| {
            let own = ledger.members.get(*name);
            own.and_then(|own| worth(name, own)) != Some(*sum)
        });
        let changed: Vec<(&str, i128)> = changed.collect();
        let is_possible = changed.iter().all(|(name, _)| is_free(name));
        let written = changed.iter().map(|(name, sum)| {
            let own = ledger.members.get(*name)?;
            Some(((*name).to_owned(), written(own, *sum, is_in_cents(name))?))
        });
        is_possible
            .then(|| written.collect::<Option<Vec<_>>>())
            .flatten()
    });
    units.collect()
}

/// A sum as what stands in its place is written.
fn written(own: &Value, sum: i128, is_in_cents: bool) -> Option<Value> {
    let cents = i64::try_from(sum / CENT).ok()?;
    match own {
        Value::String(_) => Some(format!("{}.{:02}", cents / 100, cents % 100).into()),
        Value::Number(_) if is_in_cents => Some(cents.into()),
        Value::Number(_) if cents % 100 == 0 => Some((cents / 100).into()),
        Value::Number(_) => Number::from_f64(cents as f64 / 100.0).map(Value::Number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_beside_a_total_comes_to_it() {
        for (object, free, expected) in [
            (
                json!({"total": 100, "subtotal": 104, "tax": 21, "quantity": 4, "unitPrice": 26, "taxRate": 0.05}),
                &["subtotal", "tax", "unitPrice"][..],
                json!({"subtotal": 95.2, "tax": 4.8, "unitPrice": 23.8}),
            ),
            (
                json!({"total": 100, "subtotal": 104, "shipping": 10}),
                &["subtotal"],
                json!({"subtotal": 90}),
            ),
            (
                json!({"total": 100, "subtotal": 90, "tax": 10}),
                &["subtotal", "tax"],
                Value::Null,
            ),
            (json!({"total": 100, "subtotal": 30}), &[], Value::Null),
        ] {
            let members = object.as_object().expect("an object");
            let parts = parts_of_total(&Ledger::of(members), &|name| free.contains(&name));
            let parts = parts.into_iter().next();
            let parts = parts.map_or(Value::Null, |parts| {
                Value::Object(parts.into_iter().collect())
            });
            assert_eq!(parts, expected, "{object}");
        }
    }
}
