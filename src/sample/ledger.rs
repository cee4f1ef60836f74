//! An object's sums by what they are, and what each of them is worth.

use super::names::{
    Role, changes_sum, is_count_of, is_in_cents, is_of_lines, is_of_page, is_sale, is_vague,
    priced_unit, role, says_percent_off,
};
use super::place::Place;
use super::sums::Sum;
use serde_json::{Map, Number, Value};

/// How many decimal places are reckoned with; results have those of a cent.
pub(super) const SCALE: i128 = 10_000;
pub(super) const CENT: i128 = SCALE / 100;
/// Of a list so many lines are added up.
const LINES: usize = 1_000;

/// An object's sums by what they are.
pub(super) struct Ledger<'m> {
    pub(super) members: &'m Map<String, Value>,
    roles: Vec<(Role, &'m str, &'m Value)>,
    /// Whether the object is called after what is sold: an order, a cart.
    is_sale: bool,
    /// The rate of a tax, in percent, where nothing says it; none where that isn't to be made up.
    pub(super) usual_rate: Option<i64>,
}

impl<'m> Ledger<'m> {
    pub(super) fn of(members: &'m Map<String, Value>) -> Ledger<'m> {
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

    pub(super) fn at(place: &Place<'_>, members: &'m Map<String, Value>) -> Ledger<'m> {
        Ledger {
            is_sale: place
                .path
                .last()
                .is_some_and(|name| is_sale(name, place.is_row)),
            usual_rate: Some(place.persona.rate()),
            ..Ledger::of(members)
        }
    }

    pub(super) fn find(&self, role: Role) -> impl Iterator<Item = (&'m str, i128)> {
        let roles = self.roles.iter();
        roles.filter_map(move |(known, name, value)| {
            (*known == role).then_some((*name, worth(name, value)?))
        })
    }

    /// The first member that is called so, in words, and what it is worth.
    pub(super) fn called(&self, names: &[&str]) -> Option<(&'m str, i128)> {
        // Most are called otherwise from their first letter on.
        let letters = |text: &'m str| {
            let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
            letters.map(|letter| letter.to_ascii_lowercase())
        };
        let mut members = self.members.iter();
        members.find_map(|(name, value)| {
            let mut names = names.iter();
            let is_so = names.any(|words| words.bytes().filter(|b| *b != b' ').eq(letters(name)));
            is_so.then_some((name.as_str(), worth(name, value)?))
        })
    }

    /// Whether it is of money: it says in which currency, or is called after what is sold.
    pub(super) fn is_of_sale(&self) -> bool {
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
    pub(super) fn product(&self) -> Option<(i128, Vec<&'m str>)> {
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
    pub(super) fn lines(&self) -> Option<(i128, Vec<&'m str>)> {
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

    /// Whether it says, in whatever way, that something goes on top of the subtotal or off it.
    pub(super) fn has_more(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|(name, value)| {
            let is_some = value.is_number() || value.is_array() || value.is_object();
            is_some && changes_sum(name)
        })
    }

    /// How much is taken off, in percent and ten thousandths of one.
    pub(super) fn percent_off(&self) -> Option<(&'m str, i128)> {
        let mut members = self.members.iter();
        members.find_map(|(name, value)| {
            let percent = amount(value).filter(|_| says_percent_off(name))?;
            (0..=100 * SCALE)
                .contains(&percent)
                .then_some((name.as_str(), percent))
        })
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
    pub(super) fn written(&self, name: &str, sum: i128, parts: Vec<&str>) -> Option<Sum> {
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

/// What a member of a name is worth: its amount, or a hundredth of it where it is in cents.
pub(super) fn worth(name: &str, value: &Value) -> Option<i128> {
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
