use super::super::draw::Draw;
use super::lands::{self, Land, Place, ascii, native};
use super::locale::Locale;
use super::moments::{self, Moments, Step};
use super::money::Money;
use super::roles::{Role, role};
use super::subject::{self, Subject};
use super::words::Words;
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// Whom and what the values of one object are about: somebody with a home, a company, a thing,
/// a sum of money, and when it all happened. What two names of an object both tell of is the same.
#[derive(Debug, Clone)]
pub struct Persona {
    /// Shared, as an object within an object is often about the same.
    facts: Arc<Facts>,
    pub(super) kin: Kin,
    /// That of the object around it that tells when it was made.
    around: Option<Arc<Facts>>,
}

/// What doesn't hang on the object.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Where all is.
    pub(super) land: &'static Land,
    /// Where people speak as the document does.
    pub(super) home: &'static Land,
    /// Where people pay with what sums are in.
    pub(super) tender: &'static Land,
    pub(super) female: bool,
    pub(super) given: Cow<'static, str>,
    pub(super) family: Cow<'static, str>,
    pub(super) place: &'static Place,
    pub(super) company: Cow<'static, str>,
    /// Where the company is on the web, where that isn't for its name.
    pub(super) host: Option<Arc<str>>,
    pub(super) thing: &'static str,
    pub(super) moments: Moments,
    pub(super) money: Money,
    /// What every other fact is drawn from, by its name.
    seed: Draw,
}

impl Deref for Persona {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// What the names beside one another in an object say of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kin {
    /// It's somewhere: it has a city or a street.
    pub placed: bool,
    /// It's somebody: it has an email or a birthday, say.
    pub person: bool,
    /// It has a country's code.
    pub coded: bool,
    /// It has somebody's given name, and the family's.
    pub names: (bool, bool),
}

impl Persona {
    /// Drawn for an object.
    pub fn draw(draw: &mut Draw, locale: Locale) -> Persona {
        let land = lands::of(locale);
        let female = draw.below(2) == 1;
        let given = if female { land.women } else { land.men };
        let given = one(given, draw);
        let family = one(land.families, draw);
        let company = one(land.companies, draw);
        let thing = one(land.things, draw);
        let place = &land.places[draw.below(land.places.len())];
        let moments = Moments::draw(draw);
        let money = Money::draw(draw, land.whole);
        let seed = draw.fork("persona");
        let facts = Facts {
            land,
            home: land,
            tender: land,
            female,
            given: given.into(),
            family: family.into(),
            place,
            company: company.into(),
            host: None,
            thing,
            moments,
            money,
            seed,
        };
        Persona::about(facts)
    }

    fn about(facts: Facts) -> Persona {
        Persona {
            facts: Arc::new(facts),
            kin: Kin::default(),
            around: None,
        }
    }

