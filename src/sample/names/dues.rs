//! What has come of what is due, as a status beside it has it: nothing is paid of a draft, and all
//! of what is paid; what is taken off is as much as its percentage says.

use super::roles::{Role, role};
use super::words::Words;
use super::{Share, share};
use serde_json::{Map, Number, Value};

/// Words of a status of what nothing has been paid of.
const UNPAID: [&str; 16] = [
    "draft",
    "unpaid",
    "open",
    "pending",
    "failed",
    "canceled",
    "cancelled",
    "void",
    "voided",
    "uncollectible",
    "overdue",
    "due",
    "declined",
    "requires",
    "processing",
    "expired",
];
/// And of what all has.
const PAID: [&str; 6] = [
    "paid",
    "succeeded",
    "settled",
    "captured",
    "completed",
    "success",
];

/// What is paid of what is due and what flags say of it, by the status beside them. Those that
/// aren't `free` stand.
pub(super) fn dues(
    members: &Map<String, Value>,
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let mut statuses = members.iter().filter_map(|(name, value)| {
        let is_status = role(name) == Some(Role::Status);
        is_status.then(|| value.as_str())?
    });
    let (Some(status), None) = (statuses.next(), statuses.next()) else {
        return Vec::new();
    };
    let status = Words::of(status);
    let flagged = || {
        let mut flags = members.iter().filter(|(_, value)| value.is_boolean());
        let flag = flags.find(|(name, _)| matches!(Words::of(name).all(), "paid" | "is paid"));
        flag.and_then(|(_, value)| value.as_bool())
    };
    let told = match status.has(&["partially", "partial", "part", "refunded"]) {
        true => return Vec::new(),
        false if status.has(&UNPAID) || status.has(&["not"]) => Some(false),
        false if status.has(&PAID) => Some(true),
        // What is on its way tells nothing of it, but a flag may.
        false => flagged(),
    };
    let Some(is_paid) = told else {
        return Vec::new();
    };
    let number = |wanted: Share| {
        let mut found = members.iter().filter(|(name, value)| {
            value.is_number() && share(name) == Some(wanted) && is_money(name)
        });
        found.next()
    };
    let is_total = |name: &str| matches!(role(name), Some(Role::Total | Role::Amount | Role::Sum));
    let mut totals = members
        .iter()
        .filter(|(name, value)| value.is_number() && is_total(name));
    let whole = number(Share::Whole).or_else(|| totals.next());
    let mut changes = Vec::new();
    let mut set = |name: &String, value: Value| {
        if is_free(name) && members.get(name) != Some(&value) {
            changes.push((name.clone(), value));
        }
    };
    let none = |like: &Value| match like.is_f64() {
        true => Number::from_f64(0.0).map_or(Value::from(0), Value::Number),
        false => Value::from(0),
    };
    if let (Some((_, all)), Some((gone, part))) = (whole, number(Share::Gone)) {
        set(gone, if is_paid { all.clone() } else { none(part) });
        if let Some((left, rest)) = number(Share::Left) {
            set(left, if is_paid { none(rest) } else { all.clone() });
        }
    }
    for (name, value) in members {
        let words = Words::of(name);
        match (words.all(), value) {
            ("paid" | "is paid" | "captured" | "is captured" | "settled", Value::Bool(_)) => {
                set(name, is_paid.into());
            }
            ("amount captured" | "amount received" | "captured amount", Value::Number(_)) => {
                if let Some((_, all)) = whole {
                    set(name, if is_paid { all.clone() } else { none(value) });
                }
            }
            ("amount refunded" | "refunded amount", Value::Number(_)) => set(name, none(value)),
            _ => {}
        }
    }
    changes
}

/// Whether what is gone or left is money rather than room.
fn is_money(name: &str) -> bool {
    let words = Words::of(name);
    words.has(&["amount", "paid", "due", "outstanding", "unpaid", "balance"])
}

/// What says how much in percent is taken off.
const PERCENT_OFF: [&str; 4] = [
    "discount percent",
    "discount percentage",
    "discount pct",
    "percent off",
];

/// Whether a number says how much in percent is taken off.
pub fn says_percent_off(name: &str) -> bool {
    PERCENT_OFF.contains(&Words::of(name).all())
}

/// An amount of a number, or of a text that is one with cents.
fn amount(value: &Value) -> Option<f64> {
    let text = || {
        let text = value.as_str()?;
        let (units, cents) = text.split_once('.')?;
        let digits = [units, cents].concat();
        let is_plain = cents.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_plain)
    };
    value.as_f64().or_else(text)
}

