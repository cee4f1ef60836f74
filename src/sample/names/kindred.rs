//! What follows from what is beside it: an age from a birthday, a weekday from a date, an average
//! from what it is of.

use super::called;
use super::cards;
use super::figures;
use super::measures;
use super::moments::{self, Step};
use super::persona::{Persona, slug};
use super::roles::{Role, role};
use super::spacing::seconds;
use super::words::{Remembered, Words};
use super::{people, prose};
use chrono::{DateTime, Datelike};
use serde_json::{Map, Number, Value};

/// What a property follows from, as far as its name tells.
#[derive(Debug, Clone, Copy)]
enum Follows {
    Age,
    Weekday,
    Card,
    Oldest,
    FullName,
    Email,
    Slug,
    Step,
    Expiry,
    Measure,
    Profit,
    Monthly,
    Service,
    MonthName,
    Bank,
    BankCountry,
    Held,
}

impl Follows {
    fn of(words: &Words) -> Option<Follows> {
        let is_one_of = |phrases: &str| phrases.split(", ").any(|phrase| phrase == words.all());
        Some(match () {
            () if is_one_of(people::AGE) => Follows::Age,
            () if is_one_of(prose::WEEKDAY) => Follows::Weekday,
            () if cards::tells(words) => Follows::Card,
            () if is_one_of("max age, maximum age, age max, age to") => Follows::Oldest,
            () if is_one_of(people::FULL_NAME) => Follows::FullName,
            () if is_one_of(people::EMAIL) => Follows::Email,
            () if words.last() == "slug" || is_one_of("url key, seo name, url name") => {
                Follows::Slug
            }
            () if is_one_of("resolution, step, granularity") => Follows::Step,
            () if is_of_expiry(words) || cards::is_until(words) => Follows::Expiry,
            () if measures::tells(words) => Follows::Measure,
            () if is_one_of(PROFIT) => Follows::Profit,
            () if is_one_of("monthly salary, salary monthly, monthly pay") => Follows::Monthly,
            () if is_one_of("years of service, years of employment, tenure years") => {
                Follows::Service
            }
            () if is_one_of("month name, name of month") => Follows::MonthName,
            () if is_one_of("bic, swift, swift code, bic code") => Follows::Bank,
            () if is_one_of("country, country code, bank country") => Follows::BankCountry,
            () if HELD.contains(&words.last()) => Follows::Held,
            () => return None,
        })
    }
}

thread_local! {
    static FOLLOWING: Remembered<Option<Follows>> = Remembered::default();
}

/// What a property is by what is beside it, the likeliest writing first; nothing where its name or
/// what is there tells nothing.
pub fn consequence(name: &str, members: &Map<String, Value>, persona: &Persona) -> Vec<Value> {
    let words = Words::of(name);
    let mut figures = figures::of_lists(&words, members);
    figures.extend(figures::best(&words, members));
    figures.extend(figures::counted(&words, members));
    if !figures.is_empty() {
        return figures;
    }
    let follows = FOLLOWING.with(|known| known.of(name, || Follows::of(&words)));
    let Some(follows) = follows else {
        return Vec::new();
    };
    let found = match follows {
        Follows::Age => age(members, persona),
        Follows::FullName => owned(members).or_else(|| called::called(members, persona)),
        Follows::Email => called::reached(name, members, persona),
        Follows::Slug => called::slugged(&words, members),
        Follows::Service => service(members, persona),
        Follows::Bank => banked(members).and_then(|country| {
            let own = members.get(name).and_then(Value::as_str)?;
            Some(format!("{}{country}{}", own.get(..4)?, own.get(6..)?).into())
        }),
        Follows::BankCountry => banked(members).map(Value::from),
        Follows::Held => held(&words, members).or_else(|| called::known(&words, members, persona)),
        Follows::Weekday => return weekday(members),
        Follows::Card => return cards::told(&words, members),
        Follows::Oldest => return oldest(members),
        Follows::Step => {
            let is_series = ["from", "to"].map(|end| members.contains_key(end)) == [true; 2];
            let values = ["1h", "5m"].map(Value::from).into_iter();
            return values.filter(|_| is_series).collect();
        }
        Follows::Expiry => {
            return match cards::until(&words, members) {
                Some(until) => vec![until],
                None if is_of_expiry(&words) => expiry(members),
                None => Vec::new(),
            };
        }
        Follows::Measure => measures::told(&words, members, persona.tender.sign),
        Follows::Profit => return profit(members),
        Follows::Monthly => return monthly(members),
        Follows::MonthName => return month_name(members),
    };
    found.into_iter().collect()
}

