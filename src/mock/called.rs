//! What people and things are called: where a client says one name, those beside it that were made
//! up of it follow.

use super::name::is_called;
use crate::sample::{Role, role};
use serde_json::{Map, Value};

/// Properties that say the two names of a person, beside the one of that role.
const SHOWN: [&str; 1] = ["displayname"];
/// Properties that have the first letters of the two.
const INITIALS: [&str; 1] = ["initials"];
/// Properties by which a person is known, and that are of the two when they are made.
const KNOWN_BY: [&str; 3] = ["username", "login", "handle"];

/// The name of a person, and its first letters, of those that it is made of.
pub(super) fn whole_name(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let Some((first, last)) = names(members, is_said) else {
        return Vec::new();
    };
    let whole = made_up(members, Role::FullName, is_said);
    let whole = whole.into_iter().chain(called(members, &SHOWN, is_said));
    let whole = whole.map(|name| (name.to_owned(), format!("{first} {last}").into()));
    let letters: String = [first, last]
        .iter()
        .filter_map(|name| name.chars().next())
        .flat_map(char::to_uppercase)
        .collect();
    let initials = called(members, &INITIALS, is_said);
    let initials = initials.map(|name| (name.to_owned(), Value::from(letters.as_str())));
    whole.chain(initials).collect()
}

/// What somebody is called in full whose only other name is the one that the client said.
pub(super) fn called_so(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let has_parts = [Role::FirstName, Role::LastName].map(|role| of_role(members, role).is_some());
    let name = members.get("name").and_then(Value::as_str);
    let Some(name) = name.filter(|_| is_said("name") && has_parts == [false; 2]) else {
        return Vec::new();
    };
    let others = ["fullname", "displayname"].iter();
    let others = others.flat_map(|known| members.iter().filter(|(own, _)| is_called(own, known)));
    // `acme/tools` is the name of a thing with its owner's.
    let others = others.filter(|(own, value)| {
        let text = value.as_str();
        !is_said(own) && text.is_some_and(|text| !text.contains('/') && text != name)
    });
    others.map(|(own, _)| (own.clone(), name.into())).collect()
}

/// What a person is known by, in small letters.
pub(super) fn known_by(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let name = called(members, &KNOWN_BY, is_said).next()?;
    let (first, last) = names(members, is_said)?;
    let (first, last) = (letters(first), letters(last));
    let is_sayable = !first.is_empty() && !last.is_empty();
    is_sayable.then(|| (name.to_owned(), format!("{first}.{last}").into()))
}

/// The texts of these names that the client didn't say.
fn called<'m>(
    members: &'m Map<String, Value>,
    known: &'static [&'static str],
    is_said: &dyn Fn(&str) -> bool,
) -> impl Iterator<Item = &'m str> {
    let texts = members.iter().filter(|(_, value)| value.is_string());
    let names = texts.map(|(name, _)| name.as_str());
    names.filter(move |name| known.iter().any(|known| is_called(name, known)) && !is_said(name))
}

/// A name as it stands in an address.
pub(super) fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

/// An address for mail, at the host that it was at.
pub(super) fn address(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let email = made_up(members, Role::Email, is_said)?;
    let (_, host) = members.get(email)?.as_str()?.split_once('@')?;
    let (first, last) = names(members, is_said)?;
    let (first, last) = (letters(first), letters(last));
    let is_sayable = !first.is_empty() && !last.is_empty() && first.len() + last.len() < 60;
    is_sayable.then(|| (email.to_owned(), format!("{first}.{last}@{host}").into()))
}

/// What something is called that a text stands for in an address.
pub(super) const SLUGGED: [&str; 5] = ["name", "title", "label", "displayname", "subject"];

/// What stands in an address for a name that the client said: `blue-mug` for `Blue Mug`.
pub(super) fn slug(
    members: &Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(String, Value)> {
    let own = called(members, &["slug"], is_said).next()?;
    let said = SLUGGED.iter().find_map(|known| {
        let mut names = members.keys();
        let name = names.find(|name| is_called(name, known) && is_said(name))?;
        Some(members.get(name)?.as_str()?.to_owned())
    });
    let said = said.or_else(|| {
        let (first, last) = names(members, is_said)?;
        Some(format!("{first} {last}"))
    })?;
    let words = said.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    let slug = words.collect::<Vec<String>>().join("-");
    (!slug.is_empty()).then(|| (own.to_owned(), slug.into()))
}

/// The two names of a person, at least one of which the client said.
fn names<'m>(
    members: &'m Map<String, Value>,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<(&'m str, &'m str)> {
    let first = of_role(members, Role::FirstName)?;
    let last = of_role(members, Role::LastName)?;
    if !is_said(first) && !is_said(last) {
        return None;
    }
    let text = |name: &str| members.get(name)?.as_str().filter(|text| !text.is_empty());
    Some((text(first)?, text(last)?))
}

/// The member of a role, where the client didn't say it.
fn made_up<'m>(
    members: &'m Map<String, Value>,
    wanted: Role,
    is_said: &dyn Fn(&str) -> bool,
) -> Option<&'m str> {
    of_role(members, wanted).filter(|name| !is_said(name))
}

/// The member of a role.
pub(super) fn of_role(members: &Map<String, Value>, wanted: Role) -> Option<&str> {
    let mut names = members.keys().map(String::as_str);
    names.find(|name| role(name) == Some(wanted))
}
