//! What somebody or something is called, told again: in an address on the web, in one for mail, by a
//! number.

use super::lands;
use super::persona::{Persona, slug};
use super::roles::{Role, role};
use super::words::Words;
use serde_json::{Map, Value};

/// The name that something is called by in an address, of what it is called: the `slug` of its
/// `name`.
pub(super) fn slugged(words: &Words, members: &Map<String, Value>) -> Option<Value> {
    let of = match words.before("slug") {
        "" => String::new(),
        of => format!("{of} "),
    };
    let called = ["name", "title", "label", "headline"]
        .into_iter()
        .find_map(|called| {
            let mut members = members.iter();
            let is_it = |name: &str| Words::of(name).all() == format!("{of}{called}");
            members.find(|(name, _)| is_it(name))?.1.as_str()
        })?;
    let mut plain = String::with_capacity(called.len());
    called
        .chars()
        .for_each(|letter| lands::push_unmarked(letter, &mut plain));
    let slug = slug(&plain);
    (!slug.is_empty() && slug.len() <= 80).then(|| slug.into())
}

/// Somebody's names, where they aren't those that were thought of.
fn names<'m>(members: &'m Map<String, Value>, persona: &Persona) -> Option<(&'m str, &'m str)> {
    let find = |wanted: Role| {
        let mut members = members.iter();
        let found = members.find(|(name, _)| role(name) == Some(wanted));
        found.and_then(|(_, value)| value.as_str())
    };
    let first = find(Role::FirstName)?;
    // The family's name is just called that beside a given one.
    let last = find(Role::LastName).or_else(|| members.get("nom")?.as_str())?;
    let is_other = first != persona.first_name() || last != persona.last_name();
    (is_other && !first.is_empty() && !last.is_empty()).then_some((first, last))
}

/// What somebody of such names is called in full.
pub(super) fn called(members: &Map<String, Value>, persona: &Persona) -> Option<Value> {
    let (first, last) = names(members, persona)?;
    let between = persona.home.between;
    Some(match persona.home.family_first {
        true => format!("{last}{between}{first}").into(),
        false => format!("{first}{between}{last}").into(),
    })
}

/// Where somebody of such names gets mail, where the address has the names that were thought of.
pub(super) fn reached(
    name: &str,
    members: &Map<String, Value>,
    persona: &Persona,
) -> Option<Value> {
    let (first, last) = names(members, persona)?;
    let (local, host) = members.get(name)?.as_str()?.split_once('@')?;
    let letters = |text: &str| {
        let mut plain = String::with_capacity(text.len());
        text.chars()
            .for_each(|letter| lands::push_unmarked(letter, &mut plain));
        slug(&plain)
    };
    let (first, last) = (letters(first), letters(last));
    let is_sayable = !first.is_empty() && !last.is_empty() && first.len() + last.len() < 60;
    (is_sayable && local == persona.username()).then(|| format!("{first}.{last}@{host}").into())
}

/// The number of who is known by a name that the document gives: wherever that name is told, so is
/// the number.
pub(super) fn known(
    words: &Words,
    members: &Map<String, Value>,
    persona: &Persona,
) -> Option<Value> {
    let logins = ["login", "username", "user name", "handle", "screen name"];
    let mut members = members.iter().filter(|_| words.all() == "id");
    let found = members.find(|(name, _)| logins.contains(&Words::of(name).all()));
    let login = found?
        .1
        .as_str()
        .filter(|login| *login != persona.username())?;
    let sum = login
        .bytes()
        .fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 99_991);
    Some((sum + 1).into())
}
