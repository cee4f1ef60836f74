use super::demand::Demand;
use super::maker::Maker;
use serde_json::{Map, Number, Value};

/// What a sum is called where there is one beside its parts.
const TOTAL: [&str; 3] = ["total", "grandtotal", "totalamount"];
const SUBTOTAL: [&str; 2] = ["subtotal", "subtotalamount"];
/// What makes a total by itself: so many, and what one of them costs.
const COUNT: [&str; 2] = ["quantity", "qty"];
const PRICE: [&str; 2] = ["price", "unitprice"];
const TAX: [&str; 3] = ["tax", "taxamount", "totaltax"];
/// What else goes into a sum: where it is beside the others, they alone don't make it.
const MORE: [&str; 8] = [
    "discount",
    "shipping",
    "shippingcost",
    "fee",
    "fees",
    "tip",
    "delivery",
    "deliveryfee",
];

impl<'d> Maker<'d> {
    /// Lets a total be the sum of the subtotal and the tax beside it, as far as its schema lets
    /// it; else the tax is what the total leaves. Where there is neither, it is what so many of the
    /// price beside it cost.
    pub(super) fn add_up(&self, demand: &Demand<'d>, members: &mut Map<String, Value>) {
        let find = |names: &[&str]| {
            let mut numbers = members.iter().filter(|(_, value)| value.is_number());
            numbers.find(|(name, _)| names.contains(&plain(name).as_str()))
        };
        let parts = (find(&TOTAL), find(&SUBTOTAL), find(&TAX), find(&MORE));
        let ways = match parts {
            (Some(total), Some(subtotal), Some(tax), None) => vec![
                (total.0.clone(), combined(subtotal.1, tax.1, 1)),
                (tax.0.clone(), combined(total.1, subtotal.1, -1)),
            ],
            (Some(total), None, None, None) => match (find(&COUNT), find(&PRICE)) {
                (Some(count), Some(price)) => vec![(total.0.clone(), product(count.1, price.1))],
                _ => return,
            },
            _ => return,
        };
        for (name, value) in ways {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            let Some(value) = value.filter(|value| self.fits(&roots, value)) else {
                continue;
            };
            members.insert(name, value);
            return;
        }
    }
}

/// One number times another, to the cent.
fn product(one: &Value, other: &Value) -> Option<Value> {
    if let (Some(one), Some(other)) = (one.as_i64(), other.as_i64()) {
        return one.checked_mul(other).map(Value::from);
    }
    let product = one.as_f64()? * other.as_f64()?;
    Number::from_f64((product * 100.0).round() / 100.0).map(Value::Number)
}

fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

/// One number and another of this sign, to the cent; nothing below zero, which no tax is.
fn combined(one: &Value, other: &Value, sign: i64) -> Option<Value> {
    if let (Some(one), Some(other)) = (one.as_i64(), other.as_i64()) {
        let sum = one.checked_add(other.checked_mul(sign)?)?;
        return (sum >= 0).then(|| sum.into());
    }
    let sum = one.as_f64()? + other.as_f64()? * sign as f64;
    let sum = (sum * 100.0).round() / 100.0;
    (sum >= 0.0).then_some(())?;
    Number::from_f64(sum).map(Value::Number)
}
