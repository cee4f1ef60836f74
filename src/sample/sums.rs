//! Sums of money that follow from what is beside them.
//!
//! Takes the members of an object; gives what its subtotal and its total are, as far as the names
//! of the others tell: so many at such a price, the lines of a list, taxes and fees on top, and
//! what is taken off.

use super::demand::Demand;
use super::ledger::{Ledger, SCALE, worth};
use super::maker::Maker;
use super::names::{Role, is_percent, role};
use super::place::Place;
use serde_json::{Map, Value};

/// A sum that follows from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// The property that has it.
    pub name: String,
    /// What it is.
    pub value: Value,
    /// The properties that it is made of.
    pub parts: Vec<String>,
}

/// In the order in which one follows from another.
const WAYS: [fn(&Ledger<'_>) -> Vec<Sum>; 4] = [subtotal, tax, total, exchanged];

/// What of an object is the sum of what is beside it, in the order in which one follows from
/// another: the subtotal, then the tax, then the total. Of those that don't `follow` nothing follows either.
pub fn sums(members: &Map<String, Value>, follows: &mut dyn FnMut(&Sum) -> bool) -> Vec<Sum> {
    let mut changed: Option<Map<String, Value>> = None;
    let mut sums = Vec::new();
    for find in WAYS {
        for sum in find(&Ledger::of(changed.as_ref().unwrap_or(members))) {
            if follows(&sum) {
                let changed = changed.get_or_insert_with(|| members.clone());
                changed.insert(sum.name.clone(), sum.value.clone());
                sums.push(sum);
            }
        }
    }
    sums
}

/// Whether a `total` among such properties is one of money rather than of items.
pub(super) fn is_of_money(members: &Map<String, Value>, place: &Place<'_>) -> bool {
    let ledger = Ledger::at(place, members);
    let names = |role: Role| ledger.find(role).next().is_some();
    let has_parts = [Role::Subtotal, Role::Tax, Role::Fee, Role::Discount].map(names);
    let is_priced = names(Role::Quantity) && names(Role::Price);
    has_parts.contains(&true) || is_priced || ledger.is_of_sale() && ledger.lines().is_some()
}

impl<'d> Maker<'d> {
    /// Lets sums be what they follow from, as far as their schemas let them and the document
    /// doesn't say them itself; where a total can't be, its tax is what it leaves.
    pub(super) fn add_up(
        &self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        for find in WAYS {
            for sum in find(&Ledger::at(place, members)) {
                let is_tax = role(&sum.name) == Some(Role::Tax);
                if self.replace(demand, place, members, &sum.name, sum.value) || is_tax {
                    continue;
                }
                if let Some((name, rest)) = tax_left(&Ledger::at(place, members), &sum.name) {
                    self.replace(demand, place, members, &name, rest);
                }
            }
        }
    }
}

fn subtotal(ledger: &Ledger<'_>) -> Vec<Sum> {
    let has_total = [Role::Total, Role::Sum].map(|role| ledger.find(role).next().is_some());
    let own = ledger.find(Role::Subtotal).next();
    // Beside a total an amount is what that is made of.
    let own = own.or_else(|| {
        let amount = ledger.find(Role::Amount).next()?;
        (has_total.contains(&true) && ledger.product().is_some()).then_some(amount)
    });
    let sum = own.and_then(|(name, _)| {
        let (sum, parts) = ledger.product().or_else(|| ledger.lines())?;
        ledger.written(name, sum, parts)
    });
    sum.into_iter().collect()
}

/// The tax at its rate, which is said as a part of one or in percent, or is the usual one.
fn tax(ledger: &Ledger<'_>) -> Vec<Sum> {
    let found = || {
        let (name, _) = ledger.find(Role::Tax).next()?;
        let (base, parts) = base(ledger, false)?;
        let Some((rate_name, rate)) = ledger.find(Role::Rate).next() else {
            let tax = base.checked_mul(ledger.usual_rate?.into())? / 100;
            return ledger.written(name, tax, parts);
        };
        let is_percent = is_percent(rate_name) || rate > SCALE;
        let parts_of_one = if is_percent { 100 } else { 1 };
        let tax = base.checked_mul(rate)? / SCALE / parts_of_one;
        let mut sum = ledger.written(name, tax, parts)?;
        sum.parts.push(rate_name.to_owned());
        Some(sum)
    };
    found().into_iter().collect()
}

/// What goes on top of something and off it, and whether there is any.
fn on_top<'m>(ledger: &Ledger<'m>) -> (i128, Vec<&'m str>) {
    let taxes = ledger.find(Role::Tax).take(1).chain(ledger.find(Role::Fee));
    let discount = ledger.find(Role::Discount).take(1);
    let all = taxes.chain(discount.map(|(name, sum)| (name, -sum)));
    all.fold((0, Vec::new()), |(sum, mut names), (name, part)| {
        names.push(name);
        (sum + part, names)
    })
}

/// What a total is made of.
fn base<'m>(ledger: &Ledger<'m>, is_amount: bool) -> Option<(i128, Vec<&'m str>)> {
    let one = |role: Role| {
        ledger
            .find(role)
            .next()
            .map(|(name, sum)| (sum, vec![name]))
    };
    let has_parts = !on_top(ledger).1.is_empty();
    let amount = || one(Role::Amount).filter(|_| has_parts && !is_amount);
    let price = || one(Role::Price).filter(|_| has_parts);
    let lines = || {
        let says = has_parts || ledger.is_of_sale() || ledger.find(Role::Total).next().is_some();
        ledger.lines().filter(|_| says)
    };
    one(Role::Subtotal)
        .or_else(|| ledger.product())
        .or_else(amount)
        .or_else(price)
        .or_else(lines)
}