/// What is said beside an object of what it tells itself: `ownerId` and `owner.id`.
const HELD: [&str; 6] = ["id", "uuid", "name", "email", "code", "slug"];

fn held(words: &Words, members: &Map<String, Value>) -> Option<Value> {
    members.iter().find_map(|(name, value)| {
        let object = value.as_object()?;
        let holder = Words::of(name);
        let own = words.all().strip_prefix(holder.all())?.strip_prefix(' ')?;
        let mut told = object.iter();
        let (_, value) = told.find(|(name, _)| Words::of(name).all() == own)?;
        (value.is_string() || value.is_number()).then(|| value.clone())
    })
}

/// The country of the bank that an account's number is of (ISO 13616).
fn banked(members: &Map<String, Value>) -> Option<&str> {
    let is_placed = |name: &String| {
        matches!(
            role(name),
            Some(Role::City | Role::Street | Role::PostalCode)
        )
    };
    let mut told = members.iter().filter(|_| !members.keys().any(is_placed));
    let (_, iban) = told.find(|(name, _)| Words::of(name).all() == "iban")?;
    let country = iban.as_str()?.get(..2)?;
    country
        .bytes()
        .all(|letter| letter.is_ascii_uppercase())
        .then_some(country)
}

/// What is left of what came in.
const PROFIT: &str = "profit, net profit, net income, net earnings";

fn profit(members: &Map<String, Value>) -> Vec<Value> {
    let called = |phrases: &str| {
        members.iter().find_map(|(name, value)| {
            let is_it = phrases.split(", ").any(|of| of == Words::of(name).all());
            value.as_f64().filter(|_| is_it)
        })
    };
    let came = called("income, revenue, total income, total revenue, sales, turnover");
    let went = called("expenses, costs, cost, total expenses, total costs, total cost, spending");
    match came.zip(went) {
        Some((came, went)) => rounded(came - went),
        None => Vec::new(),
    }
}

/// A twelfth of what is paid for a year.
fn monthly(members: &Map<String, Value>) -> Vec<Value> {
    let annual = members.iter().find_map(|(name, value)| {
        let is_it = matches!(
            Words::of(name).all(),
            "annual salary" | "yearly salary" | "salary"
        );
        value.as_f64().filter(|_| is_it)
    });
    annual.map_or_else(Vec::new, |annual| rounded(annual / 12.0))
}

/// How many years somebody is with who hired them.
fn service(members: &Map<String, Value>, persona: &Persona) -> Option<Value> {
    let hired = members.iter().find_map(|(name, value)| {
        let words = Words::of(name);
        let is_it = words.has(&["hire", "hired", "joined", "employed"])
            || matches!(
                words.all(),
                "start date" | "employment date" | "joining date"
            );
        seconds(value.as_str().filter(|_| is_it)?)
    })?;
    let hired = DateTime::from_timestamp(hired, 0)?.date_naive();
    let now = DateTime::from_timestamp(persona.moments.at(Step::Updated), 0)?.date_naive();
    Some(now.years_since(hired).unwrap_or_default().into())
}

/// A number to cents, and as a whole one.
fn rounded(number: f64) -> Vec<Value> {
    let exact = Number::from_f64((number * 100.0).round() / 100.0).map(Value::from);
    let whole = Value::from(number.round() as i64);
    match number.fract() == 0.0 {
        true => vec![whole],
        false => exact.into_iter().chain([whole]).collect(),
    }
}

/// The name of the month that is told beside it by its number.
fn month_name(members: &Map<String, Value>) -> Vec<Value> {
    let mut told = members.iter();
    let number = told.find(|(name, _)| Words::of(name).all() == "month");
    let number = number.and_then(|(_, value)| u32::try_from(value.as_u64()?).ok());
    let day = number.and_then(|number| chrono::NaiveDate::from_ymd_opt(2024, number, 1));
    let long = day.map(|day| day.format("%B").to_string());
    let texts = long.map(|long| [long.clone(), long.to_uppercase(), long[..3].to_owned()]);
    texts.into_iter().flatten().map(Value::from).collect()
}

