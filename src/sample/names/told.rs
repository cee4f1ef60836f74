//! Whom and what an object is about where something of it is fixed: by an example, or as a client
//! said it. What is made up beside that is of the same person, town and currency.

use super::ask::Kind;
use super::lands::{self, ascii, native, push_unmarked};
use super::locale::Locale;
use super::money::Money;
use super::persona::{Facts, Persona, slug};
use super::roles::{Role, role};
use crate::sample::draw::Draw;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How many properties are looked at.
const MOST: usize = 200;
/// Hosts at which anybody may have mail, which tell nothing of who they work for.
const FOR_ALL: [&str; 13] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.com",
    "proton.me",
];
/// Words that only companies have in their names.
const COMPANIES: [&str; 12] = [
    "inc", "ltd", "llc", "corp", "co", "company", "gmbh", "ag", "sa", "plc", "team", "group",
];
/// Words within the name of a family.
const PARTICLES: [&str; 12] = [
    "de", "del", "della", "di", "da", "van", "von", "der", "la", "le", "bin", "al",
];

impl Persona {
    /// The same with what of an object is fixed; nothing where that is nothing else than was
    /// thought. A country counts however the object came to have it.
    pub fn told(
        &self,
        members: &Map<String, Value>,
        is_fixed: &dyn Fn(&str) -> bool,
    ) -> Option<Persona> {
        let mut told: Vec<(Role, &str, &str)> = Vec::new();
        for (name, value) in members.iter().take(MOST) {
            let Some(text) = value.as_str().filter(|text| !text.is_empty()) else {
                continue;
            };
            let role = match role(name) {
                None if self.kin.person && is_bare_name(name) => Some(Role::FullName),
                role => role,
            };
            let role = role.filter(|role| match role {
                Role::FirstName | Role::LastName | Role::FullName | Role::Email => is_fixed(name),
                Role::Currency => is_fixed(name),
                role => matches!(role, Role::Country | Role::City),
            });
            told.extend(role.map(|role| (role, name.as_str(), text)));
        }
        if told.is_empty() {
            return None;
        }
        let all = |wanted: Role| {
            let told = told.iter().filter(move |(role, ..)| *role == wanted);
            told.map(|(_, name, text)| (*name, *text))
        };
        let mut facts = Facts::clone(self);
        let is_settled = self.settle(&mut facts, &all, is_fixed);
        let first = |wanted: Role| all(wanted).next().map(|(_, text)| text);
        let is_named = name(&mut facts, &first);
        let is_paid = first(Role::Currency).is_some_and(|currency| pay(&mut facts, currency));
        if is_settled || is_paid {
            let worth = facts.tender.whole;
            // What is priced in cents stays so in another currency that has them.
            if (worth > 0) != (self.tender.whole > 0) {
                facts.money = Money::draw(&mut self.fact("money"), worth);
            }
        }
        (is_settled || is_named || is_paid).then(|| self.with(facts))
    }

    /// Has it be in the country, or the town, that is told. Whether it's elsewhere now.
    fn settle<'m, A: Iterator<Item = (&'m str, &'m str)>>(
        &self,
        facts: &mut Facts,
        all: &dyn Fn(Role) -> A,
        is_fixed: &dyn Fn(&str) -> bool,
    ) -> bool {
        let mut lands = all(Role::Country).filter_map(|(_, text)| lands::called(text));
        let is_other = |land: &lands::Land| land.code != self.land.code;
        let moved = lands.find(|land| is_other(land));
        let is_there = || {
            let mut told = all(Role::Country).filter(|(name, _)| is_fixed(name));
            told.any(|(_, text)| self.land.is_called(text))
        };
        let within = match moved {
            Some(land) => Some(land),
            None if is_there() => Some(self.land),
            None => None,
        };
        let city = all(Role::City).next();
        let of = |land| city.and_then(|(_, city)| lands::town(city, land));
        let is_fixed = || city.is_some_and(|(name, _)| is_fixed(name));
        let town = of(Some(within.unwrap_or(self.land)));
        let town = town.or_else(|| of(None).filter(|_| within.is_none() && is_fixed()));
        match (town, moved) {
            (Some((land, place)), _) => (facts.land, facts.place) = (land, place),
            (None, Some(land)) => {
                let place = self.fact("moved").below(land.places.len());
                (facts.land, facts.place) = (land, &land.places[place]);
            }
            (None, None) => return false,
        }
        if facts.land.code != self.land.code {
            facts.tender = facts.land;
        }
        facts.land.code != self.land.code || facts.place.city != self.place.city
    }
}