fn total(ledger: &Ledger<'_>) -> Vec<Sum> {
    let totals: Vec<&str> = [Role::Total, Role::Sum]
        .into_iter()
        .flat_map(|role| ledger.find(role).map(|(name, _)| name))
        .collect();
    let is_amount = totals.is_empty();
    let totals = match is_amount {
        true => ledger.find(Role::Amount).map(|(name, _)| name).collect(),
        false => totals,
    };
    let sums = totals.into_iter().filter_map(|name| {
        let (base, mut parts) = base(ledger, is_amount)?;
        let (base, off) = off(ledger, base);
        parts.extend(off);
        let (top, tops) = on_top(ledger);
        let sum = base.checked_add(top).filter(|sum| *sum >= 0)?;
        // A subtotal alone is all of it, where nothing beside it goes on top of it or off it.
        let is_alone = tops.is_empty() && ledger.find(Role::Subtotal).next().is_some();
        let is_made = !is_alone || !is_amount && !ledger.has_more();
        parts.extend(tops);
        is_made.then_some(())?;
        ledger.written(name, sum, parts)
    });
    sums.collect()
}

/// What an amount is at the rate at which it is exchanged.
fn exchanged(ledger: &Ledger<'_>) -> Vec<Sum> {
    let rate = ["rate", "exchange rate", "conversion rate", "fx rate"];
    let given = ["amount", "from amount", "source amount", "sell amount"];
    let gotten = [
        "result",
        "converted",
        "converted amount",
        "conversion result",
        "to amount",
        "target amount",
        "buy amount",
    ];
    let found = || {
        let ((rate, times), (given, amount)) = (ledger.called(&rate)?, ledger.called(&given)?);
        let (name, _) = ledger.called(&gotten)?;
        let sum = amount.checked_mul(times)? / SCALE;
        ledger.written(name, sum, vec![given, rate])
    };
    found().into_iter().collect()
}

/// What a percentage leaves of so many at a price, where nothing else tells how much it takes off;
/// and what that is called.
fn off<'m>(ledger: &Ledger<'m>, base: i128) -> (i128, Option<&'m str>) {
    let is_told = [Role::Subtotal, Role::Discount].map(|role| ledger.find(role).next().is_some());
    let percent = ledger
        .percent_off()
        .filter(|_| is_told == [false; 2] && ledger.product().is_some());
    match percent {
        Some((name, percent)) => (base - base / 100 * percent / SCALE, Some(name)),
        None => (base, None),
    }
}

