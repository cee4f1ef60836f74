//! Sums of money that follow from what is beside them.
//!
//! Takes the members of an object; gives what its subtotal and its total are, as far as the names
//! of the others tell: so many at such a price, the lines of a list, taxes and fees on top, and
//! what is taken off.

use super::demand::Demand;
use super::maker::Maker;
use super::names::{
    Role, is_count_of, is_in_cents, is_of_lines, is_of_page, is_percent, is_sale, is_vague,
    priced_unit, role,
};
use super::place::Place;
use serde_json::{Map, Number, Value};

/// How many decimal places are reckoned with; results have those of a cent.
const SCALE: i128 = 10_000;
const CENT: i128 = SCALE / 100;
/// Of a list so many lines are added up.
const LINES: usize = 1_000;

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

/// What of an object is the sum of what is beside it, in the order in which one follows from
/// another: the subtotal, then the tax, then the total. Of those that don't `follow` nothing follows either.
pub fn sums(members: &Map<String, Value>, follows: &mut dyn FnMut(&Sum) -> bool) -> Vec<Sum> {
    let mut changed: Option<Map<String, Value>> = None;
    let mut sums = Vec::new();
    for find in [subtotal, tax, total] {
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
        for find in [subtotal, tax, total] {
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

/// An object's sums by what they are.
struct Ledger<'m> {
    members: &'m Map<String, Value>,
    roles: Vec<(Role, &'m str, &'m Value)>,
    /// Whether the object is called after what is sold: an order, a cart.
    is_sale: bool,
    /// The rate of a tax, in percent, where nothing says it; none where that isn't to be made up.
    usual_rate: Option<i64>,
}

impl<'m> Ledger<'m> {
    fn of(members: &'m Map<String, Value>) -> Ledger<'m> {
        let roles = members.iter().filter_map(|(name, value)| {
            let role = role(name)?;
            let is_said = worth(name, value).is_some() || role == Role::Currency;
            is_said.then_some((role, name.as_str(), value))
        });
        Ledger {
            members,
            roles: roles.collect(),
            is_sale: false,
            usual_rate: None,
        }
    }

    fn at(place: &Place<'_>, members: &'m Map<String, Value>) -> Ledger<'m> {
        Ledger {
            is_sale: place
                .path
                .last()
                .is_some_and(|name| is_sale(name, place.is_row)),
            usual_rate: Some(place.persona.rate()),
            ..Ledger::of(members)
        }
    }

    fn find(&self, role: Role) -> impl Iterator<Item = (&'m str, i128)> {
        let roles = self.roles.iter();
        roles.filter_map(move |(known, name, value)| {
            (*known == role).then_some((*name, worth(name, value)?))
        })
    }

    /// Whether it is of money: it says in which currency, or is called after what is sold.
    fn is_of_sale(&self) -> bool {
        let mut roles = self.roles.iter();
        self.is_sale || roles.any(|(role, ..)| *role == Role::Currency) || self.is_bill()
    }

    /// Whether it is no page of a list but what is paid for a list of things: its total has cents,
    /// or it is something of its own with so many of each.
    fn is_bill(&self) -> bool {
        let mut names = self.members.keys();
        let Some((_, list)) = self.lines() else {
            return false;
        };
        if names.any(|name| is_of_page(name))
            || list.iter().any(|name| is_vague(name) && !is_of_lines(name))
        {
            return false;
        }
        let mut totals = self.roles.iter().filter(|(role, ..)| *role == Role::Sum);
        let has_cents = totals.any(|(.., value)| value.is_f64() || value.is_string());
        let is_own = |name: &String| {
            matches!(
                name.as_str(),
                "id" | "customer" | "customerId" | "customer_id"
            ) || role(name) == Some(Role::Status)
        };
        let rows = list
            .iter()
            .filter_map(|name| self.members.get(*name)?.as_array());
        let is_counted = |line: &Value| {
            let names = line.as_object().into_iter().flat_map(Map::keys);
            let mut roles = names.filter_map(|name| role(name));
            roles.any(|role| matches!(role, Role::Quantity | Role::Total))
        };
        has_cents || self.members.keys().any(is_own) && rows.flatten().all(is_counted)
    }

    /// What so many of a price cost. A price of one night is times the nights.
    fn product(&self) -> Option<(i128, Vec<&'m str>)> {
        let mut prices = self.find(Role::Price);
        let of_unit = prices.find_map(|(price, cost)| {
            let unit = priced_unit(price)?;
            let mut counts = self
                .members
                .iter()
                .filter(|(name, _)| is_count_of(name, unit));
            let (count, quantity) =
                counts.find_map(|(name, value)| Some((name, amount(value)?)))?;
            Some((count.as_str(), quantity, price, cost))
        });
        let of_any = || {
            let (count, quantity) = self.find(Role::Quantity).next()?;
            let (price, cost) = self.find(Role::Price).next()?;
            Some((count, quantity, price, cost))
        };
        let (count, quantity, price, cost) = of_unit.or_else(of_any)?;
        let product = quantity.checked_mul(cost)? / SCALE;
        Some((product, vec![count, price]))
    }

    /// What the lines of its one list of them come to: what is sold, and not what was paid or
    /// taken off.
    fn lines(&self) -> Option<(i128, Vec<&'m str>)> {
        let mut lists = self.members.iter().filter_map(|(name, value)| {
            let items = value.as_array().filter(|items| !items.is_empty())?;
            let is_of_lines = is_of_lines(name) || items.iter().all(is_sold);
            Some((name.as_str(), sum_of_lines(items).filter(|_| is_of_lines)?))
        });
        match (lists.next(), lists.next()) {
            (Some((name, sum)), None) => Some((sum, vec![name])),
            _ => None,
        }
    }

    /// Whether all amounts are whole numbers.
    fn is_whole(&self, parts: &[&str]) -> bool {
        let mut values = parts.iter().filter_map(|name| self.members.get(*name));
        let is_in_units = parts.iter().all(|name| !is_in_cents(name));
        is_in_units
            && values.all(|value| match value {
                Value::Number(number) => number.is_i64() || number.is_u64(),
                Value::Array(items) => items.iter().all(|line| {
                    let members = line.as_object().into_iter().flatten();
                    let mut sums = members.filter(|(name, _)| role(name).is_some());
                    sums.all(|(_, value)| !value.is_f64() && !value.is_string())
                }),
                Value::Object(_) => inner(value).is_some_and(|(_, amount)| amount.is_i64()),
                _ => false,
            })
    }

    /// A sum as the property of a name has it: a number, or a text with its decimal places.
    fn written(&self, name: &str, sum: i128, parts: Vec<&str>) -> Option<Sum> {
        let sum = (sum + CENT / 2 * sum.signum()) / CENT * CENT;
        let own = self.members.get(name)?;
        let value = match inner(own).map_or(own, |(_, amount)| amount) {
            Value::String(own) => {
                let places = own.split_once('.').map_or(0, |(_, places)| places.len());
                let (whole, cents) = (sum / SCALE, sum % SCALE / CENT);
                match places {
                    2 => Value::String(format!("{whole}.{cents:02}")),
                    0 if cents == 0 => Value::String(whole.to_string()),
                    _ => return None,
                }
            }
            _ if is_in_cents(name) => {
                let half = CENT / 2 * sum.signum();
                i64::try_from((sum + half) / CENT).ok()?.into()
            }
            _ if self.is_whole(&parts) => {
                let half = SCALE / 2 * sum.signum();
                i64::try_from((sum + half) / SCALE).ok()?.into()
            }
            _ => {
                // Beyond that a float has no cents.
                let cents = i32::try_from(sum / CENT).map(f64::from).ok();
                let cents = cents.or_else(|| (sum / CENT).to_string().parse().ok())?;
                Value::Number(Number::from_f64(cents / 100.0)?)
            }
        };
        let value = match inner(own) {
            Some((name, _)) => {
                let mut whole = own.clone();
                whole[name] = value;
                whole
            }
            None => value,
        };
        Some(Sum {
            name: name.to_owned(),
            value,
            parts: parts.into_iter().map(str::to_owned).collect(),
        })
    }
}

/// Whether something is sold by the piece.
fn is_sold(line: &Value) -> bool {
    let names = line.as_object().into_iter().flat_map(Map::keys);
    let mut roles = names.filter_map(|name| role(name));
    roles.any(|role| matches!(role, Role::Quantity | Role::Price))
}

/// The sum of lines, each of which is a total of its own, or so many at a price, or one at that.
fn sum_of_lines(items: &[Value]) -> Option<i128> {
    items.iter().take(LINES).try_fold(0_i128, |sum, line| {
        let ledger = Ledger::of(line.as_object()?);
        let own = [Role::Total, Role::Sum, Role::Amount, Role::Subtotal];
        let own = own.into_iter().find_map(|role| ledger.find(role).next());
        let own = own.map(|(_, sum)| sum);
        let product = || ledger.product().map(|(sum, _)| sum);
        let price = || ledger.find(Role::Price).next().map(|(_, sum)| sum);
        sum.checked_add(own.or_else(product).or_else(price)?)
    })
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
        let (top, tops) = on_top(ledger);
        let sum = base.checked_add(top).filter(|sum| *sum >= 0)?;
        // A subtotal alone is no sum of anything.
        let is_made = !tops.is_empty() || ledger.find(Role::Subtotal).next().is_none();
        parts.extend(tops);
        is_made.then_some(())?;
        ledger.written(name, sum, parts)
    });
    sums.collect()
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

/// What a member of a name is worth: its amount, or a hundredth of it where it is in cents.
fn worth(name: &str, value: &Value) -> Option<i128> {
    match is_in_cents(name) {
        true => amount(value).map(|amount| amount / 100),
        false => amount(value),
    }
}

/// An amount in ten thousandths, of a number or a text that is one.
fn amount(value: &Value) -> Option<i128> {
    let whole = |whole: i64| i128::from(whole) * SCALE;
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(number) => Some(whole(number)),
            None => {
                let scaled = (number.as_f64()? * SCALE as f64).round();
                (scaled.abs() < 1e18).then_some(scaled as i128)
            }
        },
        Value::String(text) => {
            let (units, places) = text.split_once('.').unwrap_or((text, ""));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let is_plain = !units.is_empty() && units.len() < 16 && places.len() < 5;
            (is_plain && digits(units) && digits(places)).then_some(())?;
            let places: i128 = format!("{places:0<4}").parse().ok()?;
            Some(whole(units.parse().ok()?) + places)
        }
        _ => amount(inner(value)?.1),
    }
}

/// The amount of an object that is one with its currency, and the name that it has there.
fn inner(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object()?;
    let mut names = members.keys().map(|name| (name, role(name)));
    names
        .any(|(_, role)| role == Some(Role::Currency))
        .then_some(())?;
    let is_amount = |name: &str| role(name) == Some(Role::Amount) || name == "value";
    let mut amounts = members.iter().filter(|(name, _)| is_amount(name));
    let (name, amount) = amounts.next()?;
    let is_plain = amount.is_number() || amount.is_string();
    is_plain.then_some((name.as_str(), amount))
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
            json!({"subtotal": 9.5, "total": 0}),
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