/// Whether a property is what somebody is called where it is one of a person.
fn is_bare_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("name")
}

/// Has sums be in a currency. Whether that is another now.
fn pay(facts: &mut Facts, currency: &str) -> bool {
    let is_other = facts.tender.currency != currency;
    let land = lands::paying(currency).filter(|_| is_other);
    facts.tender = land.unwrap_or(facts.tender);
    land.is_some()
}

/// Has somebody be called as is told. Whether that is otherwise than was thought.
fn name<'m>(facts: &mut Facts, first: &dyn Fn(Role) -> Option<&'m str>) -> bool {
    let whole = first(Role::FullName).and_then(|whole| parts(whole, facts));
    let mail = first(Role::Email).and_then(|email| email.split_once('@'));
    let of_mail = mail.and_then(|(local, _)| names_in(local));
    let own = |role: Role| first(role).map(str::to_owned);
    let given = own(Role::FirstName);
    let family = own(Role::LastName);
    let is_own = given.is_some() || family.is_some();
    let whole = whole.filter(|(one, _)| given.as_ref().is_none_or(|given| given == one));
    let (given, family) = match (whole, of_mail) {
        (Some((one, other)), _) => (given.or(Some(one)), family.or(Some(other))),
        (None, Some((one, other))) if !is_own => (Some(one), Some(other)),
        _ => (given, family),
    };
    let mut is_other = false;
    if let Some(given) = given.filter(|given| given != native(&facts.given)) {
        facts.female = is_female(&given).unwrap_or(facts.female);
        facts.given = spelt(given, &facts.given);
        is_other = true;
    }
    if let Some(family) = family.filter(|family| family != native(&facts.family)) {
        facts.family = spelt(family, &facts.family);
        is_other = true;
    }
    if let Some((_, host)) = mail
        && let Some(company) = company_at(host)
    {
        facts.company = company.into();
        facts.host = Some(host.into());
        is_other = true;
    }
    is_other
}

/// A name with what it is in ASCII, where that hasn't all letters: that of `before` where nothing
/// is known of it.
fn spelt(name: String, before: &str) -> Cow<'static, str> {
    let mut plain = String::with_capacity(name.len());
    name.chars()
        .for_each(|letter| push_unmarked(letter, &mut plain));
    let is_known = slug(&plain).len() > 1 && lands::is_latin(&name);
    match lands::spelt(&name) {
        _ if is_known => format!("{name}|{plain}").into(),
        Some(known) => known.into(),
        None => format!("{name}|{}", ascii(before)).into(),
    }
}

/// The given name and the family's of a whole one; nothing where it isn't a person's.
fn parts(whole: &str, facts: &Facts) -> Option<(String, String)> {
    let words: Vec<&str> = whole.split([' ', '\u{3000}', '・']).collect();
    let is_word = |word: &&str| {
        let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.');
        !word.is_empty() && word.chars().all(is_letter)
    };
    let is_company =
        |word: &&str| COMPANIES.contains(&word.trim_end_matches('.').to_lowercase().as_str());
    if !words.iter().all(is_word) || words.iter().any(is_company) || words.len() > 5 {
        return None;
    }
    let family_first = facts.home.family_first && !lands::is_latin(whole);
    let (one, other) = match words.as_slice() {
        [name] => together(name, facts)?,
        [one, .., last] => {
            let at = words
                .iter()
                .skip(1)
                .position(|word| PARTICLES.contains(word));
            match at {
                Some(at) => ((*one).to_owned(), words[at + 1..].join(" ")),
                None => ((*one).to_owned(), (*last).to_owned()),
            }
        }
        [] => return None,
    };
    Some(if family_first {
        (other, one)
    } else {
        (one, other)
    })
}

/// The family's name and the given one of what is written without a space: `山田太郎`.
fn together(name: &str, facts: &Facts) -> Option<(String, String)> {
    let letters: Vec<char> = name.chars().collect();
    let is_signs = letters
        .iter()
        .all(|c| ('\u{3040}'..='\u{d7a3}').contains(c));
    if !is_signs || !(2..=5).contains(&letters.len()) {
        return None;
    }
    let own = [3, 2, 1].into_iter().filter(|at| *at < letters.len());
    let known = own.filter(|at| lands::spelt(&String::from_iter(&letters[..*at])).is_some());
    let usual = match facts.home.locale == Locale::Japanese && letters.len() > 2 {
        true => 2,
        false => 1,
    };
    let at = known.into_iter().next().unwrap_or(usual);
    Some((
        String::from_iter(&letters[..at]),
        String::from_iter(&letters[at..]),
    ))
}