/// What tax a total leaves that can't be another.
fn tax_left(ledger: &Ledger<'_>, total: &str) -> Option<(String, Value)> {
    let (tax, own) = ledger.find(Role::Tax).next()?;
    let (base, mut parts) = base(ledger, false)?;
    let (top, tops) = on_top(ledger);
    let all = worth(total, ledger.members.get(total)?)?;
    let rest = all.checked_sub(base)?.checked_sub(top - own)?;
    parts.extend(tops);
    parts.push(total);
    // No tax is below zero.
    let sum = ledger.written(tax, rest, parts).filter(|_| rest >= 0)?;
    Some((sum.name, sum.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// An object with its sums as they follow.
    fn summed(object: Value) -> Value {
        let mut members = object.as_object().cloned().expect("an object");
        for sum in sums(&members, &mut |_| true) {
            members.insert(sum.name, sum.value);
        }
        Value::Object(members)
    }

    #[test]
    fn sums_follow_from_what_is_beside_them() {
        for (object, name, sum) in [
            (
                json!({"subtotal": 9.5, "tax": 1, "total": 0}),
                "total",
                json!(10.5),
            ),
            (
                json!({"subtotal": 9, "tax": 1, "total": 0}),
                "total",
                json!(10),
            ),
            (
                json!({"subtotal": 20, "tax": 2, "shippingCost": 5, "discount": 3, "total": 0}),
                "total",
                json!(24),
            ),
            (
                json!({"qty": 3, "unit_price": 2.35, "lineTotal": 0}),
                "lineTotal",
                json!(7.05),
            ),
            (
                json!({"quantity": 3, "unitPrice": 20, "discountPercent": 25, "lineTotal": 0}),
                "lineTotal",
                json!(45),
            ),
            (
                json!({"amount": 250, "rate": 1.89, "result": 0}),
                "result",
                json!(472.5),
            ),
            (
                json!({"quantity": 3, "price": 2, "amount": 0}),
                "amount",
                json!(6),
            ),
            (
                json!({"quantity": 3, "price": "2.50", "tax": "1.00", "total": "0.00"}),
                "total",
                json!("8.50"),
            ),
            (
                json!({"items": [{"quantity": 2, "price": 1.5}, {"amount": 4}], "tax": 1, "total": 0}),
                "total",
                json!(8.0),
            ),
            (
                json!({"items": [{"amount": 4}], "currency": "EUR", "total": 1}),
                "total",
                json!(4),
            ),
            (json!({"net": 10, "vat": 2, "gross": 0}), "gross", json!(12)),
            (
                json!({"items": [{"quantity": 2, "price": 1.5}], "subtotal": 0, "total": 9, "tax": null}),
                "total",
                json!(3.0),
            ),
            (
                json!({"subtotal_cents": 950, "tax_cents": 190, "total_cents": 0}),
                "total_cents",
                json!(1140),
            ),
            (
                json!({"lines": [{"quantity": 2, "unit_price_cents": 250}], "total_cents": 0}),
                "total_cents",
                json!(500),
            ),
            (
                json!({"quantity": 2, "price": 2.5, "totalInCents": 0}),
                "totalInCents",
                json!(500),
            ),
            (
                json!({"nights": 3, "pricePerNight": 80, "guests": 2, "totalPrice": 0}),
                "totalPrice",
                json!(240),
            ),
            (
                json!({"numberOfDays": 2, "dailyRate": 10.5, "total": 0}),
                "total",
                json!(21.0),
            ),
            (
                json!({"subtotal": {"value": 10, "currency": "EUR"}, "tax": {"value": 2, "currency": "EUR"},
                       "total": {"value": 0, "currency": "EUR"}}),
                "total",
                json!({"value": 12, "currency": "EUR"}),
            ),
            (
                json!({"amount": 10, "tax": 2, "total": 0}),
                "total",
                json!(12),
            ),
            (
                json!({"Menge": 2, "Einzelpreis": 4.5, "Gesamtbetrag": 0}),
                "Gesamtbetrag",
                json!(9.0),
            ),
        ] {
            assert_eq!(summed(object.clone())[name], sum, "{object}");
        }
    }

    #[test]
    fn what_nothing_says_stays_as_it_is() {
        for object in [
            json!({"subtotal": 9.5, "taxes": [{"name": "VAT"}], "total": 0}),
            json!({"subtotal": 9.5, "shipping": {"price": {"minor": 3}}, "total": 0}),
            json!({"net": 9.5, "amount": 0}),
            json!({"items": [{"price": 4}], "total": 1}),
            json!({"items": [], "total": 0}),
            json!({"price": 4, "total": 9}),
            json!({"subtotal": 9, "discounts": [{"amount": 2}, {"amount": 3}]}),
            json!({"amount": 4, "currency": "EUR"}),
            json!({"subtotal": 1, "discount": 3, "total": 9}),
            json!({"quantity": i64::MAX, "price": 2, "total": 1}),
        ] {
            assert_eq!(summed(object.clone()), object);
        }
    }
}
