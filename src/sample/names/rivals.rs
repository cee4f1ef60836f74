//! Two of an object that are never the same, by their names: the home team and the away team, where
//! something comes from and where it goes.

use super::words::Words;

/// What the one is called, and the other.
const RIVALS: [(&str, &str); 19] = [
    ("home", "away"),
    ("origin", "destination"),
    ("source", "destination"),
    ("source", "target"),
    ("from", "to"),
    ("sender", "recipient"),
    ("sender", "receiver"),
    ("buyer", "seller"),
    ("departure", "arrival"),
    ("pickup", "dropoff"),
    ("winner", "loser"),
    ("debtor", "creditor"),
    ("payer", "payee"),
    ("lender", "borrower"),
    ("landlord", "tenant"),
    ("shipper", "consignee"),
    ("caller", "callee"),
    ("caller", "recipient"),
    ("calling", "called"),
];

/// Which of some names is of what a name's is never the same as.
pub fn rival_of<'n>(name: &str, names: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    let words = Words::of(name);
    RIVALS.iter().find_map(|(one, other)| {
        words.has(&[one]).then_some(())?;
        let wanted = words
            .iter()
            .map(|word| if word == *one { *other } else { word });
        let wanted = wanted.collect::<Vec<&str>>().join(" ");
        names.clone().find(|name| Words::of(name).all() == wanted)
    })
}