    /// The same, told what properties its object has: with a `city` beside it a `state` is a
    /// region, and with an `email` beside it a `name` is somebody's.
    pub fn among<'n>(&self, names: impl Iterator<Item = &'n str>) -> Persona {
        let mut kin = Kin::default();
        let mut around = self.around.clone();
        for name in names {
            let told = moments::told(&Words::of(name));
            if told.is_some_and(|(step, _)| step == Step::Created) {
                around = Some(self.facts.clone());
            }
            match role(name) {
                Some(Role::City | Role::Street | Role::PostalCode) => kin.placed = true,
                Some(Role::Country) if is_code(name) => kin.coded = true,
                Some(Role::FirstName) => kin.names.0 = true,
                Some(Role::LastName) => kin.names.1 = true,
                Some(Role::Email | Role::Known) => kin.person = true,
                _ => {}
            }
            kin.person |= kin.names.0 || kin.names.1;
        }
        Persona {
            facts: self.facts.clone(),
            kin,
            around,
        }
    }

    /// One more like it, so many after it: within the same, and called otherwise than those
    /// between, as far as there are names.
    pub fn another(&self, turn: usize, draw: &mut Draw) -> Persona {
        let mut facts = Facts::clone(&Persona::draw(draw, self.home.locale));
        let land = self.home;
        let round = turn + turn / land.families.len();
        let given = if facts.female { land.women } else { land.men };
        facts.given = after(given, &self.given, round).into();
        facts.family = after(land.families, &self.family, turn).into();
        facts.company = after(land.companies, &self.company, turn).into();
        facts.thing = after(land.things, self.thing, turn);
        let mut places = land.places.iter();
        let place = places.position(|place| place.city == self.place.city);
        facts.place = &land.places[(place.unwrap_or(0) + turn) % land.places.len()];
        Persona {
            around: self.around.clone(),
            ..Persona::about(facts)
        }
    }

    /// The one of an object within it, by its property's name: the same where that tells more of
    /// it (an `address`), a colleague where it is somebody at work (a `manager`), else another.
    pub fn within(&self, name: &str, draw: &mut Draw) -> Persona {
        let words = Words::of(name);
        if subject::is_aspect(&words) {
            return Persona {
                kin: Kin::default(),
                ..self.clone()
            };
        }
        let mut time = draw.fork("moments");
        let mut facts = Facts::clone(&Persona::draw(draw, self.home.locale));
        if subject::is_colleague(&words) {
            facts.company.clone_from(&self.company);
            facts.host.clone_from(&self.host);
            facts.place = self.place;
        }
        if let Some(around) = &self.around {
            facts.moments = match subject::of(words.all()) {
                Subject::Other | Subject::File => around.moments.within(&mut time),
                // Who and what is spoken of was there before.
                _ => facts.moments.before(&around.moments, &mut time),
            };
        }
        Persona {
            around: self.around.clone(),
            ..Persona::about(facts)
        }
    }

    /// The same with other facts.
    pub(super) fn with(&self, facts: Facts) -> Persona {
        Persona {
            facts: Arc::new(facts),
            ..self.clone()
        }
    }

    /// What a fact of this persona is drawn from; the same each time.
    pub(super) fn fact(&self, name: &str) -> Draw {
        self.seed.fork(name)
    }

    pub(super) fn first_name(&self) -> &str {
        native(&self.given)
    }

    pub(super) fn last_name(&self) -> String {
        let ending = lands::ending(self.home, self.female).0;
        format!("{}{ending}", native(&self.family))
    }

    pub(super) fn full_name(&self) -> String {
        let (first, last) = (self.first_name(), self.last_name());
        let between = self.home.between;
        match self.home.family_first {
            true => format!("{last}{between}{first}"),
            false => format!("{first}{between}{last}"),
        }
    }

    /// In ASCII: `juergen.mueller`.
    pub(super) fn username(&self) -> String {
        let mut name = slug(&ascii(&self.given));
        name.push('.');
        name.push_str(&slug(&ascii(&self.family)));
        name.push_str(lands::ending(self.home, self.female).1);
        name
    }

    pub(super) fn email(&self) -> String {
        format!("{}@{}", self.username(), self.domain())
    }

    /// Below a name that RFC 2606 keeps for examples.
    pub(super) fn domain(&self) -> String {
        match &self.host {
            Some(host) => host.to_string(),
            None => format!("{}.example.com", slug(&ascii(&self.company))),
        }
    }

    /// The same in a document in English.
    pub(super) fn read_in_english(&self) -> Persona {
        let mut facts = Facts::clone(self);
        facts.home = lands::of(Locale::English);
        self.with(facts)
    }

    /// What its country is called where the document is read.
    pub(super) fn country(&self) -> &'static str {
        match self.land.language == self.home.language || self.home.language != "en" {
            true => self.land.name,
            false => self.land.english,
        }
    }

    /// In ITU-T E.164: `+12025550143`.
    pub(super) fn phone(&self, of: &str) -> String {
        let mut draw = self.fact(of);
        let digits = self.land.phone.chars().map(|c| match c {
            '#' => char::from(b'0' + draw.below(10) as u8),
            c => c,
        });
        digits.collect()
    }

    pub(super) fn street(&self) -> String {
        let mut draw = self.fact("street");
        let street = one(self.land.streets, &mut draw);
        street.replace("{}", &(1 + draw.below(120)).to_string())
    }

    /// Of what is sold so much in percent is a tax.
    pub fn rate(&self) -> i64 {
        self.money.rate
    }

    /// Days from 1970 to the birth of somebody who is 20 to 65 in 2025.
    pub(super) fn birthday(&self) -> i64 {
        let mut draw = self.fact("birthday");
        // 1960-01-01 is 3,653 days before.
        -3_653 + draw.below(45 * 365) as i64
    }

    pub(super) fn sentence(&self, of: &str) -> &'static str {
        one(self.home.sentences, &mut self.fact(of))
    }
}

/// Whether a property of a country is for its code by its name.
fn is_code(name: &str) -> bool {
    Words::of(name).has(&["code", "iso", "alpha"])
}

/// The one so many after another of a list of these tables, which begins again at its end.
fn after(list: &[&'static str], one: &str, turn: usize) -> &'static str {
    let at = list.iter().position(|other| *other == one);
    list[(at.unwrap_or(0) + turn) % list.len()]
}

/// One of a list of these tables, which are never empty.
pub(super) fn one(list: &[&'static str], draw: &mut Draw) -> &'static str {
    draw.one_of(list).copied().unwrap_or_default()
}

/// ASCII in small letters with hyphens between words.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            '\'' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
