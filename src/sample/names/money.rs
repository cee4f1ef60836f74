use super::super::draw::Draw;
use super::ask::{Ask, Sense, Senses};
use serde_json::Value;

/// What something costs, in the smallest unit of a currency: the quantity times the price is the
/// subtotal, which with the tax is the total.
#[derive(Debug, Clone, Copy)]
pub(super) struct Money {
    pub quantity: i64,
    pub price: i64,
    /// In percent.
    pub rate: i64,
    pub fee: i64,
    pub discount: i64,
    pub balance: i64,
    /// Where the currency has no smaller unit, these are hundredfold all the same.
    whole: bool,
}

impl Money {
    /// `worth` is what a land's `whole` is.
    pub(super) fn draw(draw: &mut Draw, worth: i64) -> Money {
        let whole = worth > 0;
        let cents = [0, 50, 90, 95];
        let mut cost = |from: i64, below: usize| {
            let units = from + draw.below(below) as i64;
            let cents = draw.one_of(&cents).copied().unwrap_or_default();
            match whole {
                true => units * 100 * worth,
                false => units * 100 + cents,
            }
        };
        let (price, fee) = (cost(5, 90), cost(1, 9));
        let balance = cost(100, 2_000);
        // Even, so that a tenth and a twentieth of a sum of cents tell nothing of rounding.
        let rate = [5, 10, 20][draw.below(3)];
        Money {
            quantity: 1 + draw.below(5) as i64,
            price,
            rate,
            fee,
            discount: price / 10 / 100 * 100,
            balance,
            whole,
        }
    }

    fn subtotal(self) -> i64 {
        self.quantity * self.price
    }

    fn tax(self) -> i64 {
        let unit = if self.whole { 100 } else { 1 };
        (self.subtotal() / unit * self.rate + 50) / 100 * unit
    }

    fn total(self) -> i64 {
        self.subtotal() + self.tax()
    }
}

/// A sum as a name asks for it: cents where it says so or the value is an integer.
fn sum(ask: &Ask<'_>, cents: i64) -> Option<Value> {
    let money = ask.persona.money;
    if ask
        .words
        .has(&["cents", "minor", "cent", "pence", "micros"])
    {
        return ask.integer(match ask.words.has(&["micros"]) {
            true => cents * 10_000,
            false => cents,
        });
    }
    match money.whole {
        true => ask.integer(cents / 100),
        false if ask.is_integer() => ask.integer(cents),
        false => ask.decimal(cents, 2),
    }
}

const fn of(phrases: &'static str, sense: Sense) -> (&'static str, Sense) {
    (phrases, sense)
}

/// Names of sums, whatever type they are of.
pub(super) const SUMS: Senses = &[
    of(
        "price, unit price, unit cost, base price, cost, list price, cost price, selling \
         price, sale price, sales price, unit amount, base amount, msrp, price cents, price \
         amount, rrp, purchase price, item price, average cost, price in cents, regular \
         price, fare, rent, wage, hourly rate",
        |ask, _| sum(ask, ask.persona.money.price),
    ),
    of(
        "subtotal, sub total, net amount, net, net total, subtotal amount, amount net, \
         taxable amount, net price, subtotal price, total net, amount excluding tax, total \
         excluding tax, total before tax, subtotal cents",
        |ask, _| sum(ask, ask.persona.money.subtotal()),
    ),
    of(
        "tax, tax amount, vat, vat amount, total tax, taxes, tax total, gst, sales tax, \
         amount tax, tax cents, tax price, total tax amount, tax value",
        |ask, _| sum(ask, ask.persona.money.tax()),
    ),
    of(
        "total amount, total price, grand total, amount, total cost, amount due, amount paid, \
         gross amount, total paid, gross, amount total, order total, invoice total, \
         transaction amount, payment amount, cart total, total cents, amount cents, amount in \
         cents, amount minor, amount captured, total gross, amount received, total inc tax, \
         total incl tax, payable, total due, price total, amount authorized, charge, spend, \
         spent, total spent, total value, total including tax, final price, total sum, order \
         amount",
        |ask, _| sum(ask, ask.persona.money.total()),
    ),
    of(
        "fee, fees, shipping, shipping cost, shipping price, shipping amount, tip, delivery \
         fee, shipping fee, commission, handling, postage, service fee, fee amount, gratuity, \
         surcharge, total shipping, deposit, shipping total, application fee amount, delivery \
         cost, freight, fine, penalty",
        |ask, _| sum(ask, ask.persona.money.fee),
    ),
    of(
        "discount, discount amount, total discount, savings, amount off, discount total, \
         rebate, refund amount, amount refunded, refunded amount, total discounts, discount \
         cents",
        |ask, _| sum(ask, ask.persona.money.discount),
    ),
    of(
        "balance, current balance, available balance, budget, credit, debit, revenue, opening \
         balance, closing balance, account balance, credit limit, balance cents, profit, \
         income, turnover, daily budget, remaining credit, funds, starting balance, ending \
         balance, balance amount, net worth",
        |ask, _| sum(ask, ask.persona.money.balance),
    ),
    of("total", |ask, draw| {
        let owner = ask.owner("total");
        let sold = [
            "order",
            "invoice",
            "cart",
            "payment",
            "price",
            "amount",
            "receipt",
            "basket",
            "checkout",
            "transaction",
            "sale",
            "quote",
            "bill",
            "cost",
            "money",
            "purchase",
        ];
        let is_sum = !ask.is_integer() || owner.split(' ').any(|word| sold.contains(&word));
        match is_sum {
            true => sum(ask, ask.persona.money.total()),
            false => ask.between(1, 60, draw),
        }
    }),
    of("salary, annual salary, base salary", |ask, _| {
        sum(ask, ask.persona.money.balance * 40 / 10_000 * 10_000)
    }),
    of(
        "tax rate, vat rate, tax percent, tax percentage, vat percentage, tax pct",
        |ask, _| match ask.words.last() {
            "rate" if !ask.is_integer() => ask.decimal(ask.persona.money.rate, 2),
            _ => ask.integer(ask.persona.money.rate),
        },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtotal_and_its_tax_are_the_total() {
        let mut draw = Draw::of("money");
        for worth in [0, 100, 10_000] {
            let whole = worth > 0;
            for _ in 0..200 {
                let money = Money::draw(&mut draw, worth);
                assert_eq!(money.subtotal() + money.tax(), money.total());
                assert_eq!(money.quantity * money.price, money.subtotal());
                assert!(money.tax() > 0 && money.discount < money.price);
                assert!(!whole || money.total() % 100 == 0, "{money:?}");
            }
        }
    }
}