/// The name of what somebody owns, with its owner's before it: `octocat/hello-world`.
fn owned(members: &Map<String, Value>) -> Option<Value> {
    let is_person = |name: &String| matches!(role(name), Some(Role::FirstName | Role::LastName));
    let name = members.get("name")?.as_str()?;
    let owner = members.get("owner")?;
    let owner = owner.as_str().or_else(|| {
        let names = ["login", "username", "slug", "name"].into_iter();
        names.filter_map(|name| owner.get(name)?.as_str()).next()
    })?;
    let (owner, name) = (slug(owner), slug(name));
    let is_owned = !members.keys().any(is_person) && !owner.is_empty() && !name.is_empty();
    is_owned.then(|| format!("{owner}/{name}").into())
}

fn is_of_expiry(words: &Words) -> bool {
    let told = moments::told(words).or_else(|| moments::told_in_text(words));
    told.is_some_and(|(step, _)| step == Step::Expiry)
}

/// When something expires that says when it was made and how many seconds it lasts.
fn expiry(members: &Map<String, Value>) -> Vec<Value> {
    let lasting = members.iter().find_map(|(name, value)| {
        let words = Words::of(name);
        let is_it = ["expires in", "expires in seconds", "lifetime", "ttl"].contains(&words.all());
        value.as_i64().filter(|_| is_it)
    });
    let made = members.iter().find_map(|(name, value)| {
        let told = moments::told(&Words::of(name));
        let is_made = told.is_some_and(|(step, _)| step == Step::Created);
        // Of a day alone it isn't known when.
        let instant = || value.as_str().filter(|text| text.len() > 10);
        let at = value.as_i64().or_else(|| seconds(instant()?));
        at.filter(|_| is_made)
    });
    match lasting.zip(made) {
        // A number of milliseconds is left alone.
        Some((lasting, made))
            if made < 100_000_000_000 && (0..=3_660 * 86_400).contains(&lasting) =>
        {
            let at = made + lasting;
            vec![moments::instant(at).into(), at.into()]
        }
        _ => Vec::new(),
    }
}

/// How old somebody may be, where it is beside how old they must be: alone it is of a cache.
fn oldest(members: &Map<String, Value>) -> Vec<Value> {
    let is_least = |name: &&String| {
        let least = ["min age", "minimum age", "age min", "age from"];
        least.contains(&Words::of(name).all())
    };
    match members.keys().any(|name| is_least(&name)) {
        true => vec![65.into(), 99.into()],
        false => Vec::new(),
    }
}

/// How old somebody is, when what is told of them was last changed.
fn age(members: &Map<String, Value>, persona: &Persona) -> Option<Value> {
    let mut born = members.iter().filter_map(|(name, value)| {
        let text = value.as_str()?;
        moments::is_of_birth(&Words::of(name)).then(|| seconds(text))?
    });
    let born = DateTime::from_timestamp(born.next()?, 0)?.date_naive();
    let now = DateTime::from_timestamp(persona.moments.at(Step::Updated), 0)?.date_naive();
    now.years_since(born).map(Value::from)
}

/// How old somebody is on a day, where an object tells when they were born; under the name that it
/// has for that.
pub fn aged(members: &Map<String, Value>, day: chrono::NaiveDate) -> Option<(String, Value)> {
    let age = members
        .iter()
        .find(|(name, value)| value.is_u64() && matches!(Words::of(name).all(), "age" | "alter"))?;
    let mut born = members.iter().filter_map(|(name, value)| {
        moments::is_of_birth(&Words::of(name)).then(|| seconds(value.as_str()?))?
    });
    let born = DateTime::from_timestamp(born.next()?, 0)?.date_naive();
    Some((age.0.clone(), day.years_since(born)?.into()))
}

/// Whether a name is of when somebody was born.
pub fn is_of_birth(name: &str) -> bool {
    moments::is_of_birth(&Words::of(name))
}