/// The two names that an address for mail begins with: `jane.roe`.
fn names_in(local: &str) -> Option<(String, String)> {
    let (one, other) = local.split_once(['.', '_'])?;
    let is_name = |part: &str| part.len() > 1 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let capital = |part: &str| {
        let (first, rest) = part.split_at(1);
        format!(
            "{}{}",
            first.to_ascii_uppercase(),
            rest.to_ascii_lowercase()
        )
    };
    (is_name(one) && is_name(other)).then(|| (capital(one), capital(other)))
}

/// Who has a host where they have mail; nothing where anybody may have it there.
fn company_at(host: &str) -> Option<String> {
    let labels: Vec<&str> = host.split('.').collect();
    let [.., own, _] = labels.as_slice() else {
        return None;
    };
    let is_for_all = FOR_ALL.contains(&host) || *own == "example" || host.ends_with(".example");
    let is_word = own.len() > 2 && own.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let words = own.split('-').filter(|word| !word.is_empty()).map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    (is_word && !is_for_all).then(|| words.collect::<Vec<String>>().join(" "))
}

/// Whether a given name is a woman's, as far as that is known.
fn is_female(given: &str) -> Option<bool> {
    let is_of = |of: fn(&lands::Land) -> &'static [&'static str]| {
        let mut names = lands::all().flat_map(of);
        names.any(|name| native(name) == given)
    };
    let women = [
        "jane",
        "mary",
        "emily",
        "alice",
        "grace",
        "susan",
        "karen",
        "elizabeth",
        "jennifer",
        "kate",
        "anne",
        "ann",
        "helen",
        "margaret",
        "zoe",
        "chloe",
        "sarah",
        "ruth",
        "rachel",
    ];
    let men = [
        "john", "james", "robert", "michael", "david", "joe", "peter", "paul", "mark", "luca",
        "joshua", "thomas", "william", "george", "max", "bob", "jim", "tom", "richard",
    ];
    let given_small = given.to_lowercase();
    match () {
        () if is_of(|land| land.women) || women.contains(&given_small.as_str()) => Some(true),
        () if is_of(|land| land.men) || men.contains(&given_small.as_str()) => Some(false),
        () => given_small.ends_with('a').then_some(true),
    }
}