/// What a percentage takes off a price, and what is left of that.
pub fn taken_off(
    members: &Map<String, Value>,
    is_free: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let find = |phrases: &[&str]| {
        let mut members = members.iter();
        members.find(|(name, value)| {
            amount(value).is_some() && phrases.contains(&Words::of(name).all())
        })
    };
    let percent = find(&PERCENT_OFF).or_else(|| find(&["discount rate"]));
    let bases = [
        "original price",
        "compare at price",
        "was price",
        "old price",
        "list price",
        "regular price",
        "msrp",
        "rrp",
        "base price",
        "full price",
        "price before discount",
        "subtotal",
        "price",
    ];
    let base = bases.iter().find_map(|base| find(&[base]));
    let base = base.or_else(|| find(&["unit price"]));
    let (Some((percent_name, percent)), Some((base_name, base))) = (percent, base) else {
        return Vec::new();
    };
    let (Some(percent), Some(price)) = (amount(percent), amount(base)) else {
        return Vec::new();
    };
    // What is taken off so many at a price is of all of them.
    let count = find(&["quantity", "qty"]).and_then(|(_, count)| amount(count));
    let price = match Words::of(base_name).all() {
        "unit price" => price * count.unwrap_or(1.0),
        _ => price,
    };
    let is_part_of_one = Words::of(percent_name).last() == "rate" && percent <= 1.0;
    let part = if is_part_of_one {
        percent
    } else {
        percent / 100.0
    };
    if !(0.0..=1.0).contains(&part) {
        return Vec::new();
    }
    let off = (price * part * 100.0).round() / 100.0;
    let written = |name: &str, amount: f64| {
        if members.get(name).is_some_and(Value::is_string) {
            return Some(Value::from(format!("{amount:.2}")));
        }
        let is_whole = members.get(name).is_some_and(|known| !known.is_f64());
        // What is in cents stays so.
        let is_in_cents = is_whole && !base.is_f64() && price > 999.0;
        match amount.fract() == 0.0 || is_in_cents {
            true => Some(Value::from(amount.round() as i64)),
            false => Number::from_f64((amount * 100.0).round() / 100.0).map(Value::Number),
        }
    };
    let mut changes = Vec::new();
    let amounts = find(&[
        "discount amount",
        "discount",
        "amount off",
        "savings",
        "saved",
    ]);
    let finals = find(&[
        "final price",
        "sale price",
        "discounted price",
        "price after discount",
        "special price",
        "net price",
    ]);
    let finals = finals.or_else(|| find(&["price"]).filter(|(name, _)| *name != base_name));
    let left = |amount: f64| price - amount;
    for ((name, _), amount) in amounts
        .map(|found| (found, off))
        .into_iter()
        .chain(finals.map(|found| (found, left(off))))
    {
        if is_free(name) {
            changes.extend(written(name, amount).map(|value| (name.clone(), value)));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_paid_is_as_the_status_says_and_discounts_as_their_percentage() {
        for (object, expected) in [
            (
                json!({"amount_due": 100, "amount_paid": 60, "amount_remaining": 40, "status": "draft"}),
                json!({"amount_due": 100, "amount_paid": 0, "amount_remaining": 100, "status": "draft"}),
            ),
            (
                json!({"total": 9.5, "amountPaid": 2.5, "status": "PAID"}),
                json!({"total": 9.5, "amountPaid": 9.5, "status": "PAID"}),
            ),
            (
                json!({"status": "pending", "paid": true, "captured": true, "amount": 5, "amount_captured": 5}),
                json!({"status": "pending", "paid": false, "captured": false, "amount": 5, "amount_captured": 0}),
            ),
            (
                json!({"price": 50, "discountPercent": 20, "discountAmount": 5, "finalPrice": 45}),
                json!({"price": 50, "discountPercent": 20, "discountAmount": 10, "finalPrice": 40}),
            ),
            (
                json!({"total": 9.5, "amountPaid": 2.5, "balanceDue": 7, "status": "Shipped", "isPaid": true}),
                json!({"total": 9.5, "amountPaid": 9.5, "balanceDue": 0, "status": "Shipped", "isPaid": true}),
            ),
            (
                json!({"price": "19.90", "compare_at_price": "20.00", "discount_percent": 15}),
                json!({"price": "17.00", "compare_at_price": "20.00", "discount_percent": 15}),
            ),
            (
                json!({"status": "active", "amount_due": 100, "amount_paid": 60}),
                json!({"status": "active", "amount_due": 100, "amount_paid": 60}),
            ),
        ] {
            let mut members = object.as_object().cloned().expect("an object");
            let changes = dues(&members, &|_| true);
            members.extend(changes);
            let changes = taken_off(&members, &|_| true);
            members.extend(changes);
            assert_eq!(Value::Object(members), expected, "{object}");
        }
    }
}
