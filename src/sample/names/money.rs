use super::super::draw::Draw;
use super::ask::{Ask, Sense, Senses};
use super::roles::{Role, role};
use super::words::Words;
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

/// What is sold by the piece, and what one of it costs.
pub(super) const PRICE: &str = "price, price per night, nightly rate, nightly price, price per day, \
    daily rate, daily price, price per hour, rate per night, rate per day, rate per hour, unit price, unit cost, base price, selling price, sale \
    price, sales price, unit amount, price amount, item price, price per unit, preis, \
    einzelpreis, stuckpreis, prix, prix unitaire, precio, precio unitario, prezzo, prezzo \
    unitario, preco, preco unitario, valor unitario, prijs, stukprijs";
/// What goes into a total and what it is.
pub(super) const SUBTOTAL: &str = "subtotal, sub total, net amount, net, net total, subtotal \
    amount, amount net, net price, subtotal price, total net, amount excluding tax, total \
    excluding tax, total before tax, amount subtotal, zwischensumme, nettobetrag, netto, sous total, total ht, \
    montant ht, base imponible, subtotale, imponibile, subtotaal, nettobedrag";
pub(super) const TAX: &str = "tax, tax amount, vat, vat amount, total tax, taxes, tax total, \
    gst, sales tax, amount tax, total tax amount, steuer, steuerbetrag, mehrwertsteuer, mwst, \
    umsatzsteuer, tva, montant tva, impuesto, impuestos, iva, imposta, imposto, impostos, btw, \
    btw bedrag";
pub(super) const RATE: &str = "tax rate, vat rate, tax percent, tax percentage, vat percentage, \
    tax pct, vat percent, vat pct, gst rate, sales tax rate, rate of tax, tax rate percent, vat \
    rate percent, steuersatz, mehrwertsteuersatz, mwst satz, taux tva, taux de tva, tipo iva, \
    aliquota, aliquota iva, btw tarief, btw percentage";
pub(super) const FEE: &str = "fee, fees, shipping, shipping cost, shipping costs, shipping price, \
    shipping amount, tip, delivery fee, shipping fee, handling, handling fee, postage, service \
    fee, fee amount, gratuity, surcharge, total shipping, shipping total, delivery cost, \
    freight, versandkosten, gebuhr, gebuhren, trinkgeld, frais de port, frais \
    de livraison, frais, gastos de envio, propina, spese di spedizione, frete, \
    verzendkosten";
pub(super) const DISCOUNT: &str = "discount, discount amount, total discount, savings, amount off, \
    discount total, rebate, total discounts, rabatt, nachlass, remise, descuento, sconto, \
    desconto, korting";
pub(super) const AMOUNT: &str = "amount, betrag, montant, importe, importo, bedrag, valor";
pub(super) const TOTAL: &str = "total amount, total price, grand total, gross total, line total, \
    total cost, amount due, gross amount, gross, amount total, order total, invoice total, cart \
    total, total gross, total inc tax, total incl tax, total due, price total, total including tax, \
    final price, total sum, order amount, item total, line amount, extended price, gesamtbetrag, \
    gesamtsumme, gesamtpreis, gesamt, summe, bruttobetrag, brutto, endbetrag, rechnungsbetrag, \
    montant total, prix total, total ttc, montant ttc, importe total, precio total, totale, importo \
    totale, prezzo totale, valor total, preco total, totaal, totaalbedrag, totaalprijs";

/// A total of which its name alone doesn't say that it is one of money.
pub(super) const SUM: &str = "total";

/// Whether words name something with a sum of money.
pub(super) fn is_sale(words: &str) -> bool {
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
    words.split(' ').any(|word| sold.contains(&word))
}