/// The day of the week of the one date, or of the first where there are several.
fn weekday(members: &Map<String, Value>) -> Vec<Value> {
    let dates = members.iter().filter_map(|(name, value)| {
        let words = Words::of(name);
        let told = moments::told(&words).or_else(|| moments::told_in_text(&words));
        let rank = match words.all() {
            "date" | "day" => 0,
            _ => 1 + told?.0 as usize,
        };
        Some((rank, seconds(value.as_str()?)?))
    });
    // Of when a thing was made its weekday tells nothing where it is planned for another.
    let first = dates.min_by_key(|(rank, _)| match rank {
        0 => 0,
        rank if *rank > Step::Begin as usize => 1,
        _ => 2,
    });
    let Some(day) = first.and_then(|(_, at)| DateTime::from_timestamp(at, 0)) else {
        return Vec::new();
    };
    let number = day.weekday().number_from_monday();
    let long = day.format("%A").to_string();
    let short = &long[..3];
    let texts = [
        long.clone(),
        long.to_uppercase(),
        long.to_lowercase(),
        short.to_owned(),
        short.to_uppercase(),
        short.to_lowercase(),
        long[..2].to_uppercase(),
    ];
    let numbers = [number, number % 7, number - 1];
    let texts = texts.into_iter().map(Value::from);
    texts.chain(numbers.map(Value::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::draw::Draw;
    use serde_json::json;

    #[test]
    fn what_is_told_twice_is_the_same() {
        let persona = Persona::draw(&mut Draw::of(""), Default::default());
        for (name, members, first) in [
            (
                "ownerId",
                json!({"ownerId": 1, "owner": {"id": 7}}),
                json!(7),
            ),
            (
                "department_name",
                json!({"department": {"name": "Sales"}}),
                json!("Sales"),
            ),
            ("monthName", json!({"month": 4}), json!("April")),
            (
                "slug",
                json!({"name": "Hôtel Granit"}),
                json!("hotel-granit"),
            ),
            (
                "category_slug",
                json!({"category_name": "Garden"}),
                json!("garden"),
            ),
            (
                "fullName",
                json!({"firstName": "Zoë", "lastName": "Quill"}),
                json!("Zoë Quill"),
            ),
            ("profit", json!({"income": 10.5, "expenses": 4}), json!(6.5)),
            (
                "monthlySalary",
                json!({"annualSalary": 24_000}),
                json!(2_000),
            ),
        ] {
            let members = members.as_object().expect("an object");
            let found = consequence(name, members, &persona);
            assert_eq!(found.first(), Some(&first), "{name}");
        }
    }

    #[test]
    fn one_thing_follows_from_another() {
        let persona = Persona::draw(&mut Draw::of(""), Default::default());
        for (name, beside, expected) in [
            ("weekday", json!({"date": "2024-05-17"}), json!("Friday")),
            (
                "dayOfWeek",
                json!({"createdAt": "2024-05-01T10:00:00Z", "startDate": "2024-05-18"}),
                json!("SAT"),
            ),
            ("day_of_week", json!({"date": "2024-05-19"}), json!(7)),
            (
                "full_name",
                json!({"name": "Oak chair", "owner": {"login": "ann.lee"}}),
                json!("ann-lee/oak-chair"),
            ),
            (
                "expires_at",
                json!({"issued_at": "2024-05-17T09:30:00Z", "expires_in": 3600}),
                json!("2024-05-17T10:30:00Z"),
            ),
            (
                "expires_at",
                json!({"created_at": 1_700_000_000, "expires_in": 60}),
                json!(1_700_000_060),
            ),
        ] {
            let members = beside.as_object().expect("an object");
            let found = consequence(name, members, &persona);
            assert!(found.contains(&expected), "{name} {beside}: {found:?}");
        }
        for (name, beside) in [
            ("weekday", json!({"title": "A"})),
            ("age", json!({"createdAt": "2024-05-17"})),
            (
                "fullName",
                json!({"firstName": "Ann", "name": "A", "owner": "B"}),
            ),
            ("expiresAt", json!({"expiresIn": 60})),
        ] {
            let members = beside.as_object().expect("an object");
            assert_eq!(
                consequence(name, members, &persona),
                Vec::<Value>::new(),
                "{name} {beside}"
            );
        }
    }
}
