use super::words::Words;
use super::{money, numbers, people, places, states};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a property is beside others of the same object, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Somebody's given name.
    FirstName,
    /// The family's.
    LastName,
    /// Both.
    FullName,
    /// An address for mail.
    Email,
    /// What is known of people alone: a birthday, a job.
    Known,
    /// A country, by its name or a code.
    Country,
    /// A town.
    City,
    /// A street, with or without a number.
    Street,
    /// A postcode.
    PostalCode,
    /// How many are sold.
    Quantity,
    /// What one of them costs.
    Price,
    /// What all of them cost.
    Subtotal,
    /// What is put on that by law.
    Tax,
    /// How much of it that is.
    Rate,
    /// What else is put on it.
    Fee,
    /// What is taken off.
    Discount,
    /// A sum of which nothing is said.
    Amount,
    /// The sum of all of it.
    Total,
    /// That, or how many there are in a list.
    Sum,
    /// How many there are in a list.
    Count,
    /// What sums are in.
    Currency,
    /// How far a thing is.
    Status,
}

impl Role {
    fn is_of_money(self) -> bool {
        use Role::{Amount, Discount, Fee, Price, Subtotal, Tax, Total};
        matches!(
            self,
            Price | Subtotal | Tax | Fee | Discount | Amount | Total
        )
    }
}

/// The names of a role, as the tables of senses have them.
const ROLES: [(Role, &str); 23] = [
    (Role::FirstName, people::FIRST_NAME),
    (Role::LastName, people::LAST_NAME),
    (Role::FullName, people::FULL_NAME),
    (Role::Email, people::EMAIL),
    (Role::Known, people::KNOWN),
    (Role::Country, places::COUNTRY),
    (Role::City, places::CITY),
    (Role::Street, places::STREET),
    (Role::PostalCode, places::POSTAL_CODE),
    (Role::Quantity, numbers::QUANTITY),
    (Role::Price, money::PRICE),
    (Role::Subtotal, money::SUBTOTAL),
    (Role::Tax, money::TAX),
    (Role::Rate, money::RATE),
    (Role::Fee, money::FEE),
    (Role::Discount, money::DISCOUNT),
    (Role::Amount, money::AMOUNT),
    (Role::Total, money::TOTAL),
    (Role::Sum, money::SUM),
    (Role::Count, numbers::COUNT),
    (Role::Currency, places::CURRENCY),
    (Role::Status, states::STATUS),
    (Role::Status, states::STATE),
];

static OF_NAMES: LazyLock<HashMap<String, Role>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for (role, phrases) in ROLES {
        for phrase in phrases.split(", ") {
            names.entry(joined(phrase)).or_insert(role);
        }
    }
    names
});

/// The role of a property by the whole of its name, in whatever way that is spelt; nothing where
/// it has none.
pub fn role(name: &str) -> Option<Role> {
    let find = |words: &str| OF_NAMES.get(&joined(words)).copied();
    // Every property is asked about, and of most the letters alone say that they have none.
    if name.is_ascii() && name.len() <= 80 {
        let mut letters = [0; 80];
        let mut count = 0;
        for letter in name.bytes().filter(u8::is_ascii_alphanumeric) {
            letters[count] = letter.to_ascii_lowercase();
            count += 1;
        }
        let letters = std::str::from_utf8(&letters[..count]).unwrap_or_default();
        let known = OF_NAMES.get(letters).copied();
        let is_unit = ["cents", "cent", "pence", "units", "minor"];
        if known.is_some() || !is_unit.iter().any(|unit| letters.ends_with(unit)) {
            return known;
        }
    }
    let words = Words::of(name);
    find(words.all()).or_else(|| {
        // In the smallest unit of a currency a sum is the same.
        let units = [
            " in cents",
            " cents",
            " cent",
            " pence",
            " in minor units",
            " minor",
        ];
        let stem = units
            .iter()
            .find_map(|unit| words.all().strip_suffix(unit))?;
        match find(stem)? {
            Role::Sum => Some(Role::Total),
            role => role.is_of_money().then_some(role),
        }
    })
}

fn joined(words: &str) -> String {
    let mut joined = words.to_owned();
    joined.retain(|c| c != ' ');
    joined
}