/// What members are by what of an object is fixed, and aren't.
pub fn told_beside(
    members: &Map<String, Value>,
    is_fixed: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let tells = |name: &String| {
        use Role::{City, Country, Currency, Email, FirstName, FullName, LastName};
        let tellers = [
            City, Country, Currency, Email, FirstName, FullName, LastName,
        ];
        is_bare_name(name) || role(name).is_some_and(|role| tellers.contains(&role))
    };
    if !members.keys().any(|name| is_fixed(name) && tells(name)) {
        return Vec::new();
    }
    // What is told may be what one of them was thought to be already.
    let personas = [Locale::English, Locale::Swedish]
        .into_iter()
        .map(|locale| {
            let persona = Persona::draw(&mut Draw::of("told"), locale);
            let persona = persona.among(members.keys().map(String::as_str));
            match locale {
                Locale::English => persona,
                _ => persona.read_in_english(),
            }
        });
    let fixed = members.iter().filter(|(name, _)| is_fixed(name));
    let fixed: Map<String, Value> = fixed
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let found = personas.map(|before| Some((before.told(&fixed, &|_| true)?, before)));
    let Some((after, before)) = found.flatten().next() else {
        return Vec::new();
    };
    let free = members.iter().filter(|(name, _)| !is_fixed(name));
    let changes = free.filter_map(|(name, value)| {
        // Where something is on the web stays.
        let wish = |persona: &Persona| {
            let kind = if value.is_number() {
                Kind::Number
            } else {
                Kind::Text
            };
            super::wish(&[name], kind, None, persona, &mut Draw::of(name))
        };
        let degrees = ["lat", "latitude", "lng", "lon", "longitude"];
        if value.is_number() && degrees.iter().any(|of| super::is_called(name, of)) {
            let told = wish(&after).filter(|told| wish(&before).as_ref() != Some(told));
            return told.map(|told| (name.clone(), told));
        }
        let text = value.as_str().filter(|text| !text.contains("://"))?;
        let told = wish(&after).filter(|told| wish(&before).as_ref() != Some(told))?;
        // At the host where they had it.
        if let (Some(Role::Email), Some((_, host))) = (role(name), text.split_once('@')) {
            let (local, _) = told.as_str()?.split_once('@')?;
            return Some((name.clone(), format!("{local}@{host}").into()));
        }
        // A code stays one, and so does a name.
        let codes =
            |text: &str| (text.len() < 4 && text.to_uppercase() == *text).then_some(text.len());
        let others = || super::otherwise(told.as_str().unwrap_or_default(), &after);
        let is_alike =
            role(name) != Some(Role::Country) || told.as_str().map(codes) == Some(codes(text));
        match is_alike {
            true => Some((name.clone(), told)),
            false => {
                let other = others()
                    .into_iter()
                    .find(|other| codes(other) == codes(text))?;
                Some((name.clone(), other.into()))
            }
        }
    });
    changes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(members: Value, name: &str) -> String {
        let object = members.as_object().cloned().unwrap_or_default();
        let persona = Persona::draw(&mut Draw::of("told"), Locale::English);
        let persona = persona.among(object.keys().map(String::as_str).chain(["email"]));
        let told = persona.told(&object, &|_| true).unwrap_or(persona);
        let wish = super::super::wish(&[name], Kind::Text, None, &told, &mut Draw::of(""));
        wish.and_then(|wish| Some(wish.as_str()?.to_owned()))
            .unwrap_or_default()
    }

    #[test]
    fn what_is_told_of_somebody_is_known_of_them() {
        for (members, name, expected) in [
            (json!({"name": "Jane Roe"}), "lastName", "Roe"),
            (json!({"name": "Jane Roe"}), "username", "jane.roe"),
            (json!({"name": "Jane Roe"}), "gender", "female"),
            (
                json!({"fullName": "María de la Cruz"}),
                "lastName",
                "de la Cruz",
            ),
            (json!({"fullName": "María Cruz"}), "username", "maria.cruz"),
            (json!({"email": "jane.roe@corp.test"}), "firstName", "Jane"),
            (
                json!({"email": "jane.roe@corp.test"}),
                "website",
                "https://www.corp.test",
            ),
            (
                json!({"firstName": "Bo", "email": "x@gmail.com"}),
                "firstName",
                "Bo",
            ),
            (json!({"city": "Tokyo"}), "countryCode", "JP"),
            (json!({"city": "Tokyo"}), "timezone", "Asia/Tokyo"),
            (json!({"city": "Tokyo"}), "countryName", "Japan"),
            (json!({"city": "Munich"}), "currency", "EUR"),
            (
                json!({"city": "Paris", "country": "France"}),
                "currency",
                "EUR",
            ),
            (json!({"city": "Boston"}), "timezone", "America/New_York"),
            (json!({"country": "Kenya"}), "city", "Nairobi"),
            (json!({"country": "KE"}), "callingCode", "+254"),
            (json!({"currency": "JPY"}), "currencySymbol", "¥"),
            (json!({"currency": "CHF"}), "currencySymbol", "CHF"),
        ] {
            assert_eq!(told(members.clone(), name), expected, "{name} of {members}");
        }
    }

    #[test]
    fn names_without_a_space_are_a_family_and_a_given_one() {
        let persona = Persona::draw(&mut Draw::of("told"), Locale::Japanese);
        let object = json!({"fullName": "山田太郎"});
        let object = object.as_object().expect("an object");
        let told = persona.told(object, &|_| true).expect("a person");
        assert_eq!(
            (told.first_name(), told.last_name()),
            ("太郎", "山田".to_owned())
        );
        assert_eq!(told.username(), "taro.yamada");
    }

    #[test]
    fn what_hangs_on_what_a_client_said_follows() {
        let object = json!({"city": "Oslo", "country": "Norway", "countryCode": "US",
            "timezone": "America/Chicago", "status": "new", "currencySymbol": "$"});
        let object = object.as_object().expect("an object");
        let followed = told_beside(object, &|name| matches!(name, "city" | "country"));
        let followed: Map<String, Value> = followed.into_iter().collect();
        assert_eq!(
            Value::Object(followed),
            json!({"countryCode": "NO", "timezone": "Europe/Oslo", "currencySymbol": "kr"})
        );
    }
}