/// Whether a name is of what goes on top of a sum or off it, in whatever way it is told.
pub(super) fn changes_sum(words: &Words) -> bool {
    let others = [
        "address",
        "addresses",
        "method",
        "methods",
        "option",
        "options",
        "id",
        "status",
    ];
    let is_other = others.contains(&words.last());
    !is_other
        && words.has(&[
            "tax",
            "taxes",
            "taxation",
            "vat",
            "gst",
            "duty",
            "duties",
            "fee",
            "fees",
            "charges",
            "surcharge",
            "surcharges",
            "shipping",
            "delivery",
            "postage",
            "freight",
            "handling",
            "tip",
            "gratuity",
            "discount",
            "discounts",
            "rebate",
            "savings",
            "coupon",
            "coupons",
            "voucher",
            "vouchers",
            "promotion",
            "promotions",
            "adjustment",
            "adjustments",
            "credits",
            "deposit",
            "steuer",
            "steuern",
            "mwst",
            "rabatt",
            "versand",
            "tva",
            "remise",
            "frais",
            "iva",
            "impuestos",
            "descuento",
            "btw",
            "korting",
        ])
}

const fn of(phrases: &'static str, sense: Sense) -> (&'static str, Sense) {
    (phrases, sense)
}

/// Names of sums, whatever type they are of.
pub(super) const SUMS: Senses = &[
    of(
        "cost, list price, cost price, base amount, msrp, price cents, rrp, purchase price, \
         average cost, price in cents, regular price, fare, rent, wage, hourly rate, kosten, \
         cout, costo, custo",
        |ask, _| sum(ask, ask.persona.money.price),
    ),
    of(PRICE, |ask, _| sum(ask, ask.persona.money.price)),
    of(SUBTOTAL, |ask, _| sum(ask, ask.persona.money.subtotal())),
    of("subtotal cents, taxable amount", |ask, _| {
        sum(ask, ask.persona.money.subtotal())
    }),
    of(TAX, |ask, _| sum(ask, ask.persona.money.tax())),
    of("tax cents, tax price, tax value", |ask, _| {
        sum(ask, ask.persona.money.tax())
    }),
    of(AMOUNT, |ask, _| {
        // Within an object it is what that is called after.
        let money = ask.persona.money;
        let of = ask.around.last().and_then(|name| role(name));
        sum(
            ask,
            match of {
                Some(Role::Price) => money.price,
                Some(Role::Subtotal) => money.subtotal(),
                Some(Role::Tax) => money.tax(),
                Some(Role::Fee) => money.fee,
                Some(Role::Discount) => money.discount,
                _ => money.total(),
            },
        )
    }),
    of(TOTAL, |ask, _| sum(ask, ask.persona.money.total())),
    of(
        "amount paid, total paid, transaction amount, payment amount, total cents, amount \
         cents, amount in cents, amount minor, amount captured, amount received, payable, \
         amount authorized, charge, spend, spent, total spent, total value",
        |ask, _| sum(ask, ask.persona.money.total()),
    ),
    of(FEE, |ask, _| sum(ask, ask.persona.money.fee)),
    of(
        "commission, deposit, application fee amount, fine, penalty",
        |ask, _| sum(ask, ask.persona.money.fee),
    ),
    of(DISCOUNT, |ask, _| sum(ask, ask.persona.money.discount)),
    of(
        "refund amount, amount refunded, refunded amount, discount cents",
        |ask, _| sum(ask, ask.persona.money.discount),
    ),
    of(
        "balance, current balance, available balance, budget, credit, debit, revenue, opening \
         balance, closing balance, account balance, credit limit, balance cents, profit, \
         income, turnover, daily budget, remaining credit, funds, starting balance, ending \
         balance, balance amount, net worth, kontostand, saldo, solde",
        |ask, _| sum(ask, ask.persona.money.balance),
    ),
    of(SUM, |ask, draw| {
        let owner = ask.owner("total");
        let is_sum = !ask.is_integer() || is_sale(&owner);
        match is_sum {
            true => sum(ask, ask.persona.money.total()),
            false => ask.between(1, 60, draw),
        }
    }),
    of("salary, annual salary, base salary", |ask, _| {
        sum(ask, ask.persona.money.balance * 40 / 10_000 * 10_000)
    }),
    of(RATE, |ask, _| {
        let is_part = !ask.is_integer() && !ask.words.has(&["percent", "percentage", "pct"]);
        match is_part {
            true => ask.decimal(ask.persona.money.rate, 2),
            false => ask.integer(ask.persona.money.rate),
        }
    }),
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
